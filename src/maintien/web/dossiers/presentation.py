"""What the dossier page shows, as words and places; made from the detail that `dossiers.selectors` gives."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from maintien.web.communs.etapes import CanalLu, Signe


@dataclass(frozen=True, slots=True)
class OngletDossier:
    libelle: str
    adresse: str
    courant: bool = False


@dataclass(frozen=True, slots=True)
class EtapeLue:
    quoi: str
    canal: CanalLu | None
    minutes: int
    avant_le: date | None
    echeance_legale: date | None
    motifs: tuple[str, ...]
    sinon: str
    regle: str
    version_regle: str
    imposee: bool = False
    faire: str = ""
    reporter: str = ""
    refuser: str = ""


@dataclass(frozen=True, slots=True)
class Moyen:
    """A way to reach someone, and what is known of it: verified, to verify, forbidden."""

    icone: str
    texte: str
    etat: str
    signe: str
    ton: str
    lien: str = ""


@dataclass(frozen=True, slots=True)
class AvisLu:
    """A sentence to read before anything else."""

    icone: str
    texte: str
    ton: str = "accent"


@dataclass(frozen=True, slots=True)
class PrecedentLu:
    """A former dossier of the household, or the one that followed."""

    libelle: str
    adresse: str
    motif: str = ""


@dataclass(frozen=True, slots=True)
class PersonneLue:
    nom: str
    role: str
    moyens: list[Moyen] = field(default_factory=list)
    remarque: str = ""


@dataclass(frozen=True, slots=True)
class TelephoneLu:
    """A number to call, and whose it is."""

    nom: str
    moyen: Moyen


@dataclass(frozen=True, slots=True)
class Repere:
    """One landmark: the duo, a pause, a date; with what changes it when the reader may."""

    icone: str
    libelle: str
    texte: str = ""
    jour: date | None = None
    adresse: str = ""
    bouton: str = ""
    champs: dict[str, Any] = field(default_factory=dict)
    changer: str = ""


@dataclass(frozen=True, slots=True)
class EntreeLue:
    icone: str
    titre: str
    jour: date | datetime
    auteur: str = ""
    texte: str = ""
    social: bool = False


@dataclass(frozen=True, slots=True)
class ActeLu:
    libelle: str
    adresse: str
    icone: str
    touche: str = ""


@dataclass(frozen=True, slots=True)
class TrancheLue:
    libelle: str
    centimes: int


@dataclass(frozen=True, slots=True)
class MoisDette:
    libelle: str
    tranches: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class DetteLue:
    resume: str
    tranches: list[TrancheLue]
    total_centimes: int
    mois: list[MoisDette]
    series: str


@dataclass(frozen=True, slots=True)
class VoisinLu:
    """Another household that shares a tenant; `decision` is empty while nobody has said what they are."""

    nom: str
    communs: str
    decision: str


@dataclass(frozen=True, slots=True)
class VoisinageLu:
    adresse: str
    a_decider: list[VoisinLu]
    decides: list[VoisinLu]


@dataclass(frozen=True, slots=True)
class VueDossier:
    """The frame of the three tabs of a dossier, then what the open tab adds."""

    pk: int
    au: date
    nom: str
    lieu: str
    phrase: str
    signes: list[Signe]
    onglets: list[OngletDossier]
    avis: list[AvisLu]
    avertissements: list[str]
    contact_a_verifier: bool
    personnes: list[PersonneLue]
    adresse_postale: str
    reperes: list[Repere]
    titre_precedents: str
    precedents: list[PrecedentLu]
    voisinage: VoisinageLu | None
    actes_du_menage: list[ActeLu]
    etape: EtapeLue | None
    autres_etapes: list[EtapeLue]
    sans_etape: str
    actes: list[ActeLu]
    fil: list[EntreeLue]
    adresse: str
    adresse_compte: str
    adresse_journal: str

    @property
    def telephones(self) -> list[TelephoneLu]:
        return [TelephoneLu(p.nom, moyen) for p in self.personnes for moyen in p.moyens if moyen.icone == "phone"]

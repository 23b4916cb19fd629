"""What Ma journée shows: rows, strip, tabs, filters, end of the list. No rule here: words and order of the words."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.safestring import SafeString

from maintien.web.communs.etapes import CanalLu
from maintien.web.communs.morceaux import ecrire


class LigneJournee(NamedTuple):
    """One line, made by the hundred: a tuple costs half of what a frozen class does."""

    cle: str
    adresse: str
    nom: str
    lieu: str
    raison: str
    quoi: str = ""
    motifs: tuple[str, ...] = ()
    sinon: str = ""
    regle: str = ""
    version_regle: str = ""
    montant_centimes: int = 0
    depuis: date | None = None
    canal: CanalLu | None = None
    avant_le: date | None = None
    echeance_legale: date | None = None
    minutes: int = 0
    imposee: bool = False
    proposition_id: int | None = None
    faire: str = ""
    reporter: str = ""
    refuser: str = ""
    # The other steps of the same household, each on a short line under the first; `seconde` is such a line.
    suites: "tuple[LigneJournee, ...]" = ()
    seconde: bool = False


@dataclass(frozen=True, slots=True)
class ElementBande:
    icone: str
    nombre: str
    texte: str


@dataclass(frozen=True, slots=True)
class Bande:
    elements: list[ElementBande] = field(default_factory=list)
    faits: int = 0
    prevus: int = 0


@dataclass(frozen=True, slots=True)
class OngletLu:
    libelle: str
    nombre: int
    adresse: str
    courant: bool = False
    is_plafonne: bool = False


_OPTION = {
    False: '<option value="{valeur}">{libelle}</option>',
    True: '<option value="{valeur}" selected>{libelle}</option>',
}


@dataclass(frozen=True, slots=True)
class Choix:
    valeur: str
    libelle: str
    choisi: bool = False


@dataclass(frozen=True, slots=True)
class Filtre:
    nom: str
    libelle: str
    choix: list[Choix]

    @property
    def options(self) -> SafeString:
        return SafeString("".join([ecrire(_OPTION[c.choisi], valeur=c.valeur, libelle=c.libelle) for c in self.choix]))


@dataclass(frozen=True, slots=True)
class Fin:
    icone: str
    titre: str
    phrases: list[str]
    adresse: str = ""
    bouton: str = ""

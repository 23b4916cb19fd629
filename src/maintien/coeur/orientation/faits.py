"""Les faits d'un ménage, tels qu'une règle peut les regarder : des valeurs, jamais une base.

Un ménage réunit un à plusieurs comptes d'un même bailleur. Ses montants sont des sommes ; le droit,
lui, se raisonne compte par compte. Le garant n'est pas dans les faits : aucune règle ne peut donc le
joindre.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from maintien.coeur.calendrier import Periode
from maintien.coeur.compte.situation import Situation
from maintien.coeur.montants import Centimes, diviser_au_plus_proche

PRESENT = "present"
PARTI = "parti"


@dataclass(frozen=True, slots=True)
class Rejet:
    """Un prélèvement revenu impayé. `motif` est le code bancaire (AM04…), vide s'il n'est pas connu."""

    compte: str
    jour: date
    montant_centimes: Centimes
    motif: str = ""
    has_cible: bool = True


@dataclass(frozen=True, slots=True)
class TermeTardif:
    """Un terme payé après son échéance, ou qui reste dû (`paye_le` vide)."""

    echeance: date
    paye_le: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Un plan d'apurement en cours, tel que signé."""

    reference: str
    date_signature: date
    montant_centimes: Centimes
    nombre_echeances: int
    mensualite_centimes: Centimes
    premiere_echeance: date


@dataclass(frozen=True, slots=True)
class Echange:
    """Le dernier échange noté : « appel », « visite »… et ce qu'il a donné."""

    jour: date
    genre: str
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Une pause décidée, du premier au dernier jour compris."""

    du: date
    au: date
    motif: str

    def couvre(self, jour: date) -> bool:
        """Dit si la pause couvre ce jour."""
        return self.du <= jour <= self.au


@dataclass(frozen=True, slots=True)
class DossierOuvert:
    """Le dossier ouvert du ménage."""

    ouvert_le: date
    niveau: str = "ordinaire"
    cause: str = "inconnue"
    cause_le: date | None = None
    regle_ouverture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaitsCompte:
    """Un compte : sa situation (conventions, C7 à C10) et ce que le grand livre dit de plus.

    `appels_recents` : les termes échus des trente et un derniers jours et ce qui en reste dû. `restes` : ce
    qui reste dû de la dette locative, par échéance. `apl_recue` : les mois de droit et ce qui a été reçu
    pour chacun. `signale_pour` : la date de constitution de l'impayé au sens de l'APL qui a déjà été
    signalé. `reconnaissances` : les jours où le locataire a reconnu devoir (son dernier paiement, la
    signature d'un plan), du plus ancien au plus récent.
    """

    situation: Situation
    constate_le: date | None = None
    signale_pour: date | None = None
    date_sortie: date | None = None
    dernier_mois_appele: Periode | None = None
    appels_recents: tuple[tuple[date, Centimes], ...] = ()
    prochaine_echeance: date | None = None
    prochain_terme_centimes: Centimes | None = None
    apl_recue: tuple[tuple[Periode, Centimes], ...] = ()
    restes: tuple[tuple[date, Centimes], ...] = ()
    plan: Plan | None = None
    aide_au_locataire: bool = False
    reconnaissances: tuple[date, ...] = ()

    @property
    def reference(self) -> str:
        """La référence du compte."""
        return self.situation.reference_compte

    @property
    def is_present(self) -> bool:
        """Un bail court encore (conventions, C9)."""
        return self.situation.statut == PRESENT

    def dette_etablie_centimes(self, au: date, jours: int) -> Centimes:
        """Rend la part de la dette locative échue depuis au moins `jours` jours.

        Un paiement met un à trois jours à paraître au grand livre : sans cette franchise, chaque
        échéance mettrait tout le parc en retard pour une nuit. Elle ne cache d'un terme récent que ce
        qui en reste dû, jamais le terme entier.
        """
        limite = au - timedelta(days=jours)
        recents = sum(centimes for echeance, centimes in self.appels_recents if echeance > limite)
        return max(0, self.situation.dette_locative_centimes - max(0, recents))


@dataclass(frozen=True, slots=True, kw_only=True)
class FaitsMenage:
    """Tout ce qu'une règle peut savoir d'un ménage au soir d'un jour.

    `non_calculable` : un compte que le calcul a refusé, et depuis quand. `tues` : les empreintes des
    propositions refusées ou déjà faites, à ne pas refaire tant que les faits sont les mêmes.
    `reportes` : le genre et le compte (vide : le ménage) de ce qu'une personne a remis à plus tard.
    `protection` : la mesure d'un des débiteurs ; `protege` : lui, vide quand on ne sait pas qui elle protège ;
    `libres` : les autres locataires qui doivent, que la mesure ne protège pas et à qui l'on écrit à leur nom.
    `canaux_ecartes` : les canaux dont le numéro ou l'adresse s'est révélé mauvais. `remercie_le` : le jour
    où le ménage a été remercié d'avoir réglé, dans le dossier en cours. `exigible_depuis_centimes` : ce qui
    est dû au soir de la passe quand les faits, faute d'écritures, sont d'un jour plus ancien.
    """

    cle: str
    comptes: tuple[FaitsCompte, ...] = ()
    locataire: str = ""
    has_titulaire: bool = True
    has_telephone: bool = False
    has_courriel: bool = False
    opposition_sms: bool = False
    contact_restreint: bool = False
    protection: str = "aucune"
    mandataire: str = ""
    protege: str = ""
    libres: str = ""
    deces_le: date | None = None
    has_survivant: bool = False
    observe_depuis: date | None = None
    rejets: tuple[Rejet, ...] = ()
    termes_tardifs: tuple[TermeTardif, ...] = ()
    dettes_passees: tuple[tuple[date, Centimes], ...] = ()
    dernier_paiement: tuple[date, Centimes] | None = None
    dernier_echange: Echange | None = None
    pause: Pause | None = None
    dossier: DossierOuvert | None = None
    non_calculable: tuple[str, date] | None = None
    tues: frozenset[str] = frozenset()
    reportes: frozenset[tuple[str, str]] = frozenset()
    canaux_ecartes: frozenset[str] = frozenset()
    remercie_le: date | None = None
    exigible_depuis_centimes: Centimes = 0

    @property
    def presents(self) -> tuple[FaitsCompte, ...]:
        """Les comptes dont un bail court encore."""
        return tuple(compte for compte in self.comptes if compte.is_present)

    @property
    def partis(self) -> tuple[FaitsCompte, ...]:
        """Les comptes des baux terminés."""
        return tuple(compte for compte in self.comptes if compte.situation.statut == PARTI)

    @property
    def dette_exigible_centimes(self) -> Centimes:
        """Ce qui est dû et échu, frais compris, tous comptes."""
        return sum(compte.situation.dette_exigible_centimes for compte in self.comptes)

    @property
    def dette_locative_centimes(self) -> Centimes:
        """Ce qui est dû et échu hors frais et intérêts, tous comptes."""
        return sum(compte.situation.dette_locative_centimes for compte in self.comptes)

    @property
    def du_centimes(self) -> Centimes:
        """Le solde hors dépôt de garantie : ce qui est échu et ce qui est appelé sans être échu."""
        return sum(c.situation.solde_centimes - c.situation.dg_net_centimes for c in self.comptes)

    @property
    def avance_centimes(self) -> Centimes:
        """Ce que le ménage a payé d'avance, tous comptes."""
        return sum(compte.situation.avance_centimes for compte in self.comptes)

    @property
    def nb_termes_impayes(self) -> int:
        """Le plus grand nombre de mois impayés d'un de ses comptes."""
        return max((compte.situation.nb_termes_impayes for compte in self.comptes), default=0)

    @property
    def date_plus_ancien(self) -> date | None:
        """L'échéance la plus ancienne de la dette locative."""
        dates = [c.situation.date_plus_ancien for c in self.comptes if c.situation.date_plus_ancien is not None]
        return min(dates, default=None)

    @property
    def terme_moyen_centimes(self) -> Centimes | None:
        """Le terme moyen net des comptes présents (conventions, C8), rien s'il n'est défini pour aucun."""
        connus = [c.situation.terme_moyen_net_centimes for c in self.presents]
        total = sum(terme for terme in connus if terme is not None)
        return total if total > 0 else None

    @property
    def mois_de_dette_centiemes(self) -> int | None:
        """La dette locative des comptes présents, en centièmes de terme moyen net."""
        presents = self.presents
        if len(presents) == 1:
            return presents[0].situation.mois_de_dette_centiemes
        terme = self.terme_moyen_centimes
        if terme is None:
            return None
        dette = sum(compte.situation.dette_locative_centimes for compte in presents)
        return diviser_au_plus_proche(dette * 100, terme)

    @property
    def prochaine_echeance(self) -> date | None:
        """La prochaine échéance d'un compte présent."""
        dates = [c.prochaine_echeance for c in self.presents if c.prochaine_echeance is not None]
        return min(dates, default=None)

    @property
    def prochain_terme_centimes(self) -> Centimes | None:
        """Ce qui tombera à la prochaine échéance."""
        jour = self.prochaine_echeance
        termes = [
            c.prochain_terme_centimes
            for c in self.presents
            if c.prochaine_echeance == jour and c.prochain_terme_centimes is not None
        ]
        total = sum(termes)
        return total if jour is not None and total > 0 else None

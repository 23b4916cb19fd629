"""L'imputation : quel crédit éteint quel poste, jour après jour, et par quelle règle (conventions, C6).

Code civil, art. 1342-10 (indication du débiteur, puis la dette échue la plus ancienne) et 1343-1
(frais et intérêts d'abord) ; l'APL va au mois de droit pour lequel elle est versée.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import chain

from maintien.coeur.calendrier import Periode, format_jour
from maintien.coeur.compte.annulations import Annulation, retirer_annulees
from maintien.coeur.compte.credits import Credit, RangCredit, etablir_credits
from maintien.coeur.compte.ecritures import Ecriture, ecritures_connues
from maintien.coeur.compte.libelles import au_genitif, nommer_credit, nommer_poste
from maintien.coeur.compte.postes import LigneTerme, Nature, Poste, PostesEtablis, etablir_postes
from maintien.coeur.montants import Centimes, format_euros


class BaseAffectation(StrEnum):
    """Le fondement d'une affectation."""

    ALLOUE = "ALLOUE"
    DESIGNE = "DESIGNE"
    LEGAL = "LEGAL"
    AVANCE = "AVANCE"
    EXCEDENT_APL = "EXCEDENT_APL"


_REGLES = {
    BaseAffectation.ALLOUE: "C6 a",
    BaseAffectation.DESIGNE: "C6 c",
    BaseAffectation.LEGAL: "C6 d",
    BaseAffectation.AVANCE: "C6 b",
    BaseAffectation.EXCEDENT_APL: "C6 b",
}
_RAISONS = {
    BaseAffectation.ALLOUE: "l'aide au logement va au mois pour lequel elle est versée",
    BaseAffectation.DESIGNE: "ce mois est désigné par le payeur ou par la décision d'aide",
    BaseAffectation.LEGAL: "sans désignation, les frais puis la dette échue la plus ancienne sont payés d'abord",
    BaseAffectation.AVANCE: "versé d'avance, il sert le jour où la somme devient exigible",
    BaseAffectation.EXCEDENT_APL: "le surplus d'aide de son mois sert à ce qui devient exigible ensuite",
}
_RAISON_SURPLUS = "le surplus des mois désignés suit l'ordre légal : les frais, puis la dette échue la plus ancienne"


@dataclass(frozen=True, slots=True)
class Affectation:
    """Une part d'un crédit qui éteint une part d'un poste, le jour où elle le fait."""

    jour: date
    credit: Credit
    poste: Poste
    montant_centimes: Centimes
    base: BaseAffectation

    @property
    def reference_credit(self) -> str:
        """La référence de l'écriture de crédit."""
        return self.credit.reference

    @property
    def regle(self) -> str:
        """L'étape de la journée : « C6 a » à « C6 d », « C6 c puis d » pour le surplus d'un crédit désigné."""
        if self.base is BaseAffectation.LEGAL and self.credit.rang is RangCredit.DESIGNE:
            return "C6 c puis d"
        return _REGLES[self.base]

    @property
    def raison(self) -> str:
        """La règle en mots, sans majuscule ni point."""
        if self.base is BaseAffectation.LEGAL and self.credit.rang is RangCredit.DESIGNE:
            return _RAISON_SURPLUS
        return _RAISONS[self.base]

    def phrase(self) -> str:
        """Dit en une phrase ce que le crédit a payé, quand et pourquoi."""
        qui = nommer_credit(self.credit)
        debut = qui[0].upper() + qui[1:] if self.jour == self.credit.effet else f"Le {format_jour(self.jour)}, {qui}"
        sur = f"{au_genitif(nommer_poste(self.poste))}, exigible le {format_jour(self.poste.date_exigibilite)}"
        return f"{debut} paie {format_euros(self.montant_centimes)} {sur} : {self.raison}."


@dataclass(frozen=True, slots=True)
class EtatDuSoir:
    """La dette locative et sa plus ancienne échéance à la fin d'un jour où le compte a bougé."""

    jour: date
    dette_locative_centimes: Centimes
    plus_ancien: date | None


@dataclass(frozen=True, slots=True)
class Imputation:
    """Le compte imputé au soir du jour `au`, avec toutes ses raisons.

    `ecritures` sont celles que C3 conserve ; `historique` l'état de chaque soir où le compte a bougé,
    vu avec les écritures connues au jour `au` ; `negatifs` les termes en avoir, échus ou non.
    """

    au: date
    ecritures: tuple[Ecriture, ...]
    postes: tuple[Poste, ...]
    negatifs: tuple[Poste, ...]
    lignes: tuple[LigneTerme, ...]
    credits: tuple[Credit, ...]
    affectations: tuple[Affectation, ...]
    avance_centimes: Centimes
    excedent_apl_centimes: Centimes
    annulations: tuple[Annulation, ...]
    historique: tuple[EtatDuSoir, ...]
    affectations_illisibles: tuple[str, ...]

    def postes_exigibles(self) -> tuple[Poste, ...]:
        """Rend les postes échus au jour `au`, dans l'ordre légal."""
        return tuple(poste for poste in self.postes if poste.date_exigibilite <= self.au)

    def affectations_du_credit(self, reference: str) -> tuple[Affectation, ...]:
        """Rend ce qu'un crédit a payé, dans l'ordre."""
        return tuple(a for a in self.affectations if a.credit.reference == reference)


def imputation(ecritures: Iterable[Ecriture], au: date) -> Imputation:
    """Impute les écritures d'un compte connues au jour `au` (C1 à C6).

    Invariants : la somme des affectations d'un crédit ne dépasse pas le crédit, celle d'un poste ne
    dépasse pas le poste ; crédits = affectations + avance + excédent d'APL.
    """
    connues = ecritures_connues(ecritures, au)
    retenues = retirer_annulees(connues)
    postes = etablir_postes(retenues.conservees)
    credits_ = etablir_credits(retenues.conservees, postes, au)
    passe = _Passe(postes, credits_, au)
    passe.derouler()
    restants = passe.postes_restants()
    return Imputation(
        au=au,
        ecritures=retenues.conservees,
        postes=restants,
        negatifs=postes.negatifs,
        lignes=postes.lignes,
        credits=credits_,
        affectations=passe.affectations(restants),
        avance_centimes=passe.avance.total,
        excedent_apl_centimes=passe.excedent.total,
        annulations=retenues.annulations,
        historique=tuple(passe.historique),
        affectations_illisibles=tuple(sorted(e.reference for e in connues if e.has_affectation_illisible)),
    )


class _Poche:
    """Une réserve où l'on puise dans l'ordre des dépôts, pour savoir de quel crédit vient chaque centime."""

    def __init__(self, base: BaseAffectation) -> None:
        self.base = base
        self.total: Centimes = 0
        self._depots: deque[tuple[Credit, Centimes]] = deque()

    def deposer(self, credit: Credit, montant: Centimes) -> None:
        if montant:
            self.total += montant
            self._depots.append((credit, montant))

    def puiser(self, montant: Centimes) -> list[tuple[Credit, Centimes]]:
        """Retire au plus `montant`, et rend les parts retirées à chaque crédit."""
        parts = []
        reste = min(montant, self.total)
        self.total -= reste
        while reste:
            credit, disponible = self._depots.popleft()
            part = min(reste, disponible)
            reste -= part
            parts.append((credit, part))
            if part < disponible:
                self._depots.appendleft((credit, disponible - part))
        return parts


class _Passe:
    """La passe sur les jours (C6) : les restes, les poches et les postes échus, tenus à jour."""

    def __init__(self, postes: PostesEtablis, credits_: Sequence[Credit], au: date) -> None:
        self.au = au
        self.postes = postes.postes
        self.restes = [poste.montant_centimes for poste in self.postes]
        self.avance = _Poche(BaseAffectation.AVANCE)
        self.excedent = _Poche(BaseAffectation.EXCEDENT_APL)
        self.historique: list[EtatDuSoir] = []
        self._affectations: list[tuple[date, Credit, int, Centimes, BaseAffectation]] = []
        self._dette_locative: Centimes = 0
        self._echus: set[int] = set()
        # Les postes échus et non soldés, dans l'ordre légal : frais, intérêts, puis le reste.
        self._ouverts: tuple[deque[int], deque[int], deque[int]] = (deque(), deque(), deque())
        self._termes_du_mois: dict[Periode | None, list[int]] = defaultdict(list)
        self._echeances: dict[date, list[int]] = defaultdict(list)
        self._credits: dict[date, list[Credit]] = defaultdict(list)
        for numero, poste in enumerate(self.postes):
            if poste.nature is Nature.TERME:
                self._termes_du_mois[poste.mois].append(numero)
            self._echeances[poste.date_exigibilite].append(numero)
        for credit in credits_:
            self._credits[credit.effet].append(credit)

    def derouler(self) -> None:
        """Déroule les jours où quelque chose bouge, du premier au dernier."""
        for jour in sorted(self._credits.keys() | {j for j in self._echeances if j <= self.au}):
            self._derouler_jour(jour)
            self.historique.append(EtatDuSoir(jour, self._dette_locative, self._plus_ancien()))

    def _derouler_jour(self, jour: date) -> None:
        du_jour = self._credits.get(jour, ())
        for credit in du_jour:
            if credit.rang is RangCredit.ALLOUE:
                self.excedent.deposer(credit, self._payer_mois(jour, credit, BaseAffectation.ALLOUE))
        for numero in self._echeances.get(jour, ()):
            self._faire_echoir(jour, numero)
        for credit in du_jour:
            if credit.rang is RangCredit.DESIGNE:
                self._payer_echus(jour, credit, self._payer_mois(jour, credit, BaseAffectation.DESIGNE))
            elif credit.rang is RangCredit.GENERAL:
                self._payer_echus(jour, credit, credit.montant_centimes)

    def _payer_mois(self, jour: date, credit: Credit, base: BaseAffectation) -> Centimes:
        """Étapes a et c : paie les termes des mois du crédit, échus ou non ; rend le surplus."""
        disponible = credit.montant_centimes
        for numero in chain.from_iterable(self._termes_du_mois.get(mois, ()) for mois in credit.mois):
            disponible -= self._payer(jour, credit, numero, disponible, base)
        return disponible

    def _faire_echoir(self, jour: date, numero: int) -> None:
        """Étape b : le poste devient exigible et se sert dans l'excédent d'APL, puis dans l'avance."""
        poste = self.postes[numero]
        self._echus.add(numero)
        if poste.is_locatif:
            self._dette_locative += self.restes[numero]
        for poche in (self.excedent, self.avance) if poste.is_locatif else (self.avance,):
            for credit, part in poche.puiser(self.restes[numero]):
                self._payer(jour, credit, numero, part, poche.base)
        self._ouverts[poste.cle_legale[0]].append(numero)

    def _payer_echus(self, jour: date, credit: Credit, disponible: Centimes) -> None:
        """Étape d, et surplus de l'étape c : paie les postes échus dans l'ordre légal ; le surplus est une avance."""
        for ouverts in self._ouverts:
            while disponible and ouverts:
                disponible -= self._payer(jour, credit, ouverts[0], disponible, BaseAffectation.LEGAL)
                self._oublier_soldes(ouverts)
        self.avance.deposer(credit, disponible)

    def _payer(self, jour: date, credit: Credit, numero: int, disponible: Centimes, base: BaseAffectation) -> Centimes:
        """Paie ce qui peut l'être du poste, note l'affectation, rend la part payée."""
        part = min(disponible, self.restes[numero])
        if part:
            self.restes[numero] -= part
            self._affectations.append((jour, credit, numero, part, base))
            if numero in self._echus and self.postes[numero].is_locatif:
                self._dette_locative -= part
        return part

    def _oublier_soldes(self, ouverts: deque[int]) -> None:
        while ouverts and self.restes[ouverts[0]] == 0:
            ouverts.popleft()

    def _plus_ancien(self) -> date | None:
        locatifs = self._ouverts[2]
        self._oublier_soldes(locatifs)
        return self.postes[locatifs[0]].date_exigibilite if locatifs else None

    def postes_restants(self) -> tuple[Poste, ...]:
        """Rend les postes avec ce qu'il en reste à payer, dans l'ordre légal."""
        return tuple(replace(poste, reste_centimes=r) for poste, r in zip(self.postes, self.restes, strict=True))

    def affectations(self, postes: Sequence[Poste]) -> tuple[Affectation, ...]:
        """Rend les affectations dans l'ordre où elles se sont faites, sur les postes tels qu'ils restent."""
        return tuple(Affectation(j, credit, postes[n], part, base) for j, credit, n, part, base in self._affectations)

"""The ledger as a person reads it: bars for the months, names for the sums due, payments with what they paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from maintien.apps.comptes.selectors import GrandLivre, LigneCompte, MoisCompte, PosteCompte
from maintien.coeur.calendrier import format_mois, format_periode
from maintien.coeur.compte.ecritures import Ecriture
from maintien.coeur.compte.imputation import Affectation
from maintien.coeur.compte.libelles import nommer_poste
from maintien.coeur.compte.postes import Nature
from maintien.web.communs.typographie import insecables, pluriel

LARGEUR_BARRE = 120
HORS_TERME = "hors-terme"
NOMS_MONTRES = 3
NOMS_DES_PARTS = ("aide", "paye", "reste")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the thin bar of a month."""

    genre: str
    x: int
    largeur: int


@dataclass(frozen=True, slots=True)
class PosteLu:
    """A sum due: the lines that make it and the payments that extinguished it."""

    nom: str
    echeance: date
    montant_centimes: int
    reste_centimes: int
    lignes: tuple[LigneCompte, ...]
    affectations: tuple[Affectation, ...]


@dataclass(frozen=True, slots=True)
class MoisLu:
    """One row of the account."""

    cle: str
    libelle: str
    appele_centimes: int
    aide_centimes: int
    paye_centimes: int
    reste_centimes: int
    is_a_venir: bool
    barre: tuple[Part, ...]
    postes: tuple[PosteLu, ...]


@dataclass(frozen=True, slots=True)
class VersementLu:
    """A credit: what it paid and by which rule, or why it paid nothing."""

    ligne: LigneCompte
    jour: date
    affectations: tuple[Affectation, ...]
    disponible_centimes: int
    annule_par: Ecriture | None

    @property
    def a_paye(self) -> str:
        """« février 2026, mars 2026 et 2 autres »."""
        noms = list(dict.fromkeys(_nom_court(affectation) for affectation in self.affectations))
        reste = len(noms) - NOMS_MONTRES
        suite = f" et {pluriel(reste, 'autre,autres')}" if reste > 0 else ""
        return ", ".join(noms[:NOMS_MONTRES]) + suite


@dataclass(frozen=True, slots=True)
class LivreLu:
    au: date
    mois: tuple[MoisLu, ...]
    versements: tuple[VersementLu, ...]
    lignes: tuple[LigneCompte, ...]
    avance_centimes: int
    excedent_apl_centimes: int
    solde_centimes: int


def lire_livre(livre: GrandLivre) -> LivreLu:
    par_reference = {ligne.ecriture.reference: ligne for ligne in livre.lignes}
    return LivreLu(
        au=livre.au,
        mois=tuple(_mois(mois, par_reference) for mois in livre.mois),
        versements=tuple(_versements(livre)),
        lignes=livre.lignes[::-1],
        avance_centimes=livre.imputation.avance_centimes,
        excedent_apl_centimes=livre.imputation.excedent_apl_centimes,
        solde_centimes=livre.lignes[-1].solde_centimes if livre.lignes else 0,
    )


def _mois(mois: MoisCompte, par_reference: dict[str, LigneCompte]) -> MoisLu:
    ligne = mois.ligne
    return MoisLu(
        cle=format_periode(ligne.mois) if ligne.mois is not None else HORS_TERME,
        libelle=_majuscule(format_mois(ligne.mois)) if ligne.mois is not None else "Hors loyer et charges",
        appele_centimes=ligne.appele_centimes,
        aide_centimes=ligne.aide_centimes,
        paye_centimes=ligne.paye_centimes,
        reste_centimes=ligne.reste_centimes,
        is_a_venir=not ligne.is_exigible,
        barre=barre(ligne.aide_centimes, ligne.paye_centimes, ligne.reste_centimes),
        postes=tuple(_poste(poste, par_reference) for poste in mois.postes),
    )


def barre(*montants: int) -> tuple[Part, ...]:
    """Stretches whose widths add up to the bar exactly."""
    total = max(sum(montants), 1)
    bornes = [borne * LARGEUR_BARRE // total for borne in accumulate(montants, initial=0)]
    return tuple(
        Part(genre, debut, fin - debut)
        for genre, debut, fin in zip(NOMS_DES_PARTS, bornes, bornes[1:], strict=False)
        if fin > debut
    )


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def _nom_court(affectation: Affectation) -> str:
    poste = affectation.poste
    is_terme = poste.nature is Nature.TERME and poste.mois is not None
    return format_mois(poste.mois) if is_terme and poste.mois is not None else insecables(nommer_poste(poste))


def _poste(poste: PosteCompte, par_reference: dict[str, LigneCompte]) -> PosteLu:
    return PosteLu(
        nom=_majuscule(insecables(nommer_poste(poste.poste))),
        echeance=poste.poste.date_exigibilite,
        montant_centimes=poste.poste.montant_centimes,
        reste_centimes=poste.poste.reste_centimes,
        lignes=tuple(par_reference[r] for r in poste.poste.references if r in par_reference),
        affectations=poste.affectations,
    )


def _versements(livre: GrandLivre) -> Iterable[VersementLu]:
    """Credits that pay something, and rejected payments in their place, latest first."""
    annulations = {a.annulee.reference: a.annulante for a in livre.imputation.annulations}
    credits_ = {credit.reference: credit for credit in livre.imputation.credits}
    for ligne in reversed(livre.lignes):
        reference = ligne.ecriture.reference
        credit = credits_.get(reference)
        if credit is not None:
            disponible = credit.montant_centimes - sum(a.montant_centimes for a in ligne.affectations)
            yield VersementLu(ligne, credit.effet, ligne.affectations, disponible, None)
        elif reference in annulations and ligne.ecriture.montant_centimes < 0:
            yield VersementLu(ligne, ligne.ecriture.effet(livre.au), (), 0, annulations[reference])

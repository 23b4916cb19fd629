"""The leases of one block: who came, who left, in which dwelling, at what rent."""

from dataclasses import dataclass

import numpy as np

from maintien.connecteurs.fictif.horizon import Horizon
from maintien.connecteurs.fictif.tableaux import Booleens, Entiers, Jours, Tirage, entre, tire_parmi

BLOC = 5_000
LOGEMENTS_PAR_BLOC = 5_200
"""A block has at most one dwelling a lease, and some more for those who move."""
JAMAIS = np.int32(2**30)

TYPES = ("T1", "T2", "T3", "T4", "T5")
MOTIFS = ("conge", "deces", "mutation", "abandon", "expulsion")
APL_BAILLEUR, APL_LOCATAIRE, APL_SANS = 0, 1, 2
PLANCHER_RESIDUEL = 30_00

_PART_SORTANTS, _PART_ENTRANTS, _PART_ANCIENS, _PART_MUTATIONS = 0.10, 0.088, 0.012, 0.012
_SURFACES = np.array([29, 46, 63, 79, 94])


@dataclass
class Comptes:
    """One row a household account. Days since 1970; a lease without end has `sortie` at JAMAIS."""

    logement: Entiers
    rang: Entiers
    entree: Jours
    sortie: Jours
    motif: Entiers
    type_logement: Entiers
    surface: Entiers
    echoir: Booleens
    jour: Entiers
    apl_mode: Entiers
    loyer: Entiers
    charges: Entiers
    rls: Entiers
    apl: Entiers
    parking: Entiers
    mutation: Jours
    logement_suivant: Entiers
    taux_mutation: Entiers

    def __len__(self) -> int:
        return len(self.logement)

    def presents(self, jour: int) -> Booleens:
        return (self.entree <= jour) & (self.sortie > jour)


def tirer_comptes(rng: Tirage, periode: Horizon, nombre: int, bloc: int) -> Comptes:
    """Leases in random order: those who stay, those who left in the period or before, and who came after them."""
    entree, sortie, motif, logement, rang = _tirer_occupations(rng, periode, nombre)
    base = bloc * LOGEMENTS_PAR_BLOC + 1
    type_logement = tire_parmi(rng, nombre, [8, 24, 36, 24, 8]).astype(np.int64)[logement]
    surface = _SURFACES[type_logement] + rng.integers(-6, 9, nombre)[logement]
    apl_mode = tire_parmi(rng, nombre, [54, 2, 44]).astype(np.int64)
    # The month billed in advance must not straddle the opening for somebody who was not there.
    echoir = (apl_mode == APL_SANS) & (rng.random(nombre) < 0.12) & (entree < periode.ouverture)
    jour = np.array([5, 10, 31])[tire_parmi(rng, nombre, [62, 18, 20])]
    loyer = surface * rng.integers(560, 740, nombre)[logement]
    charges = surface * entre(rng, nombre, 140, 230)
    rls = np.where((apl_mode == APL_BAILLEUR) & (rng.random(nombre) < 0.88), entre(rng, nombre, 3400, 6100), 0)
    apl = _tirer_apl(rng, apl_mode, loyer + charges - rls)
    mutation, suivant, taux = _tirer_mutations(rng, periode, entree, sortie, apl_mode, int(logement.max()) + 1)
    comptes = Comptes(
        logement=logement + base,
        rang=rang,
        entree=entree,
        sortie=sortie,
        motif=motif,
        type_logement=type_logement,
        surface=surface,
        echoir=echoir,
        jour=np.where(echoir & (jour == 31), 5, jour),
        apl_mode=apl_mode,
        loyer=loyer,
        charges=charges,
        rls=rls,
        apl=apl,
        parking=np.where(rng.random(nombre) < 0.09, entre(rng, nombre, 2200, 4800), 0),
        mutation=mutation,
        logement_suivant=suivant + base,
        taux_mutation=taux,
    )
    return _classer(comptes)


def _tirer_occupations(rng: Tirage, periode: Horizon, nombre: int) -> tuple[Jours, Jours, Entiers, Entiers, Entiers]:
    """Arrival, exit, reason of exit, dwelling and rank in it; the tenant who follows comes weeks after the exit."""
    sortants, entrants = round(nombre * _PART_SORTANTS), round(nombre * _PART_ENTRANTS)
    anciens = round(nombre * _PART_ANCIENS)
    restants = nombre - sortants - entrants - anciens
    debut, fin = periode.ouverture, periode.au
    anciennete = np.minimum(rng.exponential(9 * 365, nombre), 44 * 365).astype(np.int32) + 20
    sortie = np.full(nombre, JAMAIS, dtype=np.int32)
    sortie[restants : restants + sortants] = debut + rng.integers(5, max(fin - debut, 6), sortants)
    sortie[nombre - anciens :] = debut - rng.integers(90, 900, anciens)
    entree = (debut - anciennete).astype(np.int32)
    entree[nombre - anciens :] -= 900
    suite = slice(restants + sortants, restants + sortants + entrants)
    entree[suite] = sortie[restants : restants + entrants] + rng.integers(10, 60, entrants)
    # A few who stay have given notice: the exit is still to come.
    preavis = (sortie == JAMAIS) & (entree < debut) & (rng.random(nombre) < 0.012)
    sortie = np.where(preavis, fin + rng.integers(5, 80, nombre), sortie).astype(np.int32)
    motif = np.where(sortie < JAMAIS, tire_parmi(rng, nombre, [78, 14, 0, 5, 3]), -1).astype(np.int64)
    logement = np.arange(nombre, dtype=np.int64)
    logement[suite] = logement[restants : restants + entrants]
    rang = np.ones(nombre, dtype=np.int64)
    rang[suite] = 2
    return entree, sortie, motif, logement, rang


def _tirer_apl(rng: Tirage, apl_mode: Entiers, terme: Entiers) -> Entiers:
    """Whole euros of monthly aid, never so much that the tenant owes less than the floor."""
    part = rng.beta(2.4, 2.2, len(terme)) * 0.8 + 0.08
    aide = np.minimum((terme * part).astype(np.int64), terme - PLANCHER_RESIDUEL) // 100 * 100
    return np.where(apl_mode == APL_BAILLEUR, np.maximum(aide, 0), 0)


def _tirer_mutations(
    rng: Tirage, periode: Horizon, entree: Jours, sortie: Jours, apl_mode: Entiers, libre: int
) -> tuple[Jours, Entiers, Entiers]:
    """First days of months at which a household moves to another dwelling and keeps its account; rent in percent."""
    nombre = len(entree)
    possibles = (sortie == JAMAIS) & (entree < periode.ouverture) & (apl_mode == APL_SANS)
    choisis = possibles & (rng.random(nombre) < _PART_MUTATIONS * 2)
    choisis &= np.cumsum(choisis) <= LOGEMENTS_PAR_BLOC - BLOC
    colonne = rng.integers(1, max(periode.colonnes - 2, 2), nombre)
    jour = np.where(choisis, periode.premiers[colonne], JAMAIS).astype(np.int32)
    suivant = np.where(choisis, libre + np.cumsum(choisis) - 1, 0)
    return np.where(jour <= periode.au, jour, JAMAIS).astype(np.int32), suivant, entre(rng, nombre, 85, 118)


def _classer(comptes: Comptes) -> Comptes:
    """The same rows by dwelling, then by rank: the order of the account references."""
    ordre = np.lexsort((comptes.rang, comptes.logement))
    return Comptes(**{nom: valeurs[ordre] for nom, valeurs in vars(comptes).items()})

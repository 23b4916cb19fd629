"""What is billed each month, and the aid that the Caf pays to the landlord: matrices account x month, in centimes."""

from dataclasses import dataclass

import numpy as np

from maintien.connecteurs.fictif.comptes import JAMAIS, Comptes
from maintien.connecteurs.fictif.horizon import JOUR_APPEL, JOUR_CAF, Horizon, premiers_jours
from maintien.connecteurs.fictif.tableaux import Booleens, Entiers, Jours, Tirage, entre

REVISION_POUR_MILLE = 22
MOIS_REGULARISATION = 4
"""May: the charges of the year before are settled with the term of May."""


@dataclass
class Ligne:
    """One line of the bill, for the accounts `lignes` only; negative amounts are credits."""

    code: str
    libelle: str
    lignes: Entiers
    montants: Entiers


@dataclass
class Termes:
    """The bills. `periodes`, `echeances`: month of right and due date; `complet`: the whole month was occupied."""

    lignes: list[Ligne]
    periodes: Entiers
    echeances: Jours
    appels: Jours
    caf: Jours
    actif: Booleens
    complet: Booleens
    appele: Entiers
    apl: Entiers
    regularisation: Entiers

    @property
    def residuel(self) -> Entiers:
        """What the tenant owes each month without any incident, the yearly settlement apart."""
        return self.appele - self.apl


def tirer_termes(rng: Tirage, periode: Horizon, comptes: Comptes) -> Termes:
    """The bills of a block as they should go; incidents of the aid come later."""
    periodes = periode.mois[np.newaxis, :] + comptes.echoir[:, np.newaxis]
    jours, du_mois = _jours_occupes(periode, comptes)
    indice = _indices(periode, comptes)
    loyer = comptes.loyer[:, np.newaxis] * indice // 1000 * jours // du_mois
    loyer = np.where(periodes >= _mois_mutation(comptes), loyer * comptes.taux_mutation[:, np.newaxis] // 100, loyer)
    charges = comptes.charges[:, np.newaxis] * indice // 1000 // 100 * 100 * jours // du_mois
    rls = comptes.rls[:, np.newaxis] * jours // du_mois
    toutes = np.arange(len(comptes))
    lignes = [
        Ligne("LOY", "LOYER PRINCIPAL", toutes, loyer),
        Ligne("CHG", "PROVISION POUR CHARGES", toutes, charges),
        *_lignes_rares(rng, comptes, indice, jours, du_mois),
        _reduite("RLS", "REDUCTION LOYER SOLIDARITE", -rls),
    ]
    appele = np.zeros_like(loyer)
    for ligne in lignes:
        appele[ligne.lignes] += ligne.montants
    complet = jours == du_mois
    apl = np.where(complet, _apl_par_mois(rng, periode, comptes, indice), 0)
    apl = np.clip(apl, 0, np.maximum(appele - 20_00, 0)) // 100 * 100
    return Termes(
        lignes=lignes,
        periodes=periodes,
        echeances=_echeances(periode, comptes),
        appels=np.maximum(periode.premiers[:-1] + JOUR_APPEL - 1, comptes.entree[:, np.newaxis]).astype(np.int32),
        caf=(periode.premiers[:-1] + JOUR_CAF - 1).astype(np.int32),
        actif=jours > 0,
        complet=complet,
        appele=appele,
        apl=apl,
        regularisation=_tirer_regularisations(rng, periode, comptes, complet, appele - apl),
    )


def _jours_occupes(periode: Horizon, comptes: Comptes) -> tuple[Entiers, Entiers]:
    """Days occupied and days of the month of right of each column."""
    premiers = np.append(periode.premiers, premiers_jours(periode.mois[-1:] + 2))
    debut = np.where(comptes.echoir[:, np.newaxis], premiers[1:-1], premiers[:-2])
    suivant = np.where(comptes.echoir[:, np.newaxis], premiers[2:], premiers[1:-1])
    occupes = np.minimum(comptes.sortie[:, np.newaxis], suivant) - np.maximum(comptes.entree[:, np.newaxis], debut)
    return np.maximum(occupes, 0).astype(np.int64), (suivant - debut).astype(np.int64)


def _echeances(periode: Horizon, comptes: Comptes) -> Jours:
    """Day 5 or 10 of the month after the bill, or the last day of its month; never before the arrival."""
    suivants = periode.premiers[1:]
    jour = comptes.jour[:, np.newaxis]
    echeance = np.where(jour == 31, suivants - 1, suivants + jour - 1)
    resultat: Jours = np.maximum(echeance, comptes.entree[:, np.newaxis]).astype(np.int32)
    return resultat


def _indices(periode: Horizon, comptes: Comptes) -> Entiers:
    """Rents as of the opening, raised each January, per thousand."""
    annees = (periode.mois[np.newaxis, :] + comptes.echoir[:, np.newaxis]) // 12
    indice = 1000 + REVISION_POUR_MILLE * (annees - periode.du // 12)
    return np.asarray(np.maximum(indice, 1000), dtype=np.int64)


def _mois_mutation(comptes: Comptes) -> Entiers:
    """The month from which a household that moved pays the rent of its new dwelling."""
    jours = np.where(comptes.mutation < JAMAIS, comptes.mutation, 0).astype("datetime64[D]")
    mois = jours.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return np.where(comptes.mutation < JAMAIS, mois, 2**40)[:, np.newaxis]


def _lignes_rares(rng: Tirage, comptes: Comptes, indice: Entiers, jours: Entiers, du_mois: Entiers) -> list[Ligne]:
    """Parking on the same account, insurance, energy, surcharge of the better-off: a few accounts each."""
    nombre = len(comptes)
    sans_apl = comptes.apl == 0
    montants = {
        ("ANX", "LOYER ANNEXE PARKING"): comptes.parking,
        ("ASS", "ASSURANCE POUR COMPTE"): np.where(rng.random(nombre) < 0.07, entre(rng, nombre, 180, 420), 0),
        ("CLE", "CONTRIBUTION ECONOMIES D'ENERGIE"): np.where(
            rng.random(nombre) < 0.05, entre(rng, nombre, 800, 2400), 0
        ),
        ("SLS", "SUPPLEMENT DE LOYER DE SOLIDARITE"): np.where(
            sans_apl & (rng.random(nombre) < 0.02), entre(rng, nombre, 30, 240) * 100, 0
        ),
    }
    lignes = []
    for (code, libelle), mensuel in montants.items():
        qui = np.flatnonzero(mensuel)
        taux = indice[qui] if code == "ANX" else np.full((1, 1), 1000, dtype=np.int64)
        revise = mensuel[qui, np.newaxis] * taux // 1000
        lignes.append(Ligne(code, libelle, qui, revise * jours[qui] // du_mois[qui]))
    return lignes


def _reduite(code: str, libelle: str, montants: Entiers) -> Ligne:
    """A line kept for the accounts that have it at least once."""
    qui = np.flatnonzero(montants.any(axis=1))
    return Ligne(code, libelle, qui, montants[qui])


def _apl_par_mois(rng: Tirage, periode: Horizon, comptes: Comptes, indice: Entiers) -> Entiers:
    """The aid follows the rent each January and changes once for good at a month of its own (work, birth)."""
    nombre = len(comptes)
    bascule = rng.integers(-periode.colonnes, periode.colonnes, nombre)[:, np.newaxis]
    taux = rng.integers(88, 113, nombre)[:, np.newaxis]
    apl = comptes.apl[:, np.newaxis] * indice // 1000
    return np.where(np.arange(periode.colonnes) >= bascule, apl * taux // 100, apl)


def _tirer_regularisations(
    rng: Tirage, periode: Horizon, comptes: Comptes, complet: Booleens, residuel: Entiers
) -> Entiers:
    """One settlement of charges a year and account: a supplement, or a credit below what the tenant owes."""
    regularisation = np.zeros(residuel.shape, dtype=np.int64)
    for colonne in np.flatnonzero(periode.mois % 12 == MOIS_REGULARISATION):
        if colonne == 0:
            continue
        ecart = (rng.normal(-10, 85, len(comptes)) * 100).astype(np.int64)
        avant = np.maximum(colonne - 3, 0)
        concernes = complet[:, colonne] & complet[:, avant] & (rng.random(len(comptes)) < 0.9)
        ecart = np.maximum(ecart, -residuel[:, colonne] * 3 // 4)
        regularisation[:, colonne] = np.where(concernes, ecart, 0)
    return regularisation

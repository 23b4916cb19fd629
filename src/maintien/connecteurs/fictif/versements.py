"""From targets to payments: one walk over the months, all accounts at once."""

from dataclasses import dataclass

import numpy as np

from maintien.connecteurs.fictif.comptes import Comptes
from maintien.connecteurs.fictif.conduites import PRELEVEMENT, SANS_COLONNE, Conduites
from maintien.connecteurs.fictif.tableaux import Booleens, Entiers
from maintien.connecteurs.fictif.termes import Termes

ARRONDI = 10_00
MOYEN_POUR_ARRONDIR = 150_00


@dataclass
class Versements:
    """`montants` paid for each term, `reste` owed after it; what a decision put out, and the plans as signed."""

    du: Entiers
    montants: Entiers
    reste: Entiers
    eteint: Entiers
    plan_montant: Entiers
    plan_mensualite: Entiers
    fin_plan: Entiers


def tirer_versements(comptes: Comptes, termes: Termes, conduites: Conduites) -> Versements:
    """Each month pay what stands above the target: nothing, a part, the term, or the term and arrears."""
    du = _du_par_mois(comptes, termes, conduites)
    nombre, colonnes = du.shape
    montants, reste = np.zeros_like(du), np.zeros_like(du)
    eteint = np.zeros(nombre, dtype=np.int64)
    signe = np.where(conduites.plan > SANS_COLONNE, conduites.plan_montant, 0)
    fin_plan = np.full(nombre, SANS_COLONNE, dtype=np.int64)
    arrondit = (conduites.moyen > MOYEN_POUR_ARRONDIR) & ~conduites.a_jour & (conduites.mode != PRELEVEMENT)
    solde = conduites.ouverture.copy()
    effaces = np.where(conduites.sont("effacement"), conduites.extinction, SANS_COLONNE)
    for colonne in range(colonnes):
        effacee = effaces == colonne
        eteint = np.where(effacee, np.maximum(solde, 0), eteint)
        solde = np.where(effacee, np.minimum(solde, 0), solde)
        solde = solde + du[:, colonne]
        vise = _vise(conduites, signe, colonne)
        verse = np.maximum(solde - vise, 0)
        verse = np.where(arrondit & (vise > 0), verse // ARRONDI * ARRONDI, verse)
        # A tenant in debt does not bother to pay a tenth of a term.
        verse = np.where((vise > 0) & (verse * 7 < du[:, colonne]), 0, verse)
        solde = solde - verse
        montants[:, colonne], reste[:, colonne] = verse, solde
        signe = np.where(conduites.plan == colonne, np.maximum(solde, 0), signe)
        soldee = (fin_plan == SANS_COLONNE) & (colonne > conduites.plan) & (solde <= 0)
        fin_plan = np.where(soldee, colonne, fin_plan)
    mensualite = signe // conduites.plan_nombre
    return Versements(du, montants, reste, eteint, signe, mensualite, fin_plan)


def _du_par_mois(comptes: Comptes, termes: Termes, conduites: Conduites) -> Entiers:
    """What the tenant has to find for each term, once the aid and its recalls have come in."""
    caf = conduites.caf
    du = termes.appele + termes.regularisation + caf.trop_percus - caf.verse - caf.rappele
    du[comptes.jour == 31, 0] = 0
    return du


def _vise(conduites: Conduites, signe: Entiers, colonne: int) -> Entiers:
    """The target of the month: the schedule of the plan while it runs, else the curve."""
    ecoule = colonne - conduites.plan
    en_plan = (conduites.plan > SANS_COLONNE) & (ecoule > 0)
    en_plan &= (conduites.rupture == SANS_COLONNE) | (colonne <= conduites.rupture)
    echeancier = np.where(
        ecoule >= conduites.plan_nombre, 0, signe - signe // conduites.plan_nombre * np.maximum(ecoule, 0)
    )
    return np.where(en_plan, np.maximum(echeancier, 0), conduites.cible[:, colonne])


def tentatives(versements: Versements, conduites: Conduites) -> Booleens:
    """Terms of direct-debit payers that stayed wholly unpaid: the debit was tried and rejected, twice at most."""
    avant = np.empty_like(versements.reste)
    avant[:, 0] = conduites.ouverture
    avant[:, 1:] = versements.reste[:, :-1]
    essai: Booleens = (versements.montants == 0) & (versements.du > 0)
    essai &= avant * 5 <= conduites.moyen[:, np.newaxis] * 6
    essai &= (conduites.mode == PRELEVEMENT)[:, np.newaxis]
    return essai

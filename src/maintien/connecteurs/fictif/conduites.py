"""What each account should owe after each term: the target that payments then follow."""

from dataclasses import dataclass

import numpy as np

from maintien.connecteurs.fictif.aides_caf import AideCaf, tirer_aide_caf
from maintien.connecteurs.fictif.comptes import Comptes
from maintien.connecteurs.fictif.courbes import AUCUN, PENTE_MAX
from maintien.connecteurs.fictif.horizon import Horizon
from maintien.connecteurs.fictif.profils import CATALOGUE, RANG, attribuer
from maintien.connecteurs.fictif.tableaux import Booleens, Entiers, Reels, Tirage, tire_parmi
from maintien.connecteurs.fictif.termes import MOIS_REGULARISATION, Termes

PRELEVEMENT, VIREMENT, CARTE, CHEQUE, ESPECES, MANDAT = range(6)
MODES = ("prelevement", "virement", "carte", "cheque", "especes", "mandat")
SANS_COLONNE = -1_000


@dataclass
class Conduites:
    """One row an account. `cible`: centimes owed after each term; `dernier`: column of the last term due.

    Columns of events (`plan`, `rupture`, `extinction`) are below zero when before the opening, SANS_COLONNE when none.
    """

    profil: Entiers
    dernier: Entiers
    avant: Entiers
    mode: Entiers
    a_jour: Booleens
    moyen: Entiers
    cible: Entiers
    ouverture: Entiers
    plan: Entiers
    plan_nombre: Entiers
    plan_montant: Entiers
    rupture: Entiers
    extinction: Entiers
    caf: AideCaf

    def sont(self, *noms: str) -> Booleens:
        """Which accounts behave in one of these ways."""
        return np.isin(self.profil, [RANG[nom] for nom in noms])


def tirer_conduites(rng: Tirage, periode: Horizon, comptes: Comptes, termes: Termes) -> Conduites:
    """Deal the ways of paying and draw the target of each account."""
    nombre = len(comptes)
    colonnes = np.arange(periode.colonnes)
    dus = termes.actif & (termes.echeances <= periode.au)
    dernier = np.where(dus.any(axis=1), periode.colonnes - 1 - np.argmax(dus[:, ::-1], axis=1), -1)
    parti = comptes.sortie <= periode.au
    tenure = (periode.au - comptes.entree).astype(np.int64) // 30
    profil = attribuer(rng, parti, tenure, termes.apl[np.arange(nombre), dernier] > 0)
    caf = tirer_aide_caf(rng, periode, termes, profil, dernier)
    _forcer_regularisations(rng, periode, termes, profil, dernier)
    moyen = _terme_moyen(comptes, termes, caf, dernier)
    avant = dernier[:, np.newaxis] - colonnes
    conduites = Conduites(
        profil=profil,
        dernier=dernier,
        avant=avant,
        mode=_tirer_modes(rng, profil),
        a_jour=np.array([entree.a_jour for entree in CATALOGUE])[profil],
        moyen=moyen,
        cible=np.zeros(avant.shape, dtype=np.int64),
        ouverture=np.zeros(nombre, dtype=np.int64),
        plan=np.full(nombre, SANS_COLONNE, dtype=np.int64),
        plan_nombre=np.ones(nombre, dtype=np.int64),
        plan_montant=np.zeros(nombre, dtype=np.int64),
        rupture=np.full(nombre, SANS_COLONNE, dtype=np.int64),
        extinction=np.full(nombre, SANS_COLONNE, dtype=np.int64),
        caf=caf,
    )
    mois_de_dette = _dessiner(rng, periode, comptes, termes, conduites)
    _ajouter_incidents(rng, conduites, termes, mois_de_dette)
    conduites.cible += (mois_de_dette * moyen[:, np.newaxis]).astype(np.int64)
    _ajouter_pertes(rng, periode, conduites, termes)
    return conduites


def _tirer_modes(rng: Tirage, profil: Entiers) -> Entiers:
    """How each account pays, after the share of direct debits of its way of paying."""
    part = np.array([entree.prelevement for entree in CATALOGUE])[profil]
    autre = 1 + tire_parmi(rng, len(profil), [30, 26, 22, 15, 7])
    return np.where(rng.random(len(profil)) < part, PRELEVEMENT, autre).astype(np.int64)


def _terme_moyen(comptes: Comptes, termes: Termes, caf: AideCaf, dernier: Entiers) -> Entiers:
    """The mean of what was owed over the twelve last months due; the ordinary month where there is none."""
    colonnes = np.arange(termes.appele.shape[1])
    retenus = termes.actif & (colonnes <= dernier[:, np.newaxis]) & (colonnes > dernier[:, np.newaxis] - 12)
    # The aid given back by a recall counts as received in its month.
    recue = np.where(caf.perdu[:, -1:] > 0, caf.verse, termes.apl)
    somme = np.where(retenus, termes.appele - recue, 0).sum(axis=1)
    nombre = retenus.sum(axis=1)
    ordinaire = comptes.loyer + comptes.charges - comptes.rls - comptes.apl
    return np.where(nombre > 0, np.maximum(somme // np.maximum(nombre, 1), 5_00), ordinaire)


def _dessiner(rng: Tirage, periode: Horizon, comptes: Comptes, termes: Termes, conduites: Conduites) -> Reels:
    """Months of debt after each term; the state at the opening and the events go to `conduites`."""
    resultat = np.zeros(conduites.cible.shape)
    for rang in np.unique(conduites.profil):
        lignes = np.flatnonzero(conduites.profil == rang)
        formes = CATALOGUE[rang].forme(rng, len(lignes))
        dernier = conduites.dernier[lignes]
        resultat[lignes] = formes.au_mois(np.maximum(conduites.avant[lignes], 0))
        # Those who pay at the end of the month owe no term on the opening day that was not due before it.
        veille = np.where(comptes.jour[lignes] == 31, dernier, dernier + 1)
        initial = formes.au_mois(np.maximum(veille, 0)[:, np.newaxis])[:, 0]
        conduites.ouverture[lignes] = (initial * conduites.moyen[lignes]).astype(np.int64)
        for nom, k in (("plan", formes.plan_k), ("rupture", formes.rupture_k), ("extinction", formes.extinction_k)):
            getattr(conduites, nom)[lignes] = np.where(k == AUCUN, SANS_COLONNE, dernier - k)
        conduites.plan_nombre[lignes] = np.maximum(formes.plan_nombre, 1)
        signe = formes.au_mois(np.maximum(formes.plan_k, 0)[:, np.newaxis])[:, 0]
        conduites.plan_montant[lignes] = (signe * conduites.moyen[lignes]).astype(np.int64)
    arrive = comptes.entree >= periode.ouverture
    conduites.ouverture[arrive] = 0
    plafond = np.where(arrive[:, np.newaxis], PENTE_MAX * np.cumsum(termes.complet, axis=1), np.inf)
    plafonne: Reels = np.minimum(resultat, plafond)
    return plafonne


def _ajouter_incidents(rng: Tirage, conduites: Conduites, termes: Termes, mois_de_dette: Reels) -> None:
    """Isolated months unpaid until the next one, long before today, for those who owe nothing then."""
    taux = np.where(conduites.a_jour, 0.006, 0.018)
    taux[conduites.sont("premier_retard")] = 0.0
    calme = (mois_de_dette == 0) & (conduites.avant >= 4) & termes.complet
    calme[:, 1:] &= mois_de_dette[:, :-1] == 0
    calme[:, :-1] &= mois_de_dette[:, 1:] == 0
    calme[:, :2] = False
    mois_de_dette += calme & (rng.random(calme.shape, dtype=np.float32) < taux[:, np.newaxis])


def _forcer_regularisations(rng: Tirage, periode: Horizon, termes: Termes, profil: Entiers, dernier: Entiers) -> None:
    """Those who leave the yearly settlement unpaid have one to pay."""
    lignes = np.flatnonzero(profil == RANG["regularisation_impayee"])
    colonnes = np.arange(periode.colonnes)
    mois = (periode.mois % 12 == MOIS_REGULARISATION) & (colonnes > 0) & (colonnes <= dernier[lignes, np.newaxis])
    connues = mois.any(axis=1)
    derniere = periode.colonnes - 1 - np.argmax(mois[:, ::-1], axis=1)
    montants = rng.integers(45, 190, len(lignes)) * 100
    termes.regularisation[lignes[connues], derniere[connues]] = montants[connues]


def _ajouter_pertes(rng: Tirage, periode: Horizon, conduites: Conduites, termes: Termes) -> None:
    """Debts made of a broken aid or of an unpaid settlement; former tenants who pay a little each month."""
    moyen = conduites.moyen[:, np.newaxis]
    rompues = np.flatnonzero(conduites.sont("aide_rompue"))
    part = 60 + rng.integers(0, 41, len(rompues))[:, np.newaxis]
    perdu = conduites.caf.perdu[rompues] * part // 100
    conduites.cible[rompues] += np.minimum(perdu, moyen[rompues] * 27 // 10)
    retablies = np.flatnonzero(conduites.sont("aide_retablie"))
    conduites.cible[retablies] += conduites.caf.perdu[retablies]
    impayees = np.flatnonzero(conduites.sont("regularisation_impayee"))
    colonnes = np.arange(periode.colonnes)
    derniere = conduites.dernier[impayees, np.newaxis]
    recente = (colonnes > derniere - 12) & (colonnes <= derniere)
    reste = np.cumsum(np.where(recente, np.maximum(termes.regularisation[impayees], 0), 0), axis=1)
    conduites.cible[impayees] += np.minimum(reste, moyen[impayees] * 85 // 100)
    verseurs = np.flatnonzero(conduites.sont("parti_dette") & (rng.random(len(moyen)) < 0.35))
    acomptes = 40_00 * np.maximum(-conduites.avant[verseurs], 0)
    plancher = np.minimum(conduites.cible[verseurs], moyen[verseurs] * 2)
    conduites.cible[verseurs] = np.maximum(conduites.cible[verseurs] - acomptes, plancher)

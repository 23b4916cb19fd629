"""Entries of the payments: their dates, their modes, direct debits rejected and presented again, named months."""

from dataclasses import dataclass

import numpy as np

from maintien.connecteurs.fictif.comptes import Comptes
from maintien.connecteurs.fictif.conduites import CARTE, PRELEVEMENT, VIREMENT, Conduites
from maintien.connecteurs.fictif.horizon import Horizon
from maintien.connecteurs.fictif.journal import LIBELLE_RANG, MODE_RANG, Feuille, Journal
from maintien.connecteurs.fictif.tableaux import Booleens, Entiers, Jours, Tirage, tire_parmi
from maintien.connecteurs.fictif.termes import Termes
from maintien.connecteurs.fictif.versements import Versements, tentatives

_LIBELLES_MODES = np.array(
    [
        LIBELLE_RANG[libelle]
        for libelle in (
            "PRELEVEMENT SEPA",
            "VIREMENT RECU",
            "PAIEMENT CARTE EN LIGNE",
            "REMISE CHEQUE",
            "VERSEMENT ESPECES",
            "MANDAT COMPTE",
        )
    ]
)
_RANGS_MODES = np.array(
    [MODE_RANG[mode] for mode in ("prelevement", "virement", "carte", "cheque", "especes", "mandat")]
)
_DELAI = np.array([0, 1, 0, 2, 0, 1])
"""Days between the payment and its booking, by mode."""
_AVANCE = np.array([1, 6, 4, 6, 5, 5])
_MOTIFS = np.array(
    [LIBELLE_RANG[f"REJET PRELEVEMENT {motif}"] for motif in ("AM04", "MS03", "AC04", "MS02", "MD06", "MD07")]
)
_POIDS_MOTIFS = [73.0, 14.0, 5.0, 4.0, 3.0, 1.0]


@dataclass
class Calendrier:
    """For each term: mode used, day paid, day booked."""

    mode: Entiers
    valeur: Jours
    comptable: Jours


def ecrire_versements(
    rng: Tirage, journal: Journal, comptes: Comptes, termes: Termes, conduites: Conduites, versements: Versements
) -> None:
    """Everything that tenants pay for their terms, in the order in which it happens inside a month."""
    echecs = tentatives(versements, conduites)
    jours = _tirer_jours(rng, journal.periode, comptes, termes, conduites, echecs)
    representes = _tirer_representations(rng, conduites, versements, jours)
    essais = np.where(echecs, versements.du, versements.montants)
    premier, second = _couper(rng, conduites, versements, essais, representes)
    principal = _ajouter_paiements(
        journal, premier, jours, _tirer_affectations(rng, journal, termes, conduites, versements, jours)
    )
    _ajouter_rejets(rng, journal, principal, (echecs | representes) & (premier > 0), jours.valeur, termes)
    suite = _jours_suivants(rng, journal.periode, termes, conduites, jours, representes, echecs)
    encore = echecs & (rng.random(echecs.shape, dtype=np.float32) < 0.3) & (conduites.avant >= 2)
    second = np.where(encore, versements.du, second)
    represente = _ajouter_paiements(journal, second, suite, None)
    _ajouter_rejets(rng, journal, represente, encore, suite.valeur, termes)


def _tirer_jours(
    rng: Tirage, periode: Horizon, comptes: Comptes, termes: Termes, conduites: Conduites, echecs: Booleens
) -> Calendrier:
    """Households without debt pay up to some days before the due date, the others up to three weeks after it."""
    forme = conduites.avant.shape
    hasard = rng.random(forme, dtype=np.float32)
    mode = np.broadcast_to(conduites.mode[:, np.newaxis], forme)
    lourd = (conduites.cible > conduites.moyen[:, np.newaxis] * 105 // 100) & ~conduites.a_jour[:, np.newaxis]
    mode = np.where((mode == PRELEVEMENT) & lourd & ~echecs, CARTE, mode)
    delai, avance = _DELAI[mode], _AVANCE[mode]
    tot = -(hasard * avance).astype(np.int32) - delai
    tardif = conduites.sont("tardif")[:, np.newaxis]
    apres = (hasard * np.where(tardif, 12, 21)).astype(np.int32) + np.where(tardif, 3, 0)
    ponctuel = (conduites.a_jour[:, np.newaxis] | (conduites.cible <= 0)) & ~tardif | (mode == PRELEVEMENT)
    valeur = termes.echeances + np.where(ponctuel, tot, apres)
    # The last term due must have been treated by `au`, or the calibration would depend on the day of the month.
    valeur = np.where(conduites.avant == 0, np.minimum(valeur, periode.au - delai), valeur)
    valeur = np.maximum(valeur, np.maximum(comptes.entree[:, np.newaxis], periode.ouverture))
    oubli = (rng.random(forme, dtype=np.float32) < 0.012) & (mode != PRELEVEMENT) & (conduites.avant >= 3)
    retard = np.where(oubli, rng.integers(8, 40, forme, dtype=np.int32), 0)
    return Calendrier(mode, valeur.astype(np.int32), (valeur + delai + retard).astype(np.int32))


def _tirer_representations(rng: Tirage, conduites: Conduites, versements: Versements, jours: Calendrier) -> Booleens:
    """Debits of good payers rejected once, then presented again with success in the same month."""
    hasard = rng.random(versements.du.shape, dtype=np.float32) < 0.007
    calme = (conduites.cible <= 0) & (conduites.avant >= 2) & ~conduites.sont("premier_retard")[:, np.newaxis]
    ordinaire = (versements.montants > 0) & (versements.montants * 2 <= versements.du * 3)
    choix: Booleens = hasard & calme & ordinaire & (jours.mode == PRELEVEMENT)
    return choix


def _couper(
    rng: Tirage, conduites: Conduites, versements: Versements, essais: Entiers, representes: Booleens
) -> tuple[Entiers, Entiers]:
    """First and second payment of the month: the debit of the term and the arrears by card, or a sum in two parts."""
    prelevement = (conduites.mode == PRELEVEMENT)[:, np.newaxis]
    arrieres = prelevement & (essais * 2 > versements.du * 3) & (versements.du > 0) & (conduites.avant >= 1)
    en_deux = (~conduites.a_jour & (conduites.mode != PRELEVEMENT) & (rng.random(len(conduites.mode)) < 0.2))[
        :, np.newaxis
    ] & (conduites.avant >= 1)
    premier = np.where(arrieres, versements.du, np.where(en_deux, essais * 3 // 5, essais))
    second = np.where(representes, premier, essais - premier)
    return premier, second


def _tirer_affectations(
    rng: Tirage,
    journal: Journal,
    termes: Termes,
    conduites: Conduites,
    versements: Versements,
    jours: Calendrier,
) -> Entiers:
    """A few households in debt name the month that they pay, always or once."""
    retardataires = ~conduites.a_jour & np.isin(conduites.mode, [VIREMENT, CARTE])
    fideles = retardataires & (rng.random(len(retardataires)) < 0.08)
    une_fois = rng.random(versements.du.shape, dtype=np.float32) < 0.004
    nomme = fideles[:, np.newaxis] | (une_fois & (jours.mode == CARTE))
    return np.where(nomme & (versements.du > 0), journal.vocabulaire.un_mois(termes.periodes), 0)


def _ajouter_paiements(
    journal: Journal, montants: Entiers, jours: Calendrier, affectations: Entiers | None
) -> Feuille:
    comptes, colonnes = np.nonzero(montants > 0)
    mode = jours.mode[comptes, colonnes]
    return journal.ajouter(
        Feuille(
            code="PAI",
            libelle=_LIBELLES_MODES[mode],
            cellules=comptes * journal.periode.colonnes + colonnes,
            comptable=jours.comptable[comptes, colonnes],
            valeur=jours.valeur[comptes, colonnes],
            mode=_RANGS_MODES[mode],
            affectation=0 if affectations is None else affectations[comptes, colonnes],
            credit=True,
            montant=montants[comptes, colonnes],
        )
    )


def _ajouter_rejets(
    rng: Tirage, journal: Journal, cible: Feuille, rejetes: Booleens, valeur: Jours, termes: Termes
) -> None:
    """The debit that takes a rejected payment back, two to five days later, known by `au` for the last term due."""
    plats = rejetes.ravel()[cible.cellules]
    cellules = cible.cellules[plats]
    jour = valeur.ravel()[cellules] + rng.integers(2, 6, len(cellules))
    dus = termes.echeances.ravel()[cellules] <= journal.periode.au
    jour = np.where(dus, np.minimum(jour, np.maximum(journal.periode.au, cible.comptable[plats])), jour)
    jour = jour.astype(np.int32)
    journal.ajouter(
        Feuille(
            code="REJ",
            libelle=_MOTIFS[tire_parmi(rng, len(cellules), _POIDS_MOTIFS)],
            cellules=cellules,
            comptable=jour,
            valeur=jour,
            mode=MODE_RANG["prelevement"],
            montant=cible.montant[plats],
            annule=cible,
        )
    )


def _jours_suivants(
    rng: Tirage,
    periode: Horizon,
    termes: Termes,
    conduites: Conduites,
    jours: Calendrier,
    representes: Booleens,
    echecs: Booleens,
) -> Calendrier:
    """When and how the second payment of the month comes: the debit again after the 12th day, else by card."""
    hasard = rng.random(representes.shape, dtype=np.float32)
    debit = (representes & (hasard < 0.75)) | echecs
    autre = np.where(conduites.mode == PRELEVEMENT, CARTE, conduites.mode)[:, np.newaxis]
    ecart = np.where(debit | representes, 11 + (hasard * 6).astype(np.int32), 2 + (hasard * 9).astype(np.int32))
    valeur = np.maximum(jours.valeur, termes.echeances) + ecart
    valeur = np.where(conduites.avant <= 1, np.minimum(valeur, np.maximum(periode.au, jours.valeur)), valeur)
    valeur = valeur.astype(np.int32)
    return Calendrier(np.where(debit, PRELEVEMENT, autre), valeur, valeur)

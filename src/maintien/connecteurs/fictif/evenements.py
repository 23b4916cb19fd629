"""Rarer entries: aids, remissions, costs, the deposits, and the accounts of those who leave."""

import numpy as np

from maintien.connecteurs.fictif.comptes import JAMAIS, Comptes
from maintien.connecteurs.fictif.conduites import Conduites
from maintien.connecteurs.fictif.horizon import Horizon
from maintien.connecteurs.fictif.journal import LIBELLE_RANG, MODE_RANG, RESTITUTION, Feuille, Journal
from maintien.connecteurs.fictif.tableaux import Booleens, Entiers, Jours, Tirage, entre
from maintien.connecteurs.fictif.termes import Termes
from maintien.connecteurs.fictif.versements import Versements

AIDE_AU_PLUS = 1_500_00


def ecrire_extinctions(journal: Journal, termes: Termes, conduites: Conduites, versements: Versements) -> None:
    """Remissions of the whole past debt, and aids on two named months, which take their part of the payment."""
    colonne = np.maximum(conduites.extinction, 0)
    connue = conduites.extinction > 0
    qui = np.flatnonzero(connue & conduites.sont("effacement"))
    jours = termes.echeances[qui, colonne[qui]] - 9
    _ajouter(journal, "EFF", "EFFACEMENT RETABLISSEMENT PERSONNEL", qui, colonne[qui], jours,
             versements.eteint[qui], mode="ecriture", credit=True)  # fmt: skip
    qui = np.flatnonzero(connue & conduites.sont("aide_versee"))
    mois = colonne[qui]
    verse = np.minimum(versements.montants[qui, mois], AIDE_AU_PLUS)
    aide = np.where(mois >= 3, verse * 4 // 5 // 100 * 100, 0)
    versements.montants[qui, mois] -= aide
    jours = termes.echeances[qui, mois] - 6
    noms = journal.vocabulaire.deux_mois(termes.periodes[qui, mois] - 2)
    _ajouter(journal, "AID", "AIDE FSL MAINTIEN", qui, mois, jours, aide, mode="virement", credit=True,
             affectation=noms)  # fmt: skip


def ecrire_aides_sur_quittance(
    rng: Tirage, journal: Journal, termes: Termes, conduites: Conduites, versements: Versements
) -> None:
    """Aids of the landlord on the current month of a few households whose debt was growing."""
    possibles = conduites.sont("dette_montante", "plateau", "plan_tenu", "decalage")
    qui = np.flatnonzero(possibles & (rng.random(len(possibles)) < 0.12))
    mois = conduites.dernier[qui] - entre(rng, len(qui), 1, 4)
    qui, mois = qui[mois > 0], mois[mois > 0]
    aide = np.minimum(versements.montants[qui, mois] // 2, 200_00) // 1000 * 1000
    versements.montants[qui, mois] -= aide
    noms = journal.vocabulaire.un_mois(termes.periodes[qui, mois])
    jours = termes.echeances[qui, mois] - 1
    _ajouter(journal, "AID", "AIDE SUR QUITTANCE", qui, mois, jours, aide, mode="interne", credit=True,
             affectation=noms)  # fmt: skip


def ecrire_frais(rng: Tirage, journal: Journal, conduites: Conduites) -> None:
    """Costs of the writ, then of the court with interest, on some of the heavy debts."""
    lourdes = conduites.sont("dette_ancienne")
    moyennes = conduites.sont("dette_lourde", "plan_rompu")
    hasard = rng.random(len(lourdes))
    actes = np.flatnonzero((lourdes & (hasard < 0.45)) | (moyennes & (hasard < 0.1)))
    mois = conduites.dernier[actes] - entre(rng, len(actes), 2, 9)
    actes, mois = actes[mois > 0], mois[mois > 0]
    jours = journal.periode.premiers[mois] + rng.integers(3, 20, len(actes), dtype=np.int32)
    _ajouter(journal, "FRA", "COUT DU COMMANDEMENT DE PAYER", actes, mois, jours,
             entre(rng, len(actes), 130_00, 190_00), exigible=True)  # fmt: skip
    juges = np.flatnonzero(np.isin(np.arange(len(hasard)), actes) & lourdes & (hasard < 0.15))
    mois = conduites.dernier[juges] - 1
    jours = journal.periode.premiers[mois] + 16
    _ajouter(journal, "FRA", "DEPENS", juges, mois, jours, entre(rng, len(juges), 110_00, 260_00), exigible=True)
    _ajouter(journal, "INT", "INTERETS AU TAUX LEGAL", juges, mois, jours,
             entre(rng, len(juges), 15_00, 90_00), exigible=True)  # fmt: skip


def ecrire_depots(rng: Tirage, journal: Journal, comptes: Comptes) -> None:
    """The deposit called on arrival and paid the same week, by card, cheque or transfer."""
    qui = np.flatnonzero((comptes.entree >= journal.periode.ouverture) & (comptes.entree <= journal.periode.fin))
    mois = colonne_du_jour(journal.periode, comptes.entree[qui])
    appel = comptes.entree[qui]
    montant = comptes.loyer[qui]
    _ajouter(journal, "DG", "DEPOT DE GARANTIE", qui, mois, appel, montant, exigible=True)
    paye = appel + rng.integers(0, 5, len(qui), dtype=np.int32)
    _ajouter(journal, "DG", "REGLEMENT DEPOT DE GARANTIE", qui, mois, paye, montant, credit=True,
             mode=_tirer_modes_depot(rng, len(qui)))  # fmt: skip


def ecrire_departs(
    rng: Tirage, journal: Journal, comptes: Comptes, conduites: Conduites, versements: Versements
) -> None:
    """After the exit: repairs, the deposit given back, the rest refunded or, later, given up or paid by a surety."""
    periode = journal.periode
    partis = np.flatnonzero((comptes.sortie >= periode.ouverture) & (comptes.sortie < JAMAIS))
    partis = partis[comptes.sortie[partis] <= periode.fin - 70]
    sortie = comptes.sortie[partis]
    nombre = len(partis)
    reparations = np.where(rng.random(nombre) < 0.32, entre(rng, nombre, 60_00, 640_00), 0)
    jour = sortie + rng.integers(15, 30, nombre, dtype=np.int32)
    _ajouter(journal, "REP", "REPARATIONS LOCATIVES", partis, colonne_du_jour(periode, jour), jour, reparations,
             exigible=True)  # fmt: skip
    depot = comptes.loyer[partis]
    jour = sortie + rng.integers(45, 60, nombre, dtype=np.int32)
    _ajouter(journal, "DG", "RESTITUTION DEPOT DE GARANTIE", partis, colonne_du_jour(periode, jour), jour, depot,
             credit=True, affectation=RESTITUTION)  # fmt: skip
    solde = versements.reste[partis, -1] + reparations - depot
    jour = jour + 5
    _ajouter(journal, "REM", "REMBOURSEMENT SOLDE SORTIE", partis, colonne_du_jour(periode, jour), jour,
             np.maximum(-solde, 0), mode="virement", exigible=True, value=True)  # fmt: skip
    _ecrire_fins_de_creance(rng, journal, partis, sortie, np.maximum(solde, 0), conduites)


def _ecrire_fins_de_creance(
    rng: Tirage, journal: Journal, partis: Entiers, sortie: Jours, solde: Entiers, conduites: Conduites
) -> None:
    """A quarter of the debts of leavers is given up after fourteen months; a surety pays a few."""
    hasard = rng.random(len(partis))
    libres = (solde > 0) & np.isin(conduites.profil[partis], conduites.profil[conduites.sont("parti_dette")])
    abandon = libres & (hasard < 0.25)
    jour = sortie + 430
    _ajouter(journal, "EFF", "ABANDON DE CREANCE", partis[abandon], colonne_du_jour(journal.periode, jour[abandon]),
             jour[abandon], solde[abandon], mode="ecriture", credit=True)  # fmt: skip
    garant = libres & (hasard > 0.9)
    jour = sortie + 120
    mois = colonne_du_jour(journal.periode, sortie[garant])
    noms = journal.vocabulaire.deux_mois(journal.periode.mois[np.maximum(mois - 1, 0)])
    _ajouter(journal, "GAR", "REGLEMENT GARANT", partis[garant], colonne_du_jour(journal.periode, jour[garant]),
             jour[garant], solde[garant] // 2, mode="virement", credit=True, affectation=noms)  # fmt: skip


def colonne_du_jour(periode: Horizon, jours: Jours) -> Entiers:
    """The column of the month of each day; days after the last month are in the last column."""
    rang = np.searchsorted(periode.premiers, jours, side="right") - 1
    return np.clip(rang, 0, periode.colonnes - 1)


def _tirer_modes_depot(rng: Tirage, nombre: int) -> Entiers:
    rangs = np.array([MODE_RANG[mode] for mode in ("carte", "cheque", "virement")])
    return rangs[rng.integers(0, 3, nombre)]


def _ajouter(
    journal: Journal,
    code: str,
    libelle: str,
    comptes: Entiers,
    colonnes: Entiers,
    jours: Jours,
    montants: Entiers,
    *,
    mode: str | Entiers = "",
    credit: bool = False,
    exigible: bool = False,
    value: bool = False,
    affectation: Entiers | int = 0,
) -> None:
    """One entry an account; credits and refunds carry a value date, calls a due date."""
    jours = np.asarray(jours).astype(np.int32)
    garde: Booleens = (jours <= journal.periode.fin) & (montants > 0)
    journal.ajouter(
        Feuille(
            code=code,
            libelle=LIBELLE_RANG[libelle],
            cellules=(comptes * journal.periode.colonnes + colonnes)[garde],
            comptable=jours[garde],
            valeur=jours[garde] if credit or value else None,
            exigibilite=jours[garde] if exigible else None,
            mode=MODE_RANG[mode] if isinstance(mode, str) else mode[garde],
            affectation=affectation if isinstance(affectation, int) else affectation[garde],
            credit=credit,
            montant=montants[garde],
        )
    )

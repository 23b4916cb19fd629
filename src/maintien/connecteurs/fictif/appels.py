"""Entries of the monthly bills, of the aid of the Caf, and of the opening of the accounts."""

import numpy as np

from maintien.connecteurs.fictif.comptes import Comptes
from maintien.connecteurs.fictif.conduites import Conduites
from maintien.connecteurs.fictif.horizon import premiers_jours
from maintien.connecteurs.fictif.journal import LIBELLE_RANG, MODE_RANG, MOIS_DE_REPRISE, Feuille, Journal
from maintien.connecteurs.fictif.tableaux import Booleens, Entiers, Jours, Tirage
from maintien.connecteurs.fictif.termes import Ligne, Termes
from maintien.connecteurs.fictif.versements import Versements

_REPRISES_AU_PLUS = 48


def ecrire_reprise(journal: Journal, comptes: Comptes, conduites: Conduites, versements: Versements) -> None:
    """Opening entries: one a month still unpaid in the former software, the term not yet due, or an advance."""
    dette = conduites.ouverture
    _reprendre(journal, "REPRISE AVANCE", np.minimum(dette, 0))
    moyen = np.maximum(conduites.moyen, 30_00)
    nombre = np.minimum((dette + moyen - 1) // moyen, min(_REPRISES_AU_PLUS, MOIS_DE_REPRISE - 3))
    for rang in range(int(nombre.max(initial=0)), 0, -1):
        plus_ancien = nombre == rang
        montant = np.where(plus_ancien, dette - moyen * (nombre - 1), moyen)
        _reprendre_terme(journal, comptes, rang, np.where(nombre >= rang, montant, 0))
    _reprendre_terme(journal, comptes, 0, np.where(comptes.entree < journal.periode.ouverture, versements.du[:, 0], 0))


def _reprendre(journal: Journal, libelle: str, montant: Entiers) -> None:
    qui = np.flatnonzero(montant)
    jours = np.full(len(qui), journal.periode.ouverture, dtype=np.int32)
    journal.ajouter(
        Feuille(
            code="OD",
            libelle=LIBELLE_RANG[libelle],
            cellules=qui * journal.periode.colonnes,
            comptable=jours,
            valeur=jours,
            montant=montant[qui],
        )
    )


def _reprendre_terme(journal: Journal, comptes: Comptes, recul: int, montant: Entiers) -> None:
    """The term of `recul` months before the one that is due just after the opening."""
    qui = np.flatnonzero(montant > 0)
    fin_de_mois = comptes.jour[qui] == 31
    periodes = journal.periode.du - 1 - recul + comptes.echoir[qui] + np.where(fin_de_mois, 1, 0)
    suivant = premiers_jours(periodes + 1 - comptes.echoir[qui])
    echeances = np.where(fin_de_mois, suivant - 1, suivant + comptes.jour[qui] - 1)
    journal.ajouter(
        Feuille(
            code="OD",
            libelle=journal.vocabulaire.reprises(periodes),
            cellules=qui * journal.periode.colonnes,
            comptable=np.full(len(qui), journal.periode.ouverture, dtype=np.int32),
            exigibilite=echeances.astype(np.int32),
            periode=periodes,
            montant=montant[qui],
        )
    )


def ecrire_appels(journal: Journal, termes: Termes, conduites: Conduites, occupants_sans_titre: Booleens) -> None:
    """The lines of each bill; `occupants_sans_titre`: months billed as an indemnity of occupation."""
    for ligne in termes.lignes:
        indemnites = occupants_sans_titre[ligne.lignes]
        if ligne.code == "LOY" and indemnites.any():
            _ecrire_ligne(journal, termes, ligne, (ligne.montants != 0) & ~indemnites)
            titre = Ligne("IND", "INDEMNITE D'OCCUPATION", ligne.lignes, ligne.montants)
            _ecrire_ligne(journal, termes, titre, (ligne.montants != 0) & indemnites)
        else:
            _ecrire_ligne(journal, termes, ligne, ligne.montants != 0)
    _ecrire_regularisations(journal, termes)
    _ecrire_trop_percus(journal, termes, conduites)


def _cases(journal: Journal, lignes: Entiers, garde: Booleens) -> tuple[Entiers, Entiers, Entiers, Entiers]:
    """Rank in `lignes`, column, account and cell of what is kept; column 0 belongs to the opening."""
    garde = garde.copy()
    garde[:, 0] = False
    rangs, colonnes = np.nonzero(garde)
    comptes = lignes[rangs]
    return rangs, colonnes, comptes, comptes * journal.periode.colonnes + colonnes


def _ecrire_ligne(journal: Journal, termes: Termes, ligne: Ligne, garde: Booleens) -> None:
    rangs, colonnes, comptes, cellules = _cases(journal, ligne.lignes, garde)
    journal.ajouter(
        Feuille(
            code=ligne.code,
            libelle=LIBELLE_RANG[ligne.libelle],
            cellules=cellules,
            comptable=termes.appels[comptes, colonnes],
            exigibilite=termes.echeances[comptes, colonnes],
            periode=termes.periodes[comptes, colonnes],
            montant=ligne.montants[rangs, colonnes],
        )
    )


def _ecrire_regularisations(journal: Journal, termes: Termes) -> None:
    tous = np.arange(len(termes.regularisation))
    _, colonnes, comptes, cellules = _cases(journal, tous, termes.regularisation != 0)
    journal.ajouter(
        Feuille(
            code="REG",
            libelle=journal.vocabulaire.reglements(journal.periode.mois[colonnes] // 12 - 1),
            cellules=cellules,
            comptable=termes.appels[comptes, colonnes],
            exigibilite=termes.echeances[comptes, colonnes],
            periode=termes.periodes[comptes, colonnes],
            montant=termes.regularisation[comptes, colonnes],
        )
    )


def _ecrire_trop_percus(journal: Journal, termes: Termes, conduites: Conduites) -> None:
    """Taken back on the day of the Caf, for a month of right of the past, due with the current term."""
    montants = conduites.caf.trop_percus
    _, colonnes, comptes, cellules = _cases(journal, np.arange(len(montants)), montants != 0)
    jours = termes.caf[colonnes]
    journal.ajouter(
        Feuille(
            code="RAP",
            libelle=LIBELLE_RANG["TROP PERCU APL REPRIS PAR LA CAF"],
            cellules=cellules,
            comptable=jours,
            valeur=jours,
            exigibilite=termes.echeances[comptes, colonnes],
            periode=termes.periodes[comptes, colonnes] - 2,
            mode=MODE_RANG["caf"],
            montant=montants[comptes, colonnes],
        )
    )


def ecrire_apl(journal: Journal, termes: Termes, conduites: Conduites) -> None:
    """The aid of the month on the 25th, then the recalls of past months, one sheet a rank of recall."""
    caf = conduites.caf
    _, colonnes, comptes, cellules = _cases(journal, np.arange(len(caf.verse)), caf.verse != 0)
    _ajouter_caf(journal, "APL", "APL TIERS PAYANT", cellules, termes.caf[colonnes],
                 termes.periodes[comptes, colonnes], caf.verse[comptes, colonnes])  # fmt: skip
    rappels = caf.rappels
    ordre = np.lexsort((rappels.mois, rappels.colonnes, rappels.lignes))
    lignes, payes, mois = rappels.lignes[ordre], rappels.colonnes[ordre], rappels.mois[ordre]
    cases = lignes * journal.periode.colonnes + payes
    rang = np.arange(len(cases)) - np.searchsorted(cases, cases)
    for tour in range(int(rang.max(initial=-1)) + 1):
        choix = rang == tour
        _ajouter_caf(journal, "RAP", "RAPPEL APL", cases[choix], termes.caf[payes[choix]],
                     termes.periodes[lignes[choix], mois[choix]], rappels.montants[ordre][choix])  # fmt: skip


def _ajouter_caf(
    journal: Journal, code: str, libelle: str, cellules: Entiers, jours: Jours, periodes: Entiers, montants: Entiers
) -> None:
    journal.ajouter(
        Feuille(
            code=code,
            libelle=LIBELLE_RANG[libelle],
            cellules=cellules,
            comptable=jours,
            valeur=jours,
            periode=periodes,
            mode=MODE_RANG["caf"],
            credit=True,
            montant=montants,
        )
    )


def tirer_occupants_sans_titre(rng: Tirage, conduites: Conduites) -> Booleens:
    """Months after the end of the lease by a judge, for a few of the oldest debts."""
    anciennes = conduites.sont("dette_ancienne") & (rng.random(len(conduites.profil)) < 0.12)
    depuis = rng.integers(2, 12, len(anciennes))
    return anciennes[:, np.newaxis] & (conduites.avant <= depuis[:, np.newaxis])

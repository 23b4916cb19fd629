"""The entries of a block, from matrices to one Arrow table ordered by account, month and rank in the month.

Every kind of entry is a `Feuille`: at most one entry a cell (account x column). The place of an entry in the table is
computed from the number of entries of each cell, so nothing is sorted.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from maintien.coeur.calendrier import Periode, format_periode
from maintien.connecteurs.fictif.conduites import MODES
from maintien.connecteurs.fictif.horizon import Horizon
from maintien.connecteurs.fictif.tableaux import (
    Entiers,
    Jours,
    Octets,
    colonne_choix,
    colonne_jours,
    colonne_texte,
    compose_octets,
)

SANS_JOUR = -(2**31)
SANS_PERIODE = -1
CODES = [
    *("LOY", "ANX", "CHG", "REG", "SLS", "RLS", "CLE", "ASS", "IND", "APL", "RAP", "PAI", "AID", "GAR"),
    *("REJ", "REM", "DG", "REP", "FRA", "INT", "EFF", "OD"),
]
CODE_RANG = {code: i for i, code in enumerate(CODES)}
MODES_ECRITURE = ["", *MODES, "caf", "interne", "ecriture"]
MODE_RANG = {mode: i for i, mode in enumerate(MODES_ECRITURE)}
LIBELLES = [
    "LOYER PRINCIPAL",
    "INDEMNITE D'OCCUPATION",
    "LOYER ANNEXE PARKING",
    "PROVISION POUR CHARGES",
    "ASSURANCE POUR COMPTE",
    "CONTRIBUTION ECONOMIES D'ENERGIE",
    "SUPPLEMENT DE LOYER DE SOLIDARITE",
    "REDUCTION LOYER SOLIDARITE",
    "APL TIERS PAYANT",
    "RAPPEL APL",
    "TROP PERCU APL REPRIS PAR LA CAF",
    "PRELEVEMENT SEPA",
    "VIREMENT RECU",
    "PAIEMENT CARTE EN LIGNE",
    "REMISE CHEQUE",
    "VERSEMENT ESPECES",
    "MANDAT COMPTE",
    "REJET PRELEVEMENT AM04",
    "REJET PRELEVEMENT MS03",
    "REJET PRELEVEMENT AC04",
    "REJET PRELEVEMENT MS02",
    "REJET PRELEVEMENT MD06",
    "REJET PRELEVEMENT MD07",
    "AIDE FSL MAINTIEN",
    "AIDE SUR QUITTANCE",
    "EFFACEMENT RETABLISSEMENT PERSONNEL",
    "ABANDON DE CREANCE",
    "REGLEMENT GARANT",
    "COUT DU COMMANDEMENT DE PAYER",
    "DEPENS",
    "INTERETS AU TAUX LEGAL",
    "REPARATIONS LOCATIVES",
    "DEPOT DE GARANTIE",
    "REGLEMENT DEPOT DE GARANTIE",
    "RESTITUTION DEPOT DE GARANTIE",
    "REMBOURSEMENT SOLDE SORTIE",
    "REPRISE AVANCE",
]
LIBELLE_RANG = {libelle: i for i, libelle in enumerate(LIBELLES)}
MOIS_DE_REPRISE = 60
"""How far back an opening entry or a named month can reach."""
_SUITE = 4


class Vocabulaire:
    """The labels and named months of a portfolio, the same in every block."""

    def __init__(self, periode: Horizon) -> None:
        self._premier: Periode = periode.du - MOIS_DE_REPRISE
        mois = [format_periode(p) for p in range(self._premier, int(periode.mois[-1]) + 4)]
        self.affectations = ["", "RESTITUTION", *mois, *(f"{a}|{b}" for a, b in pairwise(mois))]
        self._nombre_mois = len(mois)
        annees = range(self._premier // 12, int(periode.mois[-1]) // 12 + 1)
        self.libelles = [
            *LIBELLES,
            *(f"REPRISE TERME {m}" for m in mois),
            *(f"REGULARISATION CHARGES {a}" for a in annees),
        ]

    def reprises(self, periodes: Entiers) -> Entiers:
        """Ranks of the labels of opening terms."""
        return periodes - self._premier + len(LIBELLES)

    def reglements(self, annees: Entiers) -> Entiers:
        """Ranks of the labels of the settlements of these years."""
        return annees - self._premier // 12 + len(LIBELLES) + self._nombre_mois

    def un_mois(self, periodes: Entiers) -> Entiers:
        """Ranks of the affectations to one month."""
        return periodes - self._premier + 2

    def deux_mois(self, periodes: Entiers) -> Entiers:
        """Ranks of the affectations to a month and the next one."""
        return periodes - self._premier + 2 + self._nombre_mois


RESTITUTION = 1


@dataclass
class Feuille:
    """Entries of one kind; `cellules` rise and never repeat. `annule`: the sheet whose entry of the cell falls."""

    code: str
    libelle: Entiers | int
    cellules: Entiers
    comptable: Jours
    montant: Entiers
    credit: bool = False
    valeur: Jours | None = None
    exigibilite: Jours | None = None
    periode: Entiers | None = None
    mode: Entiers | int = 0
    affectation: Entiers | int = 0
    annule: "Feuille | None" = None
    positions: Entiers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


class Journal:
    """Collects the sheets of a block in the order in which the entries of one cell follow each other."""

    def __init__(self, periode: Horizon, vocabulaire: Vocabulaire, comptes: int) -> None:
        self.periode = periode
        self.vocabulaire = vocabulaire
        self.cases = comptes * periode.colonnes
        self.feuilles: list[Feuille] = []

    def ajouter(self, feuille: Feuille) -> Feuille:
        """Keep what the books know at the end, without empty amounts. A negative amount goes to the other side."""
        garde = (feuille.comptable <= self.periode.fin) & (feuille.montant != 0)
        if not garde.all():
            for nom, valeurs in vars(feuille).items():
                if isinstance(valeurs, np.ndarray) and nom != "positions":
                    setattr(feuille, nom, valeurs[garde])
        self.feuilles.append(feuille)
        return feuille

    def table(self, references: Octets) -> Any:
        """The entries as an Arrow table; `references`: the account references, one row of bytes an account."""
        effectifs = np.zeros(self.cases, dtype=np.int64)
        for feuille in self.feuilles:
            effectifs[feuille.cellules] += 1
        libre = np.cumsum(effectifs) - effectifs
        for feuille in self.feuilles:
            feuille.positions = libre[feuille.cellules]
            libre[feuille.cellules] += 1
        par_compte = effectifs.reshape(len(references), -1).sum(axis=1)
        return self._colonnes(references, par_compte)

    def _colonnes(self, references: Octets, par_compte: Entiers) -> Any:
        total = int(par_compte.sum())
        textes = self._references(references, par_compte, total)
        comptable, valeur, exigibilite = (self._remplir(nom, total, SANS_JOUR, np.int32) for nom in _JOURS)
        periodes = self._remplir("periode", total, SANS_PERIODE, np.int32)
        signe = self._remplir("montant", total, 0, np.int64)
        vocabulaire = self.vocabulaire
        return pa.table(
            {
                "reference_ecriture": colonne_texte(textes),
                "reference_compte": colonne_texte(textes[:, : references.shape[1]]),
                "date_comptable": colonne_jours(comptable),
                "date_valeur": colonne_jours(valeur, valeur == SANS_JOUR),
                "date_exigibilite": colonne_jours(exigibilite, exigibilite == SANS_JOUR),
                "periode": pa.array(periodes, mask=periodes == SANS_PERIODE),
                "code": colonne_choix(self._remplir("code", total, 0, np.int16), CODES),
                "libelle": colonne_choix(self._remplir("libelle", total, 0, np.int16), vocabulaire.libelles),
                "debit": pa.array(np.maximum(signe, 0)),
                "credit": pa.array(np.maximum(-signe, 0)),
                "mode": colonne_choix(self._remplir("mode", total, 0, np.int16), MODES_ECRITURE),
                "reference_annulee": self._annulees(textes, total),
                "affectation": colonne_choix(
                    self._remplir("affectation", total, 0, np.int16), vocabulaire.affectations
                ),
            }
        )

    def _references(self, references: Octets, par_compte: Entiers, total: int) -> Octets:
        """Account reference, hyphen, number of the entry in its account."""
        debuts = np.repeat(np.cumsum(par_compte) - par_compte, par_compte)
        numeros = compose_octets("-", (np.arange(10**_SUITE, dtype=np.int64), _SUITE), lignes=10**_SUITE)
        compte, numero = f"V{references.shape[1]}", f"V{_SUITE + 1}"
        textes = np.empty(total, dtype=[("compte", compte), ("numero", numero)])
        textes["compte"] = np.repeat(references.view(compte).ravel(), par_compte)
        textes["numero"] = numeros.view(numero).ravel()[np.arange(total) - debuts + 1]
        return textes.view(np.uint8).reshape(total, -1)

    def _remplir(self, nom: str, total: int, absent: int, genre: Any) -> Any:
        colonne = np.full(total, absent, dtype=genre)
        for feuille in self.feuilles:
            valeurs = _champ(feuille, nom)
            if valeurs is not None:
                colonne[feuille.positions] = valeurs
        return colonne

    def _annulees(self, textes: Octets, total: int) -> Any:
        """The reference of the entry that each cancelling entry takes back."""
        cibles = np.full(total, -1, dtype=np.int64)
        for feuille in self.feuilles:
            if feuille.annule is not None:
                rangs = np.searchsorted(feuille.annule.cellules, feuille.cellules)
                cibles[feuille.positions] = feuille.annule.positions[rangs]
        presentes = cibles >= 0
        return colonne_texte(textes[cibles[presentes]], presentes)


_JOURS = ("comptable", "valeur", "exigibilite")


def _champ(feuille: Feuille, nom: str) -> Any:
    if nom == "code":
        return CODE_RANG[feuille.code]
    if nom == "montant":
        return -feuille.montant if feuille.credit else feuille.montant
    valeurs = getattr(feuille, nom)
    return None if isinstance(valeurs, int) and valeurs == 0 else valeurs

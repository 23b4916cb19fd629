"""The repayment plans that the targets followed, as the plans file writes them."""

from typing import Any

import numpy as np
import pyarrow as pa

from maintien.connecteurs.fictif.baux import references_comptes
from maintien.connecteurs.fictif.comptes import Comptes
from maintien.connecteurs.fictif.conduites import SANS_COLONNE, Conduites
from maintien.connecteurs.fictif.horizon import Horizon, premiers_jours
from maintien.connecteurs.fictif.tableaux import Tirage, colonne_jours, colonne_texte, compose_octets
from maintien.connecteurs.fictif.termes import Termes
from maintien.connecteurs.fictif.versements import Versements

_MONTANT_AU_MOINS = 100_00
_RUPTURE_APRES = 2
"""Instalments missed before the plan is declared broken."""


def table_plans(
    rng: Tirage, periode: Horizon, comptes: Comptes, termes: Termes, conduites: Conduites, versements: Versements
) -> Any:
    """One row a plan, signed after the term of its column, the first instalment on the next due date."""
    signe = (conduites.plan > SANS_COLONNE) & (versements.plan_montant >= _MONTANT_AU_MOINS)
    mois_signature = np.where(signe, periode.du + conduites.plan, periode.du)
    signature = premiers_jours(mois_signature) + rng.integers(10, 22, len(comptes), dtype=np.int32)
    qui = np.flatnonzero(signe & (signature <= periode.au))
    premiere = _echeance(comptes, periode.du + conduites.plan + 1)
    mois_rupture = np.where(conduites.rupture > SANS_COLONNE, conduites.rupture + _RUPTURE_APRES, 0)
    rupture = premiers_jours(periode.du + mois_rupture) + 24
    rompu = (conduites.rupture > SANS_COLONNE) & (rupture <= periode.au)
    fin = np.maximum(versements.fin_plan, 0)
    solde = termes.echeances[np.arange(len(comptes)), fin]
    soldee = (versements.fin_plan > SANS_COLONNE) & ~rompu & (solde <= periode.au)
    references = compose_octets("PL", (comptes.logement[qui], 7), (comptes.rang[qui], 1), "01", lignes=len(qui))
    return pa.table(
        {
            "reference_plan": colonne_texte(references),
            "reference_compte": colonne_texte(references_comptes(comptes)[qui]),
            "date_signature": colonne_jours(signature[qui]),
            "montant": pa.array(versements.plan_montant[qui]),
            "nombre_echeances": pa.array(conduites.plan_nombre[qui].astype(np.int32)),
            "mensualite": pa.array(versements.plan_mensualite[qui]),
            "premiere_echeance": colonne_jours(premiere[qui]),
            "date_rupture": colonne_jours(rupture[qui], ~rompu[qui]),
            "date_solde": colonne_jours(solde[qui], ~soldee[qui]),
        }
    )


def _echeance(comptes: Comptes, mois: Any) -> Any:
    """The due date that falls in each month, or on the last day of the month before for those paying then."""
    premiers = premiers_jours(np.maximum(mois, 0))
    return np.where(comptes.jour == 31, premiers - 1, premiers + comptes.jour - 1).astype(np.int32)

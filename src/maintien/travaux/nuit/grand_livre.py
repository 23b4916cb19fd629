"""What the ledger says of the accounts of a block, read from the mirror and told by the core."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from maintien.apps.comptes.models import Ecriture as LigneDeCompte
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.imputation import imputation
from maintien.coeur.compte.situation import Situation, situation_imputee
from maintien.coeur.orientation.histoire import HistoireCompte, histoire_du_compte
from maintien.moteurs.colonnes.miroir import Miroir

_REJETS_SUR_JOURS = 400
_COLONNES = (
    "reference_ecriture",
    "reference_compte",
    "date_comptable",
    "date_valeur",
    "date_exigibilite",
    "periode",
    "code",
    "debit",
    "credit",
    "reference_annulee",
    "affectation",
)


def histories(
    miroir: Miroir, comptes: Mapping[int, str], termes_moyens: Mapping[str, int | None], au: date
) -> dict[str, HistoireCompte]:
    """The history of each account (key: reference); the mirror is read once for the whole block."""
    ecritures = _entries(miroir, comptes.values(), _labels(comptes, au))
    return {
        reference: histoire_du_compte(lignes, imputation(lignes, au), termes_moyens.get(reference))
        for reference, lignes in ecritures.items()
    }


def replays(
    miroir: Miroir, comptes: Mapping[int, str], baux: Mapping[str, Sequence[BailCompte]], au: date
) -> dict[str, tuple[Situation, HistoireCompte]]:
    """The situation and the history of each account on a day before the night, computed by the core."""
    ecritures = _entries(miroir, comptes.values(), _labels(comptes, au))
    rejoues = {}
    for reference in comptes.values():
        impute = imputation(ecritures.get(reference, []), au)
        situation = situation_imputee(impute, baux[reference])
        histoire = histoire_du_compte(ecritures.get(reference, []), impute, situation.terme_moyen_net_centimes)
        rejoues[reference] = (situation, histoire)
    return rejoues


def _labels(comptes: Mapping[int, str], au: date) -> dict[str, str]:
    """Labels of recent rejects: the bank's reason is there, and the mirror does not carry them."""
    depuis = au - timedelta(days=_REJETS_SUR_JOURS)
    rejets = LigneDeCompte.objects.filter(
        compte_id__in=comptes, code="REJ", date_comptable__gt=depuis, date_comptable__lte=au
    )
    return dict(rejets.values_list("reference", "libelle"))


def _entries(miroir: Miroir, references: Collection[str], libelles: Mapping[str, str]) -> dict[str, list[Ecriture]]:
    par_compte: dict[str, list[Ecriture]] = defaultdict(list)
    table = miroir.lire(references)
    colonnes: list[list[Any]] = [table.column(nom).to_pylist() for nom in _COLONNES]
    for reference, compte, comptable, valeur, exigible, periode, code, debit, credit, annulee, affectation in zip(
        *colonnes, strict=True
    ):
        par_compte[compte].append(
            Ecriture(
                reference,
                compte,
                comptable,
                valeur,
                exigible,
                periode,
                code,
                libelles.get(reference, ""),
                debit,
                credit,
                "",
                annulee,
                affectation,
            )
        )
    return par_compte

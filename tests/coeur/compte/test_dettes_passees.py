"""La dette d'un jour passé est celle que les livres montraient : ce qui fut saisi ensuite n'y change rien."""

from datetime import date
from typing import Any

import pytest

from maintien.coeur.calendrier import parse_periode
from maintien.coeur.compte.dettes_passees import dettes_passees
from maintien.coeur.compte.ecritures import Ecriture
from maintien.coeur.compte.imputation import imputation

AU = date(2026, 11, 23)
OCTOBRE = date(2026, 10, 31)


def _e(reference: str, comptable: str, code: str, montant: int, **champs: Any) -> Ecriture:
    """Une écriture au débit (montant positif) ou au crédit."""
    for nom in ("date_valeur", "date_exigibilite"):
        if nom in champs:
            champs[nom] = date.fromisoformat(champs[nom])
    if "periode" in champs:
        champs["periode"] = parse_periode(champs["periode"])
    sens = {"debit_centimes": montant} if montant >= 0 else {"credit_centimes": -montant}
    return Ecriture(reference, "C1", date.fromisoformat(comptable), code=code, **sens, **champs)


JUILLET = _e("L07", "2026-07-20", "LOY", 450_00, date_exigibilite="2026-07-31", periode="2026-07")
NOVEMBRE = _e("L11", "2026-11-20", "LOY", 450_00, date_exigibilite="2026-11-30", periode="2026-11")


@pytest.mark.parametrize(
    ("lignes", "montree", "recomptee"),
    [
        pytest.param(
            [
                _e("P", "2026-10-10", "PAI", -450_00),
                _e("R", "2026-11-03", "REJ", 450_00, reference_annulee="P"),
            ],
            0,
            450_00,
            id="le rejet saisi en novembre compte à partir de novembre",
        ),
        pytest.param(
            [
                _e("R", "2026-10-05", "REJ", 450_00, reference_annulee="P"),
                _e("P", "2026-11-03", "PAI", -450_00),
            ],
            900_00,
            450_00,
            id="le rejet saisi avant son paiement est une créance de plus tant qu'on ne le connaît pas",
        ),
        pytest.param(
            [_e("P", "2026-10-10", "PAI", -450_00, affectation="2026-11"), NOVEMBRE],
            0,
            450_00,
            id="le paiement d'un mois pas encore appelé payait juillet",
        ),
        pytest.param(
            [_e("P", "2026-11-20", "PAI", -450_00, date_valeur="2026-10-10")],
            450_00,
            0,
            id="le paiement d'octobre saisi en novembre n'était pas connu",
        ),
        pytest.param(
            [_e("P", "2026-10-10", "PAI", -450_00, date_valeur="2026-11-05")],
            0,
            450_00,
            id="le paiement de valeur à venir avait déjà effet",
        ),
        pytest.param(
            [_e("D", "2026-11-02", "REP", 80_00, date_exigibilite="2026-10-15")],
            450_00,
            530_00,
            id="la réparation appelée après coup n'était pas connue",
        ),
    ],
)
def test_ce_que_les_livres_montraient(lignes: list[Ecriture], montree: int, recomptee: int) -> None:
    compte = imputation([JUILLET, *lignes], AU)

    assert dettes_passees([JUILLET, *lignes], compte, [OCTOBRE]) == ((OCTOBRE, montree),)
    # L'historique, vu d'aujourd'hui, dit autre chose : c'est lui que les motifs montraient.
    assert [e for e in compte.historique if e.jour <= OCTOBRE][-1].dette_locative_centimes == recomptee


def test_rien_avant_le_commencement_du_compte() -> None:
    jours = [date(2026, 6, 30), date(2026, 7, 31)]

    assert dettes_passees([JUILLET], imputation([JUILLET], AU), jours) == ((date(2026, 7, 31), 450_00),)

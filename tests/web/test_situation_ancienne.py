"""A situation of another time says so, counts its delays from its own day, and gives the years of its dates.

The reader is on 20 November 2026; the last pass of the old landlord is of 31 December 2020, 2 150 days before.
"""

from datetime import date, timedelta

import pytest
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.dossiers.models import Proposition

ANCIENNE = "Situation ancienne : elle est du 31 décembre 2020, il y a 2 150 jours."


def _situation_du(monde: Monde, jour: date) -> Proposition:
    monde.organisme.derniere_nuit = jour
    monde.organisme.save(update_fields=["derniere_nuit"])
    return monde.ajouter_proposition(
        avant_le=date(2020, 12, 29), echeance_legale=date(2021, 1, 5), imposee=True, genre="impaye_legal"
    )


def test_la_journee_dit_que_la_situation_est_ancienne_et_quoi_faire(monde: Monde) -> None:
    _situation_du(monde, date(2020, 12, 31))

    page = texte(monde.client().get("/journee/"))

    assert ANCIENNE in page
    assert "importez les derniers exports, puis lancez la passe de nuit (maintien nuit)." in page
    assert "délai légal mar. 5 janv. 2021" in page
    assert "mar. 29 déc. 2020 (mardi 29 décembre 2020) dépassé depuis 2 jours" in page
    assert "2 150 jours" in page
    assert "dépassé depuis 2 15" not in page


def test_le_dossier_le_dit_aussi_sur_ses_trois_pages(monde: Monde) -> None:
    pk = _situation_du(monde, date(2020, 12, 31)).dossier_id

    for adresse in (f"/dossiers/{pk}/", f"/dossiers/{pk}/?onglet=journal", f"/dossiers/{pk}/compte/"):
        page = texte(monde.client().get(adresse))
        assert ANCIENNE in page, adresse
        assert "dépassé depuis 2 15" not in page


@pytest.mark.parametrize(("jours", "attendu"), [(7, False), (8, True)])
def test_une_semaine_sans_nuit_n_est_pas_encore_une_situation_ancienne(
    monde: Monde, jours: int, attendu: bool
) -> None:
    proposition = _situation_du(monde, fabriques.NUIT - timedelta(days=jours))

    page = texte(monde.client().get(f"/dossiers/{proposition.dossier_id}/"))

    assert ("Situation ancienne" in page) is attendu
    # 5 January 2021 to 20 November 2026 is 2 145 days; to 12 November, 2 137.
    assert ("dépassé depuis 2 145 jours" in page, "dépassé depuis 2 137 jours" in page) == (not attendu, attendu)

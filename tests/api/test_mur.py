"""The API with the application's filter taken away: on PostgreSQL, row-level security alone holds."""

import pytest
from django.db import connection
from tests.api.conftest import Monde
from tests.sans_filtre import sans_filtre

pytestmark = pytest.mark.matrice


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite n'a que le filtre")
def test_la_base_seule_refuse_les_lignes_d_un_autre(monde: Monde) -> None:
    with sans_filtre():
        situation = monde.get("client", f"/api/v1/situations/{monde.comptes['ailleurs']}")
        dossier = monde.get("client", f"/api/v1/dossiers/{monde.dossiers['ailleurs']}")
        pages = [monde.get("client", f"/api/v1/{liste}").content.decode() for liste in ("situations", "dossiers")]

    assert (situation.status_code, dossier.status_code) == (404, 404)
    assert not any("AILLEURS" in page for page in pages)
    assert all("C-ordinaire" in page for page in pages)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL tient sans le filtre")
def test_le_filtre_est_vraiment_retire(monde: Monde) -> None:
    with sans_filtre():
        assert monde.get("client", f"/api/v1/situations/{monde.comptes['ailleurs']}").status_code == 200
        assert monde.get("client", f"/api/v1/dossiers/{monde.dossiers['ailleurs']}").status_code == 200

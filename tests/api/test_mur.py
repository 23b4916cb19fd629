"""The API with the filter by organisme taken away: on PostgreSQL, row-level security alone holds."""

from collections.abc import Iterator

import pytest
from django.db import connection
from tests.api.conftest import Monde

from maintien.apps.socle.models import ScopedManager, ScopedQuerySet

pytestmark = pytest.mark.matrice


@pytest.fixture
def sans_filtre(monde: Monde, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def tout(self: ScopedManager) -> ScopedQuerySet:
        return ScopedQuerySet(self.model, using=self._db, hints=self._hints)

    with monkeypatch.context() as patch:
        patch.setattr(ScopedManager, "get_queryset", tout)
        yield


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite n'a que le filtre")
def test_la_base_seule_refuse_les_lignes_d_un_autre(monde: Monde, sans_filtre: None) -> None:
    situation = monde.get("client", f"/api/v1/situations/{monde.comptes['ailleurs']}")
    dossier = monde.get("client", f"/api/v1/dossiers/{monde.dossiers['ailleurs']}")
    pages = [monde.get("client", f"/api/v1/{liste}").content.decode() for liste in ("situations", "dossiers")]

    assert (situation.status_code, dossier.status_code) == (404, 404)
    assert not any("AILLEURS" in page for page in pages)
    assert all("C-ordinaire" in page for page in pages)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL tient sans le filtre")
def test_le_filtre_est_vraiment_retire(monde: Monde, sans_filtre: None) -> None:
    """Witness: the very requests that the second wall refuses are answered without it."""
    assert monde.get("client", f"/api/v1/situations/{monde.comptes['ailleurs']}").status_code == 200
    # The table of habilitations still says that nothing is read of another organisme's dossier.
    dossier = monde.get("client", f"/api/v1/dossiers/{monde.dossiers['ailleurs']}")
    assert (dossier.status_code, dossier.json()) == (200, {})

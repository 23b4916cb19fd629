"""A landlord whose deposits go to a folder of the test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import fabriques

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope


@pytest.fixture
def bailleur(db: None, settings: Any, tmp_path: Path) -> Iterator[Organisme]:
    """In scope; its data folder is a fresh one."""
    settings.MAINTIEN_DONNEES = tmp_path / "donnees"
    organisme = fabriques.organisme("BAILLEUR")
    with organisme_scope(organisme):
        yield organisme


@pytest.fixture
def autre_bailleur(db: None) -> Organisme:
    """Out of scope."""
    return fabriques.organisme("AUTRE")


@pytest.fixture(autouse=True)
def _sans_miroir(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mirror has its own tests, which ask for it: it doubles the time of the others."""
    if "avec_miroir" not in request.fixturenames:
        monkeypatch.setattr("maintien.travaux.miroir.catch_up", lambda organisme: organisme.pk)


@pytest.fixture
def avec_miroir() -> None:
    """The import ends with the mirror, as it does in production."""

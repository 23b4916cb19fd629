"""A landlord with one sector, a team and a fresh data folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import fabriques
from tests.travaux.nuit.portefeuille import equipe

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope


@pytest.fixture
def bailleur(db: None, settings: Any, tmp_path: Path) -> Iterator[Organisme]:
    """In scope; no pass was run yet."""
    settings.MAINTIEN_DONNEES = tmp_path / "donnees"
    organisme = fabriques.organisme("BAILLEUR", derniere_nuit=None)
    with organisme_scope(organisme):
        equipe()
        yield organisme

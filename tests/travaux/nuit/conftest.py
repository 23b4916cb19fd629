"""A landlord with one sector, a team and a fresh data folder."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests import fabriques
from tests.travaux.nuit.portefeuille import equipe

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope


@pytest.fixture
def bailleur(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Organisme]:
    """In scope; no pass was run yet. Today is far ahead: nights follow each other beyond the day of the test."""
    monkeypatch.setattr("maintien.travaux.nuit.passe._today", lambda: date(2029, 1, 1))
    settings.MAINTIEN_DONNEES = tmp_path / "donnees"
    organisme = fabriques.organisme("BAILLEUR", derniere_nuit=None)
    with organisme_scope(organisme):
        equipe()
        yield organisme

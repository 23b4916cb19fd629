"""A dossier of the north sector, its duo, and a working day whose clock stands still."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests import fabriques

from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur

AUJOURD_HUI = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def horloge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Monday 23 November 2026, nine in the morning; the last nightly pass is of Friday the 20th."""
    instant = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
    monkeypatch.setattr(timezone, "now", lambda: instant)


@pytest.fixture
def nord(bailleur: Organisme) -> Secteur:
    return fabriques.secteur("NORD")


@pytest.fixture
def agent(nord: Secteur) -> Appartenance:
    personne = fabriques.utilisateur(first_name="Ali", last_name="Benali")
    return fabriques.membre(Role.RECOUVREMENT, nord, utilisateur=personne)


@pytest.fixture
def cesf(nord: Secteur) -> Appartenance:
    return fabriques.membre(Role.CESF, nord)


@pytest.fixture
def dossier(nord: Secteur, agent: Appartenance) -> Dossier:
    return fabriques.dossier(secteur=nord, referent=agent.utilisateur)

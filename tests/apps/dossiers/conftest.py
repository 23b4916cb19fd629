"""A dossier of the north sector, its duo, and a working day whose clock stands still."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Compte, Personne
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


@pytest.fixture
def compte(nord: Secteur) -> Compte:
    return fabriques.compte("C1", secteur=nord)


@pytest.fixture
def emilie(compte: Compte) -> Personne:
    return fabriques.personne(telephone="0612345678", courriel="emilie@exemple.fr")


@pytest.fixture
def paul(compte: Compte) -> Personne:
    return fabriques.personne("Durand", "Paul", civilite="M.", telephone="0700000001")


@pytest.fixture
def mien(
    nord: Secteur, agent: Appartenance, cesf: Appartenance, compte: Compte, emilie: Personne, paul: Personne
) -> Dossier:
    """Émilie and Paul hold C1 together; the agent and the CESF are its duo."""
    fabriques.bail(compte, reference="B1", logement=fabriques.logement())
    for personne in (emilie, paul):
        fabriques.occupation(compte, personne, RoleOccupation.COTITULAIRE, bail_reference="B1")
    menage = fabriques.menage(compte)
    return fabriques.dossier(menage, secteur=nord, referent=agent.utilisateur, cesf=cesf.utilisateur)


@pytest.fixture
def collegue(nord: Secteur) -> Appartenance:
    return fabriques.membre(Role.RECOUVREMENT, nord)


@pytest.fixture
def chef(nord: Secteur) -> Appartenance:
    return fabriques.membre(Role.RESPONSABLE)

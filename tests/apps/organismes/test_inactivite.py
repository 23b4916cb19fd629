"""Accounts that nobody uses are suspended, and the last administrator never."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from tests import fabriques

from maintien.apps.organismes.enums import MotifReouverture, Role
from maintien.apps.organismes.inactivite import suspend_inactive
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.organismes.utilisateurs import reactivate
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope

JOUR = datetime(2026, 11, 20, 8, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def organisme(db: None) -> Organisme:
    return fabriques.organisme("HTR")


def _membre(organisme: Organisme, role: Role, *, vu: int | None, depuis: int = 400) -> Appartenance:
    """Last login so many days ago, account given so many days ago."""
    with organisme_scope(organisme):
        membre = fabriques.membre(role, active_depuis=JOUR - timedelta(days=depuis))
    membre.utilisateur.last_login = None if vu is None else JOUR - timedelta(days=vu)
    membre.utilisateur.save()
    return membre


def _actifs(organisme: Organisme) -> set[int]:
    with organisme_scope(organisme):
        return set(Appartenance.objects.filter(actif=True).values_list("pk", flat=True))


def test_quatre_vingt_dix_jours_sans_connexion(organisme: Organisme) -> None:
    _membre(organisme, Role.CESF, vu=91)
    hier, jamais = _membre(organisme, Role.CESF, vu=90), _membre(organisme, Role.CESF, vu=None)
    tout_neuf = _membre(organisme, Role.CESF, vu=None, depuis=20)

    assert suspend_inactive(90, JOUR) == 2
    assert _actifs(organisme) == {hier.pk, tout_neuf.pk}
    assert suspend_inactive(90, JOUR) == 0
    with organisme_scope(organisme):
        evenement = Evenement.objects.get(acte="utilisateur.suspendre", objet_id=jamais.pk)
    assert (evenement.acteur, evenement.details["raison"], evenement.details["jours"]) == (None, "inutilise", 90)


def test_le_dernier_administrateur_n_est_pas_suspendu(organisme: Organisme) -> None:
    ancien, dernier = _membre(organisme, Role.ADMINISTRATEUR, vu=300), _membre(organisme, Role.ADMINISTRATEUR, vu=200)

    assert suspend_inactive(90, JOUR) == 1
    assert _actifs(organisme) == {dernier.pk}
    assert ancien.pk not in _actifs(organisme)


def test_zero_jour_ne_suspend_personne(organisme: Organisme) -> None:
    _membre(organisme, Role.CESF, vu=3000)

    assert suspend_inactive(0, JOUR) == 0


def test_qui_est_reactive_a_le_temps_de_revenir(organisme: Organisme, monkeypatch: pytest.MonkeyPatch) -> None:
    absent, admin = _membre(organisme, Role.CESF, vu=200), _membre(organisme, Role.ADMINISTRATEUR, vu=1)
    suspend_inactive(90, JOUR)
    monkeypatch.setattr("django.utils.timezone.now", lambda: JOUR)
    with organisme_scope(organisme):
        reactivate(admin, absent, MotifReouverture.RETOUR)

    assert suspend_inactive(90, JOUR + timedelta(days=60)) == 0
    assert absent.pk in _actifs(organisme)


def test_les_sessions_d_un_compte_suspendu_se_ferment(organisme: Organisme) -> None:
    membre = _membre(organisme, Role.CESF, vu=200)
    client = Client()
    client.force_login(membre.utilisateur)
    membre.utilisateur.last_login = JOUR - timedelta(days=200)
    membre.utilisateur.save()

    suspend_inactive(90, JOUR)

    assert client.get(reverse("journee"))["Location"].startswith(reverse("account_login"))

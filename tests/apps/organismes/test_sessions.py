"""Sessions: twelve hours, three without a move; all in the person's list; a new key when the password changes."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import fabriques

from maintien.apps.organismes import sessions
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, SessionOuverte
from maintien.apps.socle.portee import organisme_scope

MATIN = datetime(2026, 11, 20, 8, tzinfo=ZoneInfo("Europe/Paris"))
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Horloge:
    """What the program takes for now."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.instant = MATIN
        monkeypatch.setattr(timezone, "now", lambda: self.instant)

    def avancer(self, **duree: int) -> None:
        self.instant += timedelta(**duree)


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> Horloge:
    return Horloge(monkeypatch)


@pytest.fixture
def agent(db: None) -> Appartenance:
    with organisme_scope(fabriques.organisme("B1")):
        return fabriques.membre(Role.RECOUVREMENT, email="agent@bailleur.example")


def _entrer(agent: Appartenance, navigateur: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": navigateur})
    client.post(reverse("account_login"), {"login": agent.utilisateur.email, "password": fabriques.MOT_DE_PASSE})
    return client


def _compte(client: Client) -> Any:
    return client.get(reverse("mon_compte"))


def _ouverte(reponse: HttpResponse) -> bool:
    return reponse.status_code == 200


def test_trois_heures_sans_rien_faire_ferment_la_session(agent: Appartenance, horloge: Horloge) -> None:
    client = _entrer(agent)

    horloge.avancer(hours=2, minutes=59)
    assert _ouverte(_compte(client))
    horloge.avancer(hours=2, minutes=59)
    assert _ouverte(_compte(client))
    horloge.avancer(hours=3)
    assert _compte(client)["Location"].startswith("/compte/connexion/")


def test_douze_heures_ferment_la_session_meme_de_qui_travaille(agent: Appartenance, horloge: Horloge) -> None:
    client = _entrer(agent)
    for _ in range(5):
        horloge.avancer(hours=2)
        assert _ouverte(_compte(client))

    horloge.avancer(hours=1, minutes=59)
    assert _ouverte(_compte(client))
    horloge.avancer(minutes=1)
    assert _compte(client)["Location"].startswith("/compte/connexion/")


def test_la_table_des_sessions_n_accorde_pas_douze_heures_de_plus(agent: Appartenance, horloge: Horloge) -> None:
    """What `clearsessions` goes by: an active session must not be kept longer than it may serve."""
    client = _entrer(agent)
    horloge.avancer(hours=2)
    _compte(client)

    assert Session.objects.get().expire_date == MATIN + timedelta(hours=12)


@pytest.mark.parametrize(
    ("ouverte", "vue", "finie"),
    [
        (12 * 3600, 0, True),
        (12 * 3600 - 1, 0, False),
        (3 * 3600, 3 * 3600, True),
        (3 * 3600, 3 * 3600 - 1, False),
        (None, 0, True),
    ],
)
def test_douze_heures_et_trois_se_comptent_dans_la_session(
    horloge: Horloge, ouverte: int | None, vue: int, finie: bool
) -> None:
    """Whatever the table of sessions says of its own expiry."""
    instant = int(MATIN.timestamp())
    session = {sessions.OUVERTE: None if ouverte is None else instant - ouverte, sessions.VUE: instant - vue}

    assert sessions.is_over(session) is finie


def test_une_session_sans_horloge_ne_vaut_rien(agent: Appartenance) -> None:
    client = _entrer(agent)
    session = client.session
    del session[sessions.OUVERTE]
    session.save()

    assert _compte(client).status_code == 302


def test_la_liste_dit_l_appareil_et_laquelle_est_celle_ci(agent: Appartenance, horloge: Horloge) -> None:
    ici = _entrer(agent)
    horloge.avancer(minutes=10)
    _entrer(agent, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604.1")

    lues = _compte(ici).context["sessions"]

    assert [(lue.appareil, lue.is_courante) for lue in lues] == [("Firefox, Windows", True), ("Safari, iPhone", False)]
    assert lues[0].vue_le == MATIN + timedelta(minutes=10)


def test_fermer_une_session_et_toutes_les_autres(agent: Appartenance) -> None:
    ici, la, ailleurs = (_entrer(agent) for _ in range(3))
    de_la = SessionOuverte.objects.get(cle=la.session.session_key)

    assert ici.post(reverse("session_fermer", args=[de_la.pk])).status_code == 302
    assert (_ouverte(_compte(ici)), _ouverte(_compte(la)), _ouverte(_compte(ailleurs))) == (True, False, True)

    ici.post(reverse("sessions_fermer"))
    assert (_ouverte(_compte(ici)), _ouverte(_compte(ailleurs))) == (True, False)


def test_on_ne_ferme_que_ses_sessions(agent: Appartenance) -> None:
    with organisme_scope(agent.organisme):
        collegue = fabriques.membre(Role.RECOUVREMENT)
    ici, chez_lui = _entrer(agent), _entrer(collegue)
    la_sienne = SessionOuverte.objects.get(cle=chez_lui.session.session_key)

    assert ici.post(reverse("session_fermer", args=[la_sienne.pk])).status_code == 404
    assert _ouverte(_compte(chez_lui))


def test_se_deconnecter_oublie_la_session(agent: Appartenance) -> None:
    client = _entrer(agent)
    client.post(reverse("account_logout"))

    assert not SessionOuverte.objects.exists()
    assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()


def test_changer_de_mot_de_passe_change_la_cle_et_ferme_les_autres(agent: Appartenance) -> None:
    ici, la = _entrer(agent), _entrer(agent)
    avant = ici.session.session_key
    nouveau = {
        "oldpassword": fabriques.MOT_DE_PASSE,
        "password1": "agrafe pile moulin",
        "password2": "agrafe pile moulin",
    }

    ici.post(reverse("account_change_password"), nouveau)

    assert _ouverte(_compte(ici))
    assert ici.session.session_key != avant
    assert not _ouverte(_compte(la))
    assert SessionOuverte.objects.get().cle == ici.session.session_key


def test_la_connexion_change_la_cle(agent: Appartenance) -> None:
    """A key that somebody planted before the login is worth nothing after it."""
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["plante"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    avant = session.session_key

    client.post(reverse("account_login"), {"login": agent.utilisateur.email, "password": fabriques.MOT_DE_PASSE})

    assert client.session.session_key != avant


def test_les_sessions_mortes_sont_oubliees(agent: Appartenance) -> None:
    client = _entrer(agent)
    _entrer(agent)
    Session.objects.exclude(session_key=client.session.session_key).delete()

    sessions.prune()

    assert [ouverte.cle for ouverte in SessionOuverte.objects.all()] == [client.session.session_key]

"""Login by e-mail, no sign-up, and the scope that follows from the membership."""

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import fabriques
from tests.apps.organismes.courrier import relever

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.middleware import CLE_SESSION, OrganismeMiddleware
from maintien.apps.organismes.models import Appartenance, Organisme, Utilisateur
from maintien.apps.organismes.selectors import current_membership, members, memberships_of
from maintien.apps.socle.portee import ScopeError, current_organisme_id, organisme_scope


@pytest.fixture
def agent(db: None) -> Appartenance:
    with organisme_scope(fabriques.organisme("B1")):
        return fabriques.membre(Role.RECOUVREMENT, email="agent@bailleur.example")


def _passer(utilisateur: Utilisateur, session: dict[str, int] | None = None) -> tuple[object, object]:
    """What a view sees: the membership and the organisme in scope."""
    vu: list[object] = []

    def vue(request: HttpRequest) -> HttpResponse:
        vu.append(request.appartenance)  # type: ignore[attr-defined]
        try:
            vu.append(current_organisme_id())
        except ScopeError:
            vu.append("fermé")
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = utilisateur
    request.session = session or {}  # type: ignore[assignment]
    OrganismeMiddleware(vue)(request)
    return vu[0], vu[1]


def test_l_adresse_de_connexion_est_en_francais() -> None:
    assert reverse("account_login") == "/compte/connexion/"


def test_connexion_par_adresse_electronique(client: Client, agent: Appartenance) -> None:
    identifiants = {"login": "Agent@Bailleur.example", "password": fabriques.MOT_DE_PASSE}

    reponse = client.post(reverse("account_login"), identifiants)

    assert reponse.status_code == 302
    assert int(client.session["_auth_user_id"]) == agent.utilisateur_id
    assert client.session.get_expiry_age() == 12 * 3600
    cookie = reponse.cookies["sessionid"]
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)


def test_un_mauvais_mot_de_passe_ne_dit_pas_si_le_compte_existe(client: Client, agent: Appartenance) -> None:
    textes = []
    for login in ("agent@bailleur.example", "personne@bailleur.example"):
        reponse = client.post(reverse("account_login"), {"login": login, "password": "mauvais"})
        assert reponse.status_code == 200
        textes.append(str(reponse.context["form"].non_field_errors()))
    assert textes[0] == textes[1] != ""


def test_personne_ne_s_inscrit_soi_meme(client: Client, db: None) -> None:
    nouveau = {
        "email": "intrus@ailleurs.example",
        "password1": fabriques.MOT_DE_PASSE,
        "password2": fabriques.MOT_DE_PASSE,
    }

    client.post(reverse("account_signup"), nouveau)

    assert not Utilisateur.objects.exists()


def test_mot_de_passe_oublie(client: Client, agent: Appartenance) -> None:
    client.post(reverse("account_reset_password"), {"email": "Agent@bailleur.example"})
    assert mail.outbox == []

    relever()

    [message] = mail.outbox
    assert message.to == ["agent@bailleur.example"]
    assert "http://testserver/compte/mot-de-passe/nouveau/" in message.body


def test_une_adresse_inconnue_donne_le_meme_travail_a_la_page(client: Client, agent: Appartenance) -> None:
    """The time of the answer says nothing: the same queries, and the message leaves later."""
    suites = []
    for adresse in ("agent@bailleur.example", "personne@bailleur.example"):
        with CaptureQueriesContext(connection) as vues:
            client.post(reverse("account_reset_password"), {"email": adresse})
        suites.append([requete["sql"].split()[:3] for requete in vues])

    assert suites[0] == suites[1]
    assert mail.outbox == []
    assert relever() == ["send_password_link", "send_password_link"]
    assert [message.to for message in mail.outbox] == [["agent@bailleur.example"]]


def test_un_compte_ferme_ne_recoit_rien(client: Client, agent: Appartenance) -> None:
    Utilisateur.objects.update(is_active=False)
    client.post(reverse("account_reset_password"), {"email": "agent@bailleur.example"})

    relever()

    assert mail.outbox == []


def test_la_portee_est_celle_de_l_appartenance(agent: Appartenance) -> None:
    assert _passer(agent.utilisateur) == (agent, agent.organisme_id)


def test_sans_appartenance_la_porte_reste_fermee(db: None) -> None:
    assert _passer(fabriques.utilisateur()) == (None, "fermé")


def test_une_appartenance_inactive_ferme_la_porte(agent: Appartenance) -> None:
    with organisme_scope(agent.organisme):
        Appartenance.objects.update(actif=False)

    assert _passer(agent.utilisateur) == (None, "fermé")


def test_deux_bailleurs_on_choisit_le_sien_et_aucun_autre(agent: Appartenance) -> None:
    with organisme_scope(fabriques.organisme("B2")):
        seconde = fabriques.membre(Role.CESF, utilisateur=agent.utilisateur)
    with organisme_scope(fabriques.organisme("B3")):
        d_un_collegue = fabriques.membre(Role.RESPONSABLE)

    assert _passer(agent.utilisateur)[0] == agent
    assert _passer(agent.utilisateur, {CLE_SESSION: seconde.pk}) == (seconde, seconde.organisme_id)
    assert _passer(agent.utilisateur, {CLE_SESSION: d_un_collegue.pk})[0] == agent


def test_la_portee_ne_deborde_pas_de_la_requete(agent: Appartenance) -> None:
    _passer(agent.utilisateur)

    with pytest.raises(ScopeError):
        current_organisme_id()


def test_la_portee_se_ferme_quand_la_vue_echoue(agent: Appartenance) -> None:
    def vue(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    request = RequestFactory().get("/")
    request.user = agent.utilisateur
    request.session = {}  # type: ignore[assignment]
    with pytest.raises(ZeroDivisionError):
        OrganismeMiddleware(vue)(request)
    with pytest.raises(ScopeError):
        current_organisme_id()


def test_les_adresses_sont_gardees_en_minuscules(db: None) -> None:
    cree = Utilisateur.objects.create_user(" Jeanne.Martin@Bailleur.Example ", "x")

    assert cree.email == "jeanne.martin@bailleur.example"
    assert Utilisateur.objects.get_by_natural_key("JEANNE.MARTIN@bailleur.example") == cree


def test_les_appartenances_d_un_utilisateur(agent: Appartenance) -> None:
    assert memberships_of(agent.utilisateur) == [agent]
    assert current_membership(fabriques.utilisateur(), None) is None


def test_les_membres_d_un_role_sur_un_secteur(bailleur: Organisme) -> None:
    nord, sud = fabriques.secteur("NORD"), fabriques.secteur("SUD")
    zoe = fabriques.utilisateur(first_name="Zoé", last_name="Arnaud")
    ali = fabriques.utilisateur(first_name="Ali", last_name="Benali")
    fabriques.membre(Role.RECOUVREMENT, nord, utilisateur=ali)
    fabriques.membre(Role.CONTENTIEUX, utilisateur=zoe)
    fabriques.membre(Role.RECOUVREMENT, sud)
    fabriques.membre(Role.CESF, nord)
    fabriques.membre(Role.RECOUVREMENT, nord, actif=False)

    assert members((Role.RECOUVREMENT, Role.CONTENTIEUX), nord.pk) == [zoe, ali]


def test_une_personne_sans_organisme_est_refusee_et_non_en_panne(client: Client, db: None) -> None:
    client.force_login(fabriques.utilisateur())

    assert client.get(reverse("dossier", args=[1])).status_code == 403


def test_une_portee_oubliee_par_le_programme_reste_une_panne(agent: Appartenance) -> None:
    """Only a person without organisme is told « refusé »; a programmer who forgot the scope sees the error."""
    request = RequestFactory().get("/")
    request.appartenance = agent  # type: ignore[attr-defined]

    assert OrganismeMiddleware(lambda _: HttpResponse()).process_exception(request, ScopeError()) is None

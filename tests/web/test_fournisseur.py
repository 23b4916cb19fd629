"""Login by an identity provider that really answers over HTTP, honest first, then lying in every way we know."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests import fabriques
from tests.fournisseur_oidc import CLIENT, SECRET, Fournisseur, fournisseur_en_marche
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.organismes import fournisseur as liens
from maintien.apps.organismes.enums import MotifSuspension, Role
from maintien.apps.organismes.models import Appartenance, IdentiteExterne, Utilisateur
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.connecteurs.oidc.reglages import ReglagesOidc

ACR_FORT = "https://proconnect.gouv.fr/assurance/self-asserted-2fa"


@pytest.fixture
def agent(monde: Monde) -> Utilisateur:
    return monde.membres[Role.RECOUVREMENT].utilisateur


@pytest.fixture
def fi(agent: Utilisateur) -> Iterator[Fournisseur]:
    with fournisseur_en_marche(
        sub="sujet-1",
        email=agent.email,
        email_verified=True,
        given_name="Ada",
        usual_name="Roux",
        siret="13002526500013",
    ) as fournisseur:
        yield fournisseur


@pytest.fixture
def regler(settings: Settings, fi: Fournisseur) -> Callable[..., None]:
    def regler_avec(**champs: Any) -> None:
        settings.MAINTIEN_OIDC = ReglagesOidc("ProConnect", fi.emetteur, CLIENT, SECRET, **champs)

    regler_avec()
    return regler_avec


class _Arret(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _autoriser(adresse: str) -> str:
    """What the browser does at the provider: go there, and follow it back."""
    try:
        build_opener(_Arret).open(adresse)
    except OSError as reponse:
        return str(reponse.headers["Location"])  # type: ignore[attr-defined]
    raise AssertionError("le fournisseur n'a pas renvoyé")


def _partir(client: Client) -> str:
    reponse = client.get(reverse("fournisseur_partir"))
    assert reponse.status_code == 302
    return _autoriser(reponse["Location"])


def _entrer(client: Client | None = None) -> tuple[Client, HttpResponse]:
    client = client or Client()
    retour = urlsplit(_partir(client))
    return client, client.get(f"{retour.path}?{retour.query}")


def _refusee(reponse: HttpResponse, client: Client) -> bool:
    assert "Connexion refusée" in texte(reponse)
    return reponse.status_code == 403 and "_auth_user_id" not in client.session


@pytest.mark.usefixtures("regler")
@pytest.mark.parametrize("is_signe", [True, False])
def test_une_personne_invitee_entre_et_son_sujet_est_lie(fi: Fournisseur, agent: Utilisateur, is_signe: bool) -> None:
    fi.is_userinfo_signe = is_signe

    client, reponse = _entrer()

    assert reponse.status_code == 302
    assert int(client.session["_auth_user_id"]) == agent.pk
    assert client.get(reverse("journee")).status_code == 200
    assert IdentiteExterne.objects.get().sujet == "sujet-1"


@pytest.mark.usefixtures("regler")
def test_ensuite_c_est_le_sujet_qui_compte_et_non_l_adresse(monde: Monde, fi: Fournisseur, agent: Utilisateur) -> None:
    _entrer()
    # The person changed address; somebody else has taken an address that we know.
    fi.personne["email"] = monde.membres[Role.RESPONSABLE].utilisateur.email

    client, _ = _entrer()

    assert int(client.session["_auth_user_id"]) == agent.pk


@pytest.mark.usefixtures("regler")
def test_la_demande_porte_defi_etat_nonce_et_les_retrouve(fi: Fournisseur) -> None:
    adresse = Client().get(reverse("fournisseur_partir"))["Location"]

    demande = parse_qs(urlsplit(adresse).query)
    assert demande["code_challenge_method"] == ["S256"]
    assert len(demande["code_challenge"][0]) == len(demande["state"][0]) == len(demande["nonce"][0]) == 43
    assert demande["redirect_uri"] == ["http://testserver/compte/fournisseur/retour/"]
    assert SECRET not in adresse


def _autre_cle(contenu: dict[str, Any]) -> str:
    return jwt.encode(contenu, rsa.generate_private_key(65537, 2048), algorithm="RS256", headers={"kid": "cle-1"})


MENSONGES: dict[str, dict[str, Any]] = {
    "nonce d'une autre connexion": {"alterer_jeton": lambda j: j | {"nonce": "autre"}},
    "sans nonce": {"alterer_jeton": lambda j: {k: v for k, v in j.items() if k != "nonce"}},
    "pour un autre service": {"alterer_jeton": lambda j: j | {"aud": "un-autre-service"}},
    "pour deux services sans dire lequel": {"alterer_jeton": lambda j: j | {"aud": [CLIENT, "un-autre-service"]}},
    "remis à un autre service": {"alterer_jeton": lambda j: j | {"azp": "un-autre-service"}},
    "d'un autre émetteur": {"alterer_jeton": lambda j: j | {"iss": "https://ailleurs.example"}},
    "expiré": {"alterer_jeton": lambda j: j | {"exp": int(time.time()) - 120}},
    "sans expiration": {"alterer_jeton": lambda j: {k: v for k, v in j.items() if k != "exp"}},
    "d'un autre accès": {"alterer_jeton": lambda j: j | {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "sans signature": {"signer": lambda j: jwt.encode(j, None, algorithm="none")},
    "signé d'une autre clé": {"signer": _autre_cle},
    "signé du secret partagé": {
        "signer": lambda j: jwt.encode(
            j, f"{SECRET}-assez-long-pour-hs256", algorithm="HS256", headers={"kid": "cle-1"}
        )
    },
    "userinfo d'un autre sujet": {"alterer_infos": lambda i: i | {"sub": "sujet-2"}},
    "userinfo pour un autre service": {"alterer_infos": lambda i: i | {"aud": "un-autre-service"}},
    "userinfo d'un autre émetteur": {"alterer_infos": lambda i: i | {"iss": "https://ailleurs.example"}},
    "adresse non vérifiée": {"alterer_infos": lambda i: i | {"email_verified": False}},
    "adresse dont rien n'est dit": {"alterer_infos": lambda i: {k: v for k, v in i.items() if k != "email_verified"}},
    "vérifiée en toutes lettres": {"alterer_infos": lambda i: i | {"email_verified": "true"}},
    "sans adresse": {"alterer_infos": lambda i: i | {"email": ""}},
    "personne d'inconnu": {"alterer_infos": lambda i: i | {"email": "inconnu@ailleurs.example"}},
    "configuration d'un autre": {"alterer_configuration": lambda c: c | {"issuer": "https://ailleurs.example"}},
    "jetons en clair ailleurs": {
        "alterer_configuration": lambda c: c | {"token_endpoint": "http://ailleurs.example/t"}
    },
}


@pytest.mark.usefixtures("regler")
@pytest.mark.parametrize("mensonge", MENSONGES)
def test_un_fournisseur_qui_ment_n_ouvre_rien(fi: Fournisseur, mensonge: str) -> None:
    client = Client()
    retour = urlsplit(_partir(client))
    for nom, valeur in MENSONGES[mensonge].items():
        setattr(fi, nom, valeur)

    reponse = client.get(f"{retour.path}?{retour.query}")

    assert _refusee(reponse, client)
    assert not IdentiteExterne.objects.exists()
    assert not Utilisateur.objects.filter(email="inconnu@ailleurs.example").exists()


@pytest.mark.usefixtures("regler")
@pytest.mark.parametrize("mensonge", ["sans signature", "signé du secret partagé"])
def test_c_est_la_sorte_de_signature_qui_est_refusee(
    fi: Fournisseur, mensonge: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Before any key is tried: the library behind would refuse too, today."""
    fi.signer = MENSONGES[mensonge]["signer"]

    _entrer()

    assert "signature refusée" in caplog.text


@pytest.mark.usefixtures("regler")
def test_une_reponse_refusee_ne_se_rejoue_pas_meme_si_le_fournisseur_la_redonne(fi: Fournisseur) -> None:
    client = Client()
    retour = urlsplit(_partir(client))
    adresse = f"{retour.path}?{retour.query}"
    garde = dict(fi.codes)
    bonne, fi.personne["email"] = fi.personne["email"], "inconnu@ailleurs.example"
    assert _refusee(client.get(adresse), client)

    fi.personne["email"] = bonne
    fi.codes.update(garde)

    assert _refusee(client.get(adresse), client)


@pytest.mark.usefixtures("regler")
def test_une_personne_sans_organisme_n_est_pas_invitee(fi: Fournisseur) -> None:
    fi.personne["email"] = fabriques.utilisateur().email

    client, reponse = _entrer()

    assert _refusee(reponse, client)
    assert not IdentiteExterne.objects.exists()


@pytest.mark.usefixtures("regler", "fi")
def test_une_reponse_ne_sert_pas_deux_fois() -> None:
    client = Client()
    retour = urlsplit(_partir(client))
    adresse = f"{retour.path}?{retour.query}"
    client.get(adresse)
    client.post(reverse("account_logout"))

    assert _refusee(client.get(adresse), client)


@pytest.mark.usefixtures("regler", "fi")
def test_la_reponse_d_un_autre_navigateur_ne_vaut_rien() -> None:
    """Somebody who sends their own answer as a link does not log the victim in as themselves."""
    retour = urlsplit(_partir(Client()))
    victime = Client()
    victime.get(reverse("fournisseur_partir"))

    assert _refusee(victime.get(f"{retour.path}?{retour.query}"), victime)
    assert _refusee(Client().get(f"{retour.path}?{retour.query}"), Client())


@pytest.mark.usefixtures("regler", "fi")
@pytest.mark.parametrize("change", [("state=", "state=x"), ("iss=http", "iss=https"), ("code=", "code=x")])
def test_une_reponse_retouchee_ne_vaut_rien(change: tuple[str, str]) -> None:
    client = Client()
    retour = urlsplit(_partir(client))

    assert _refusee(client.get(f"{retour.path}?{retour.query.replace(*change)}"), client)


@pytest.mark.usefixtures("regler", "fi")
def test_une_connexion_qui_a_attendu_onze_minutes_est_a_refaire(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    retour = urlsplit(_partir(client))
    plus_tard = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: plus_tard)

    assert _refusee(client.get(f"{retour.path}?{retour.query}"), client)


@pytest.mark.usefixtures("regler", "fi")
def test_un_refus_du_fournisseur_se_dit() -> None:
    client = Client()
    etat = parse_qs(urlsplit(_partir(client)).query)["state"][0]

    reponse = client.get(reverse("fournisseur_revenir"), {"error": "access_denied", "state": etat})

    assert _refusee(reponse, client)


@pytest.mark.usefixtures("regler", "fi")
def test_une_adresse_qui_insiste_s_arrete_avant_le_fournisseur(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    cache.clear()

    statuts = [Client().get(reverse("fournisseur_partir")).status_code for _ in range(3)]

    assert statuts == [302, 302, 429]


def test_un_fournisseur_arrete_se_dit(settings: Settings, monde: Monde) -> None:
    settings.MAINTIEN_OIDC = ReglagesOidc("ProConnect", "http://127.0.0.1:9", CLIENT, SECRET)

    reponse = Client().get(reverse("fournisseur_partir"))

    assert reponse.status_code == 403
    assert "Connexion refusée" in texte(reponse)


@pytest.mark.usefixtures("fi")
def test_proconnect_ne_dit_pas_que_l_adresse_est_verifiee(fi: Fournisseur, regler: Callable[..., None]) -> None:
    del fi.personne["email_verified"]
    regler(is_courriel_verifie=True)

    client, _ = _entrer()

    assert "_auth_user_id" in client.session


@pytest.mark.usefixtures("regler")
def test_un_second_sujet_ne_prend_pas_une_adresse_deja_liee(fi: Fournisseur) -> None:
    _entrer()
    fi.personne["sub"] = "sujet-2"

    client, reponse = _entrer()

    assert _refusee(reponse, client)
    assert IdentiteExterne.objects.get().sujet == "sujet-1"


@pytest.mark.usefixtures("regler", "fi")
def test_une_personne_suspendue_n_entre_pas(monde: Monde) -> None:
    _entrer()
    with organisme_scope(monde.organisme):
        monde.membres[Role.RECOUVREMENT].suspend(MotifSuspension.DEPART)

    client, reponse = _entrer()

    assert reponse["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("regler", "fi")
def test_le_second_facteur_du_fournisseur_n_est_pas_cru_sur_parole(settings: Settings, fi: Fournisseur) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
    fi.acr = ACR_FORT

    client, _ = _entrer()

    assert client.get(reverse("journee"))["Location"] == reverse("facteur_choisir")


def test_il_l_est_si_les_reglages_le_disent(settings: Settings, fi: Fournisseur, regler: Callable[..., None]) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
    regler(acr_second_facteur=(ACR_FORT, "amr:hwk"))

    faible, _ = _entrer()
    assert faible.get(reverse("journee"))["Location"] == reverse("facteur_choisir")
    fi.acr = ACR_FORT
    fort, _ = _entrer()
    assert fort.get(reverse("journee")).status_code == 200
    fi.acr, fi.amr = "eidas1", ("pwd", "hwk")
    cle, _ = _entrer()
    assert cle.get(reverse("journee")).status_code == 200


def test_la_confiance_est_pour_une_personne_et_non_pour_une_session(monde: Monde, settings: Settings) -> None:
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
    client = monde.client(Role.RECOUVREMENT)
    for role, statut in ((Role.CESF, 302), (Role.RECOUVREMENT, 200)):
        session = client.session
        session["oidc"] = {"utilisateur": monde.membres[role].utilisateur_id, "second_facteur": True}
        session.save()
        assert client.get(reverse("journee")).status_code == statut


def test_la_confiance_ne_passe_pas_a_la_connexion_suivante(
    settings: Settings, fi: Fournisseur, regler: Callable[..., None], monde: Monde
) -> None:
    """On a shared desk, the strong login of one person is not the second factor of the next."""
    settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE = True
    regler(acr_second_facteur=(ACR_FORT,))
    fi.acr = ACR_FORT
    client, _ = _entrer()
    client.post(reverse("account_logout"))
    collegue = monde.membres[Role.CESF].utilisateur
    client.post(reverse("account_login"), {"login": collegue.email, "password": fabriques.MOT_DE_PASSE})

    assert client.get(reverse("journee"))["Location"] == reverse("facteur_choisir")


@pytest.mark.usefixtures("regler", "fi")
def test_se_deconnecter_ferme_aussi_la_session_du_fournisseur(fi: Fournisseur) -> None:
    client, _ = _entrer()

    adresse = client.post(reverse("account_logout"))["Location"]

    demande = {nom: v[0] for nom, v in parse_qs(urlsplit(adresse).query).items()}
    assert adresse.startswith(f"{fi.emetteur}/session/end?")
    assert demande["post_logout_redirect_uri"] == "http://testserver/compte/connexion/"
    assert jwt.decode(demande["id_token_hint"], options={"verify_signature": False})["sub"] == "sujet-1"
    assert "_auth_user_id" not in client.session


def _regles(dossier: Path, *regles: str, sans_regle: str = "conserver") -> Path:
    fichier = dossier / "correspondance.yaml"
    corps = "".join(f"  - {{{regle}}}\n" for regle in regles)
    fichier.write_text(f"version: 1\nsans_regle: {sans_regle}\nregles:\n{corps}", encoding="utf-8")
    return fichier


RESPONSABLE = "revendication: groups, valeur: MAINTIEN-CHEFS, organisme: DEMO, role: responsable"
CESF_NORD = "revendication: groups, valeur: MAINTIEN-CESF, organisme: DEMO, role: cesf, secteur: NORD"


def _membre(monde: Monde, role: Role = Role.RECOUVREMENT) -> Appartenance:
    with organisme_scope(monde.organisme):
        return Appartenance.objects.select_related("secteur").get(pk=monde.membres[role].pk)


def test_un_groupe_donne_role_et_secteur_et_s_ecrit(
    monde: Monde, fi: Fournisseur, regler: Callable[..., None], tmp_path: Path
) -> None:
    regler(correspondance=_regles(tmp_path, RESPONSABLE, CESF_NORD))
    fi.personne["groups"] = ["AUTRE", "MAINTIEN-CESF"]

    _entrer()

    membre = _membre(monde)
    assert (membre.role, membre.secteur) == ("cesf", monde.nord)
    with organisme_scope(monde.organisme):
        evenements = Evenement.objects.filter(acte="utilisateur.role_par_fournisseur")
        assert [(e.details["avant"], e.details["role"]) for e in evenements] == [("recouvrement", "cesf")]
        _entrer()
        assert evenements.count() == 1


def test_la_premiere_regle_l_emporte(
    monde: Monde, fi: Fournisseur, regler: Callable[..., None], tmp_path: Path
) -> None:
    regler(correspondance=_regles(tmp_path, RESPONSABLE, CESF_NORD))
    fi.personne["groups"] = ["MAINTIEN-CESF", "MAINTIEN-CHEFS"]

    _entrer()

    assert (_membre(monde).role, _membre(monde).secteur) == ("responsable", None)


def test_aucun_groupe_ne_fait_administrateur_sans_que_ce_soit_ecrit(
    monde: Monde, fi: Fournisseur, regler: Callable[..., None], tmp_path: Path
) -> None:
    regler(correspondance=_regles(tmp_path, RESPONSABLE))
    fi.personne |= {
        "groups": ["administrateur", "MAINTIEN-ADMIN"],
        "role": "administrateur",
        "roles": ["administrateur"],
    }

    _entrer()

    assert _membre(monde).role == "recouvrement"


def test_sans_groupe_on_garde_ou_on_suspend_selon_le_fichier(
    monde: Monde, fi: Fournisseur, regler: Callable[..., None], tmp_path: Path
) -> None:
    regler(correspondance=_regles(tmp_path, RESPONSABLE))
    _entrer()
    assert _membre(monde).actif is True

    regler(correspondance=_regles(tmp_path, RESPONSABLE, sans_regle="suspendre"))
    client, reponse = _entrer()

    assert (_membre(monde).actif, _membre(monde).suspension) == (False, "sans_groupe")
    assert reponse["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_une_regle_n_invite_personne_et_ne_retire_pas_le_dernier_administrateur(
    monde: Monde, fi: Fournisseur, regler: Callable[..., None], tmp_path: Path
) -> None:
    ailleurs = fabriques.organisme("AUTRE")
    regle = "revendication: groups, valeur: MAINTIEN-CHEFS, organisme: AUTRE, role: responsable"
    regler(correspondance=_regles(tmp_path, regle, RESPONSABLE))
    admin = monde.membres[Role.ADMINISTRATEUR].utilisateur
    fi.personne |= {"groups": ["MAINTIEN-CHEFS"], "email": admin.email}

    _entrer()

    assert _membre(monde, Role.ADMINISTRATEUR).role == "administrateur"
    with organisme_scope(ailleurs):
        assert not Appartenance.objects.exists()


def test_un_secteur_que_personne_ne_connait_ne_donne_pas_tous_les_secteurs(
    monde: Monde, fi: Fournisseur, regler: Callable[..., None], tmp_path: Path
) -> None:
    regler(correspondance=_regles(tmp_path, CESF_NORD.replace("NORD", "OUEST")))
    fi.personne["groups"] = "MAINTIEN-CESF"

    client, reponse = _entrer()

    assert _refusee(reponse, client)
    assert _membre(monde).role == "recouvrement"


def test_un_role_d_un_autre_genre_d_organisme_ne_se_donne_pas(
    monde: Monde, fi: Fournisseur, regler: Callable[..., None], tmp_path: Path
) -> None:
    regler(correspondance=_regles(tmp_path, RESPONSABLE.replace("role: responsable", "role: analyste")))
    fi.personne["groups"] = ["MAINTIEN-CHEFS"]

    client, reponse = _entrer()

    assert _refusee(reponse, client)
    assert _membre(monde).role == "recouvrement"


@pytest.mark.usefixtures("regler", "fi")
def test_la_page_de_connexion_propose_le_fournisseur() -> None:
    page = Client().get(reverse("account_login"))

    assert "Se connecter avec ProConnect" in texte(page)
    assert re.search(rf'href="{reverse("fournisseur_partir")}"', page.content.decode())


def test_sans_reglage_il_n_y_a_rien(monde: Monde) -> None:
    assert liens.reglages_oidc() is None
    assert Client().get(reverse("fournisseur_partir")).status_code == 404
    assert "Se connecter avec" not in texte(Client().get(reverse("account_login")))

"""What is sent by a form that is no longer what it was: a right lost, twice the same, a dossier closed, a mad date."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.dossiers.enums import MurNote
from maintien.apps.dossiers.models import Dossier, Fait, Note
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.portee import organisme_scope

SECRET = "Confié à la CESF."
RIEN = "Rien n’a été enregistré : vous ne pouvez plus écrire de note réservée au travail social."
CONTACT = {"issue": "joint", "jour": "2026-11-20"}


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    return monde.ajouter_dossier()


def _murs(reponse: HttpResponse) -> list[str]:
    return re.findall(r'name="(?:p\d+-)?mur" value="(\w+)"', reponse.content.decode())


def _ecrits(monde: Monde) -> tuple[int, int]:
    with organisme_scope(monde.organisme):
        return Fait.objects.count(), Note.objects.count()


# ---- A wall chosen with a right that was lost since ----


@pytest.mark.parametrize(("acte", "champs"), [("note", {}), ("appel", CONTACT), ("visite", CONTACT)])
def test_une_note_sociale_n_est_pas_publiee_quand_le_droit_est_perdu(
    acte: str, champs: dict[str, str], monde: Monde, dossier: Dossier
) -> None:
    client = monde.client(Role.CESF)
    adresse = f"/dossiers/{dossier.pk}/{acte}/"
    assert _murs(client.get(adresse)) == ["commun", "social"]
    with organisme_scope(monde.organisme):
        Appartenance.objects.filter(role=Role.CESF).update(role=Role.RECOUVREMENT)

    refus = client.post(adresse, champs | {"texte": SECRET, "mur": "social"})

    assert refus.status_code == 422
    assert RIEN in texte(refus)
    assert f"{SECRET}</textarea>" in refus.content.decode()
    assert _ecrits(monde) == (0, 0)
    # The other wall is there to be chosen, and is not chosen beforehand.
    assert _murs(refus) == ["commun"]
    assert "checked" not in refus.content.decode().split('value="commun"')[1].split(">")[0]

    assert client.post(adresse, champs | {"texte": SECRET, "mur": "commun"}).status_code == 302
    with organisme_scope(monde.organisme):
        assert Note.objects.get().mur == MurNote.COMMUN


def test_une_etape_ne_publie_pas_une_note_sociale(monde: Monde, dossier: Dossier) -> None:
    etape = monde.ajouter_proposition(dossier)
    champs = {f"p{etape.pk}-{nom}": v for nom, v in (CONTACT | {"texte": SECRET, "mur": "social"}).items()}

    refus = monde.client(Role.RECOUVREMENT).post(f"/propositions/{etape.pk}/faire/", champs)

    assert refus.status_code == 422
    assert RIEN in texte(refus)
    assert f"{SECRET}</textarea>" in refus.content.decode()
    assert _ecrits(monde) == (0, 0)


def test_un_brouillon_social_ne_devient_pas_une_note_ouverte(monde: Monde, dossier: Dossier) -> None:
    client: Any = monde.client(Role.CESF)
    adresse = f"/dossiers/{dossier.pk}/note/"
    client.post(adresse, {"brouillon": "1", "texte": SECRET, "mur": "social"})
    with organisme_scope(monde.organisme):
        Appartenance.objects.filter(role=Role.CESF).update(role=Role.RECOUVREMENT)

    refus = client.post(adresse, {"brouillon": "1", "texte": "La suite.", "mur": "social"})

    assert refus.status_code == 422
    assert "Rien n’a été enregistré" in refus.content.decode()
    assert SECRET not in client.get(adresse).content.decode()


# ---- The same form, sent twice ----


def _cle(client: Client, adresse: str) -> str:
    [cle] = re.findall(r'name="(?:p\d+-)?cle" value="([^"]+)"', client.get(adresse).content.decode())
    return str(cle)


@pytest.mark.parametrize(("acte", "champs"), [("note", {}), ("appel", CONTACT), ("visite", CONTACT)])
def test_le_meme_formulaire_envoye_deux_fois_n_ecrit_qu_une_fois(
    acte: str, champs: dict[str, str], monde: Monde, dossier: Dossier
) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/{acte}/"
    saisie = champs | {"texte": "A promis de rappeler.", "cle": _cle(client, adresse)}

    reponses = [client.post(adresse, saisie) for _ in range(2)]

    assert [r.headers["Location"] for r in reponses] == [f"/dossiers/{dossier.pk}/"] * 2
    assert _ecrits(monde) == (1, 1)


def test_une_saisie_corrigee_depuis_la_page_precedente_n_est_pas_perdue(monde: Monde, dossier: Dossier) -> None:
    """The key alone would swallow what was typed after the « back » button."""
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/note/"
    cle = _cle(client, adresse)

    client.post(adresse, {"texte": "Rappeler mardi.", "cle": cle})
    client.post(adresse, {"texte": "Rappeler mercredi.", "cle": cle})

    assert _ecrits(monde) == (2, 2)


def test_une_cle_ne_vaut_que_pour_son_dossier(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    autre = monde.ajouter_dossier("M. Autre")
    cle = _cle(client, f"/dossiers/{dossier.pk}/note/")

    for pk in (dossier.pk, autre.pk):
        client.post(f"/dossiers/{pk}/note/", {"texte": "Vu en commission.", "cle": cle})

    assert _ecrits(monde) == (2, 2)


def test_une_etape_qui_reste_a_faire_ne_double_pas_son_appel(monde: Monde, dossier: Dossier) -> None:
    """A callback promised for today leaves the step to do: nothing else would stop the second sending."""
    client = monde.client()
    etape = monde.ajouter_proposition(dossier)
    adresse = f"/propositions/{etape.pk}/faire/"
    saisie = {"issue": "rappel_promis", "jour": "2026-11-20", "rappel_le": "2026-11-20", "texte": "Rappelle à 17 h."}
    champs = {f"p{etape.pk}-{nom}": v for nom, v in (saisie | {"cle": _cle(client, adresse)}).items()}

    for _ in range(2):
        assert client.post(adresse, champs).status_code == 302

    assert _ecrits(monde) == (1, 1)


# ---- Numbers and addresses that mean nothing ----

DEMESURES = ("9" * 10, "9" * 25, "9" * 5000, "-1", "1e3", "\u0663", "\x00", "")


@pytest.mark.parametrize("jours", [*DEMESURES, "0", "999999", "999999999"])
def test_une_duree_sans_activite_demesuree_est_comme_absente(jours: str, monde: Monde) -> None:
    reponse = monde.client().get("/journee/", {"onglet": "sans_activite", "jours": jours})

    assert reponse.status_code == 200
    assert "Sans activité depuis 30 jours" in texte(reponse)


@pytest.mark.parametrize("nom", ["genre", "secteur", "referent", "page", "recherche", "onglet", "tout"])
def test_un_filtre_qui_ne_veut_rien_dire_ne_casse_rien(nom: str, monde: Monde) -> None:
    client = monde.client()
    for valeur in (*DEMESURES, "999999999", "a\u202eb", "x" * 3000):
        for onglet in ("a_faire", "sans_activite"):
            demande = {"onglet": onglet, nom: valeur}
            assert client.get("/journee/", demande).status_code == 200, (nom, valeur[:9])


@pytest.mark.parametrize(
    "adresse",
    ["http://[x", "http://testserver/journee/?onglet=sans_activite&jours=999999", "?genre=%00&page=" + "9" * 30],
)
def test_une_decision_prise_se_dit_quelle_que_soit_l_adresse_du_navigateur(adresse: str, monde: Monde) -> None:
    etape = monde.ajouter_proposition()
    entetes = {"HX-Request": "true", "HX-Current-URL": adresse}

    reponse = monde.client().post(
        f"/propositions/{etape.pk}/refuser/", {f"p{etape.pk}-motif": "Déjà vu."}, headers=entetes
    )

    assert reponse.status_code == 200
    assert "votre avis est noté" in texte(reponse)


@pytest.mark.parametrize("version", [v for v in DEMESURES if v != "\u0663"])
def test_une_version_demesuree_est_refusee_sans_panne(version: str, monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    saisies = {
        "cause": {"cause": "durable", "source": "locataire", "jour_connu": "2026-11-19"},
        "pause": {"motif": "aide", "du": "2026-11-20", "au": "2026-12-04"},
        "reattribuer": {"referent": "", "cesf": ""},
    }
    for acte, saisie in saisies.items():
        reponse = client.post(f"/dossiers/{dossier.pk}/{acte}/", saisie | {"version": version})
        assert reponse.status_code == 422, acte
    assert client.post(f"/dossiers/{dossier.pk}/pause/", {"lever": version, "version": "1"}).status_code == 400
    assert client.post(f"/dossiers/{dossier.pk}/pause/", {"lever": "1", "version": version}).status_code == 400
    assert _ecrits(monde) == (0, 0)


def test_un_caractere_nul_est_refuse_en_francais(monde: Monde, dossier: Dossier) -> None:
    reponse = monde.client().post(f"/dossiers/{dossier.pk}/note/", {"texte": "a\x00b"})

    assert reponse.status_code == 422
    assert _ecrits(monde) == (0, 0)

"""What is sent by a form that is no longer what it was: a right lost, twice the same, a dossier closed, a mad date."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
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

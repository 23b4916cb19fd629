"""What is sent by a form that is no longer what it was: a right lost, twice the same, a dossier closed, a mad date."""

import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.enums import MurNote
from maintien.apps.dossiers.models import Dossier, Fait, Note, Pause
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.portee import organisme_scope

CONFIDENCE = "Confié à la CESF."
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

    refus = client.post(adresse, champs | {"texte": CONFIDENCE, "mur": "social"})

    assert refus.status_code == 422
    assert RIEN in texte(refus)
    assert f"{CONFIDENCE}</textarea>" in refus.content.decode()
    assert _ecrits(monde) == (0, 0)
    # The other wall is there to be chosen, and is not chosen beforehand.
    assert _murs(refus) == ["commun"]
    assert "checked" not in refus.content.decode().split('value="commun"')[1].split(">")[0]

    assert client.post(adresse, champs | {"texte": CONFIDENCE, "mur": "commun"}).status_code == 302
    with organisme_scope(monde.organisme):
        assert Note.objects.get().mur == MurNote.COMMUN


def test_une_etape_ne_publie_pas_une_note_sociale(monde: Monde, dossier: Dossier) -> None:
    etape = monde.ajouter_proposition(dossier)
    champs = {f"p{etape.pk}-{nom}": v for nom, v in (CONTACT | {"texte": CONFIDENCE, "mur": "social"}).items()}

    refus = monde.client(Role.RECOUVREMENT).post(f"/propositions/{etape.pk}/faire/", champs)

    assert refus.status_code == 422
    assert RIEN in texte(refus)
    assert f"{CONFIDENCE}</textarea>" in refus.content.decode()
    assert _ecrits(monde) == (0, 0)


def test_un_brouillon_social_ne_devient_pas_une_note_ouverte(monde: Monde, dossier: Dossier) -> None:
    client: Any = monde.client(Role.CESF)
    adresse = f"/dossiers/{dossier.pk}/note/"
    client.post(adresse, {"brouillon": "1", "texte": CONFIDENCE, "mur": "social"})
    with organisme_scope(monde.organisme):
        Appartenance.objects.filter(role=Role.CESF).update(role=Role.RECOUVREMENT)

    refus = client.post(adresse, {"brouillon": "1", "texte": "La suite.", "mur": "social"})

    assert refus.status_code == 422
    assert "Rien n’a été enregistré" in refus.content.decode()
    assert CONFIDENCE not in client.get(adresse).content.decode()


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


# ---- A closed dossier ----


@pytest.fixture
def clos(monde: Monde) -> Dossier:
    return monde.ajouter_dossier("M. Ancien", etat="clos", clos_le=date(2026, 11, 19), motif_cloture="À jour.")


@pytest.mark.parametrize(
    ("acte", "champs"), [("note", {"texte": "A rappelé."}), ("appel", CONTACT), ("visite", CONTACT)]
)
def test_sur_un_dossier_clos_un_appel_recu_se_note_encore(
    acte: str, champs: dict[str, str], monde: Monde, clos: Dossier
) -> None:
    client = monde.client()
    adresse = f"/dossiers/{clos.pk}/{acte}/"

    assert client.get(adresse).status_code == 200
    assert client.post(adresse, champs).status_code == 302
    assert _ecrits(monde)[0] == 1


@pytest.mark.parametrize(
    ("acte", "champs"),
    [
        ("pause", {"motif": "aide", "du": "2026-11-20", "au": "2026-12-04"}),
        ("cause", {"cause": "durable", "source": "locataire", "jour_connu": "2026-11-19"}),
        ("reattribuer", {"referent": "", "cesf": ""}),
    ],
)
def test_sur_un_dossier_clos_rien_ne_se_change_et_la_page_dit_quoi_faire(
    acte: str, champs: dict[str, str], monde: Monde, clos: Dossier
) -> None:
    client = monde.client()
    adresse = f"/dossiers/{clos.pk}/{acte}/"
    phrase = "Un appel, une visite ou une note s’y notent encore ; un nouvel impayé ouvrira un autre dossier."

    ouverte = client.get(adresse, follow=True)
    avec_script = client.get(adresse, headers={"HX-Request": "true"})
    refus = client.post(adresse, champs | {"version": "1"})

    assert ouverte.redirect_chain == [(f"/dossiers/{clos.pk}/", 302)]
    assert phrase in texte(ouverte)
    assert avec_script["HX-Redirect"] == f"/dossiers/{clos.pk}/"
    assert refus.status_code == 422
    assert phrase in texte(refus)
    assert _ecrits(monde) == (0, 0)


# ---- Days out of reason ----


@pytest.mark.parametrize(
    ("acte", "champs", "phrase"),
    [
        ("appel", {"issue": "joint", "jour": "0001-01-01"}, "Le 1er janvier 1 remonte à plus d’un an"),
        ("visite", {"issue": "joint", "jour": "2025-11-18"}, "Le 18 novembre 2025 remonte à plus d’un an"),
        ("appel", {"issue": "sans_reponse", "jour": "9999-12-31"}, "Le 31 décembre 9999 est à venir"),
        (
            "appel",
            {"issue": "rappel_promis", "jour": "2026-11-20", "rappel_le": "9999-12-31"},
            "Un rappel se promet dans l’année",
        ),
        (
            "cause",
            {"cause": "durable", "source": "locataire", "jour_connu": "0001-01-01", "version": "1"},
            "Le 1er janvier 1 remonte à plus de 10 ans",
        ),
        (
            "cause",
            {"cause": "durable", "source": "locataire", "jour_connu": "2018-06-30", "version": "1"},
            "Le 30 juin 2018 précède l’entrée du ménage, le 1er juillet 2018",
        ),
        ("pause", {"motif": "aide", "du": "0001-01-01", "au": "0001-01-02", "version": "1"}, "vérifiez l’année"),
        ("deces", {"deces_le": "0001-01-01", "source": "proche", "version": "1"}, "L’année 1 est trop ancienne"),
    ],
)
def test_un_jour_insense_est_refuse_avec_sa_raison(
    acte: str, champs: dict[str, str], phrase: str, monde: Monde, dossier: Dossier
) -> None:
    if acte == "deces":
        with organisme_scope(monde.organisme):
            champs = champs | {"personne": str(Personne.objects.get(nom="Martinez").pk)}

    refus = monde.client().post(f"/dossiers/{dossier.pk}/{acte}/", champs)

    assert refus.status_code == 422
    assert phrase in texte(refus)
    assert _ecrits(monde) == (0, 0)


def test_un_appel_d_il_y_a_un_an_se_note_encore(monde: Monde, dossier: Dossier) -> None:
    saisie = {"issue": "joint", "jour": "2025-11-20"}

    assert monde.client().post(f"/dossiers/{dossier.pk}/appel/", saisie).status_code == 302


@pytest.mark.parametrize("issue", ["joint", "sans_reponse", "rappel_promis"])
@pytest.mark.parametrize("jour", ["0001-01-01", "9999-12-31"])
def test_une_etape_ne_se_fait_pas_un_jour_insense(issue: str, jour: str, monde: Monde, dossier: Dossier) -> None:
    etape = monde.ajouter_proposition(dossier)
    champs = {f"p{etape.pk}-{nom}": v for nom, v in {"issue": issue, "jour": jour, "rappel_le": jour}.items()}

    assert monde.client().post(f"/propositions/{etape.pk}/faire/", champs).status_code == 422
    assert _ecrits(monde) == (0, 0)


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


# ---- What cannot be seen ----


def test_une_commande_de_sens_d_ecriture_ne_se_garde_pas(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()

    client.post(f"/dossiers/{dossier.pk}/note/", {"texte": "virement \u202e001 euros\u2066"})
    pause = {"motif": "autre", "precision": "\u202eVacances", "du": "2026-11-20", "au": "2026-12-04", "version": "1"}
    client.post(f"/dossiers/{dossier.pk}/pause/", pause)
    vide = client.post(f"/dossiers/{dossier.pk}/note/", {"texte": "\u200e"})

    with organisme_scope(monde.organisme):
        assert Note.objects.get().texte == "virement 001 euros"
        assert Pause.objects.get().precision == "Vacances"
    assert vide.status_code == 422

"""A text to read again: nothing is saved and nothing lost; kept, it is told to the DPO without its words."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.dossiers.models import Dossier, Note, Pause, Proposition, RemarqueLexique
from maintien.apps.dossiers.remarques import pseudonyme
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.web.dossiers import relecture

MOTS = "Il est alcoolique, paiera le 5."
RIEN = "Rien n’est encore enregistré"


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    return monde.ajouter_dossier()


def _vu(reponse: HttpResponse) -> str:
    [empreinte] = re.findall(r'name="(?:p\d+-)?lexique_vu"\s+value="([0-9a-f]{64})"', reponse.content.decode())
    return str(empreinte)


def _notes(monde: Monde) -> list[str]:
    with organisme_scope(monde.organisme):
        return list(Note.objects.values_list("texte", flat=True))


def _remarques(monde: Monde) -> list[tuple[Any, ...]]:
    with organisme_scope(monde.organisme):
        return list(RemarqueLexique.objects.values_list("champ", "categorie", "classe", "raison", "auteur_id"))


def test_rien_n_est_enregistre_et_rien_n_est_perdu(monde: Monde, dossier: Dossier) -> None:
    reponse = monde.client().post(f"/dossiers/{dossier.pk}/note/", {"texte": MOTS})

    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert RIEN in texte(reponse)
    assert f"{MOTS}</textarea>" in page
    assert "Il est <mark>alcoolique</mark>, paiera le 5." in page
    assert "Un bailleur ne garde pas de données de santé" in texte(reponse)
    assert "ressources en baisse depuis octobre" in texte(reponse)
    assert _notes(monde) == []
    assert _remarques(monde) == []


def test_corrige_le_texte_s_enregistre_sans_autre_question(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/note/"
    vu = _vu(client.post(adresse, {"texte": MOTS}))

    assert client.post(adresse, {"texte": "Paiera le 5.", "lexique_vu": vu}).status_code == 302
    assert _notes(monde) == ["Paiera le 5."]
    assert _remarques(monde) == []


def test_garde_le_texte_laisse_une_remarque_sans_ses_mots(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/note/"
    champs = {"texte": MOTS, "cle": "une-cle"}
    champs |= {"lexique_vu": _vu(client.post(adresse, champs)), "lexique_garder": "1", "lexique_raison": "demande"}

    # Twice the same form: one note, one remark.
    assert [client.post(adresse, champs).status_code for _ in range(2)] == [302, 302]

    assert _notes(monde) == [MOTS]
    auteur = monde.membres[Role.RECOUVREMENT].utilisateur_id
    assert _remarques(monde) == [("note.texte", "sante", "addiction", "demande", auteur)]
    with organisme_scope(monde.organisme):
        remarque = RemarqueLexique.objects.get()
        evenement = Evenement.objects.get(acte="lexique.garder")
        assert "alcool" not in repr([vars(remarque), vars(evenement)]).lower()
        assert evenement.details == {"classes": ["addiction"], "raison": "demande"}


@pytest.mark.parametrize("raison", ["", "inventee"])
def test_garder_demande_une_raison_de_la_liste(raison: str, monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/note/"
    vu = _vu(client.post(adresse, {"texte": MOTS}))

    reponse = client.post(adresse, {"texte": MOTS, "lexique_vu": vu, "lexique_garder": "1", "lexique_raison": raison})

    assert reponse.status_code == 422
    assert relecture.CHOISIR_RAISON in texte(reponse)
    assert _notes(monde) == []


def test_ce_qui_est_garde_ne_vaut_que_pour_les_mots_montres(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/note/"
    vu = _vu(client.post(adresse, {"texte": MOTS}))

    reponse = client.post(
        adresse,
        {"texte": f"{MOTS} Et musulman.", "lexique_vu": vu, "lexique_garder": "1", "lexique_raison": "demande"},
    )

    assert reponse.status_code == 422
    assert "<mark>musulman</mark>" in reponse.content.decode()
    assert _notes(monde) == []


def test_sans_le_bouton_une_raison_ne_suffit_pas(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/note/"
    vu = _vu(client.post(adresse, {"texte": MOTS}))

    assert client.post(adresse, {"texte": MOTS, "lexique_vu": vu, "lexique_raison": "nom"}).status_code == 422
    assert _notes(monde) == []


def test_derriere_le_mur_social_aussi(monde: Monde, dossier: Dossier) -> None:
    reponse = monde.client(Role.CESF).post(f"/dossiers/{dossier.pk}/note/", {"texte": "Dépressive.", "mur": "social"})

    assert reponse.status_code == 422
    assert "<mark>Dépressive</mark>" in reponse.content.decode()
    assert _notes(monde) == []


CONTACT = {"issue": "joint", "jour": "2026-11-20"}


@pytest.mark.parametrize(
    ("acte", "champ", "autres"),
    [
        ("appel", "texte", CONTACT),
        ("visite", "texte", CONTACT),
        ("note", "texte", {}),
        ("pause", "precision", {"motif": "autre", "du": "2026-11-20", "au": "2026-12-01", "version": "1"}),
        ("reattribuer", "motif", {"version": "1"}),
    ],
)
def test_tout_texte_libre_d_un_acte_est_relu(
    acte: str, champ: str, autres: dict[str, str], monde: Monde, dossier: Dossier
) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/{acte}/"
    refus = client.post(adresse, autres | {champ: MOTS})
    assert refus.status_code == 422
    with organisme_scope(monde.organisme):
        assert not Pause.objects.exists()

    garde = {"lexique_vu": _vu(refus), "lexique_garder": "1", "lexique_raison": "autre_sens"}

    assert client.post(adresse, autres | {champ: MOTS} | garde).status_code == 302
    assert [r[:3] for r in _remarques(monde)] == [(f"{acte}.{champ}", "sante", "addiction")]


@pytest.mark.parametrize(
    ("decision", "champ", "autres"),
    [
        ("faire", "texte", CONTACT),
        ("reporter", "motif", {"au": "2026-11-25"}),
        ("refuser", "motif", {}),
    ],
)
def test_tout_texte_libre_d_une_decision_est_relu(
    decision: str, champ: str, autres: dict[str, str], monde: Monde, dossier: Dossier
) -> None:
    client = monde.client()
    etape = monde.ajouter_proposition(dossier)
    adresse = f"/propositions/{etape.pk}/{decision}/"

    def champs(dits: dict[str, str]) -> dict[str, str]:
        return {f"p{etape.pk}-{nom}": valeur for nom, valeur in dits.items()}

    refus = client.post(adresse, champs(autres | {champ: MOTS}))
    assert refus.status_code == 422
    with organisme_scope(monde.organisme):
        assert Proposition.objects.get().etat == "a_faire"

    garde = {"lexique_vu": _vu(refus), "lexique_garder": "1", "lexique_raison": "autre_sens"}

    assert client.post(adresse, champs(autres | {champ: MOTS} | garde)).status_code == 302
    assert [r[1:4] for r in _remarques(monde)] == [("sante", "addiction", "autre_sens")]


def test_le_nom_d_un_mandataire_n_est_pas_relu(monde: Monde, dossier: Dossier) -> None:
    with organisme_scope(monde.organisme):
        personne = dossier.menage.rattachements.get().compte.occupations.first().personne_id
    champs = {"personne": personne, "mesure": "tutelle", "mandataire": "Folle Avoine", "version": "1"}

    assert monde.client().post(f"/dossiers/{dossier.pk}/protection/", champs).status_code == 302


def test_un_acte_refuse_n_ecrit_pas_de_remarque(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/pause/"
    champs = {"motif": "autre", "du": "2026-11-20", "au": "2027-11-20", "version": "1", "precision": MOTS}
    garde = {"lexique_vu": _vu(client.post(adresse, champs)), "lexique_garder": "1", "lexique_raison": "nom"}

    reponse = client.post(adresse, champs | garde)

    assert reponse.status_code == 422
    assert "six mois au plus" in texte(reponse)
    assert _remarques(monde) == []


# ---- The page of the DPO ----


def test_le_dpo_compte_sans_lire_ni_savoir_de_qui(monde: Monde, dossier: Dossier) -> None:
    client = monde.client()
    adresse = f"/dossiers/{dossier.pk}/note/"
    garde = {"lexique_vu": _vu(client.post(adresse, {"texte": MOTS})), "lexique_garder": "1", "lexique_raison": "nom"}
    client.post(adresse, {"texte": MOTS} | garde)

    reponse = monde.client(Role.DPO).get("/textes-gardes/")

    page = texte(reponse)
    assert reponse.status_code == 200
    assert "Textes gardés malgré l’avertissement" in page
    assert "santé" in page
    assert "c’est un nom de personne" in page.lower()
    assert str(monde.membres[Role.RECOUVREMENT].utilisateur) in page
    for secret in ("alcoolique", "Martinez", "Peupliers", f"/dossiers/{dossier.pk}/"):
        assert secret not in reponse.content.decode()


def test_le_menage_porte_le_meme_pseudonyme_partout() -> None:
    assert pseudonyme(12) == pseudonyme(12)
    assert pseudonyme(12) != pseudonyme(13)
    assert re.fullmatch("[0-9A-F]{8}", pseudonyme(12))

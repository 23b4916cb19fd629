"""Opening a landlord: all or nothing, journalled, and a link with which the first user really logs in."""

import pytest
from django.test import Client
from tests import fabriques

from maintien.apps.comptes.models import Logement
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur, Utilisateur
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.ouverture import (
    OuvertureRefuseeError,
    create_organisme,
    create_secteur,
    find_organisme,
    invite_utilisateur,
)

pytestmark = pytest.mark.django_db

MOT_DE_PASSE = "peuplier-rivière-ardoise-41"


def test_creer_ouvre_l_organisme_son_administrateur_et_le_journal() -> None:
    invitation = create_organisme("HTR", "Habitat des Trois Rivières", "bailleur", "Dupond@Bailleur.example")

    organisme = Organisme.objects.get(code="HTR")
    assert organisme.nom == "Habitat des Trois Rivières"
    assert invitation.appartenance.role == "administrateur"
    assert invitation.appartenance.utilisateur.email == "dupond@bailleur.example"
    with organisme_scope(organisme):
        assert set(Evenement.objects.values_list("acte", flat=True)) == {"organisme.creer", "utilisateur.inviter"}


def test_le_lien_imprime_permet_de_choisir_un_mot_de_passe_puis_d_entrer() -> None:
    invitation = create_organisme("HTR", "Habitat", "bailleur", "admin@bailleur.example")
    navigateur = Client()

    assert navigateur.get(invitation.chemin).status_code == 200
    navigateur.post(invitation.chemin, {"mot_de_passe": MOT_DE_PASSE, "confirmation": MOT_DE_PASSE})

    assert Client().login(email="admin@bailleur.example", password=MOT_DE_PASSE)
    assert Client().get(invitation.chemin).status_code == 410, "le lien ne sert qu'une fois"


@pytest.mark.parametrize(
    ("code", "nom", "genre", "courriel", "phrase"),
    [
        ("htr", "Habitat", "bailleur", "a@b.example", "de 1 à 20 lettres capitales"),
        ("../X", "Habitat", "bailleur", "a@b.example", "de 1 à 20 lettres capitales"),
        ("HTR", "  ", "bailleur", "a@b.example", "est vide"),
        ("HTR", "Habitat", "banque", "a@b.example", "choisir parmi bailleur"),
        ("HTR", "Habitat", "bailleur", "pas une adresse", "n'est pas une adresse électronique"),
        ("DEJA", "Habitat", "bailleur", "a@b.example", "est déjà celui de « Ancien »"),
    ],
)
def test_une_demande_impossible_ne_laisse_rien(code: str, nom: str, genre: str, courriel: str, phrase: str) -> None:
    Organisme.objects.create(code="DEJA", nom="Ancien")

    with pytest.raises(OuvertureRefuseeError, match=phrase):
        create_organisme(code, nom, genre, courriel)

    assert Organisme.objects.count() == 1
    assert Utilisateur.objects.count() == 0


def test_un_secteur_reprend_les_logements_deja_importes() -> None:
    organisme = fabriques.organisme("HTR")
    with organisme_scope(organisme):
        logement = fabriques.logement(commune="Saint-Étienne", residence="La Forge")

    secteur = create_secteur(
        organisme, "SUD", "Secteur sud", [("commune", "SAINT ETIENNE"), ("commune", "Saint-Etienne")]
    )

    with organisme_scope(organisme):
        assert Logement.objects.get(pk=logement.pk).secteur_id == secteur.pk


def test_un_rattachement_deja_pris_ou_mal_ecrit_est_refuse_en_entier() -> None:
    organisme = fabriques.organisme("HTR")
    create_secteur(organisme, "NORD", "Nord", [("commune", "Givors")])

    with pytest.raises(OuvertureRefuseeError, match="déjà rattaché au secteur NORD"):
        create_secteur(organisme, "SUD", "Sud", [("code_postal", "38200"), ("commune", "GIVORS")])
    with pytest.raises(OuvertureRefuseeError, match="écrire par exemple commune=Givors"):
        create_secteur(organisme, "SUD", "Sud", [("ville", "Vienne")])
    with pytest.raises(OuvertureRefuseeError, match="existe déjà"):
        create_secteur(organisme, "NORD", "Nord bis", [])

    with organisme_scope(organisme):
        assert list(Secteur.objects.values_list("code", flat=True)) == ["NORD"]


def test_un_utilisateur_connu_ailleurs_garde_son_mot_de_passe() -> None:
    ailleurs, ici = fabriques.organisme("AUTRE"), fabriques.organisme("HTR")
    with organisme_scope(ailleurs):
        connu = fabriques.membre(email="lea@assoc.example")

    invitation = invite_utilisateur(ici, "Lea@assoc.example", "cesf")

    assert invitation.chemin == ""
    assert invitation.appartenance.utilisateur == connu.utilisateur
    with organisme_scope(ici):
        assert Appartenance.objects.get().role == "cesf"


def test_un_role_un_secteur_ou_un_organisme_inconnus_sont_nommes() -> None:
    organisme = fabriques.organisme("HTR")
    create_secteur(organisme, "NORD", "Nord", [])
    invitee = invite_utilisateur(organisme, "a@b.example", "recouvrement", "NORD")
    assert invitee.appartenance.minutes_par_jour == 120

    with pytest.raises(OuvertureRefuseeError, match="secteurs connus : NORD"):
        invite_utilisateur(organisme, "c@b.example", "recouvrement", "SUD")
    with pytest.raises(OuvertureRefuseeError, match="choisir parmi recouvrement, contentieux, cesf"):
        invite_utilisateur(organisme, "c@b.example", "chef")
    with pytest.raises(OuvertureRefuseeError, match="a déjà un rôle"):
        invite_utilisateur(organisme, "a@b.example", "cesf")
    with pytest.raises(OuvertureRefuseeError, match="organismes connus : HTR"):
        find_organisme("XYZ")


_LONG = "x" * 300


@pytest.mark.parametrize(
    ("code", "nom", "valeur", "phrase"),
    [
        (_LONG, "Givors", "Givors", "« code » : Assurez-vous que cette valeur comporte au plus 20 caractères"),
        ("GIV", _LONG, "Givors", "« nom » : Assurez-vous que cette valeur comporte au plus 120 caractères"),
        ("GIV", "  ", "Givors", "« nom » : Ce champ ne peut pas être vide."),
        ("GIV", "Giv\x1bors", "Givors", "« nom » : un caractère de contrôle ne convient pas."),
        ("GIV", "Givors", _LONG, "« valeur » : Assurez-vous que cette valeur comporte au plus 120 caractères"),
    ],
)
def test_un_secteur_qui_ne_tient_pas_est_une_phrase(code: str, nom: str, valeur: str, phrase: str) -> None:
    organisme = fabriques.organisme("HTR")
    with pytest.raises(OuvertureRefuseeError) as refus:
        create_secteur(organisme, code, nom, [("commune", valeur)])
    assert str(refus.value).startswith(phrase)
    with organisme_scope(organisme):
        assert not Secteur.objects.exists()


@pytest.mark.parametrize(
    ("courriel", "prenom", "nom", "phrase"),
    [
        ("z@x.example", "", _LONG, "« nom » : "),
        ("z@x.example", _LONG, "", "« prénom » : "),
        ("z@x.example", "a\x00", "", "« prénom » : un caractère de contrôle"),
        ("z@" + "x." * 150 + "example", "", "", "« adresse électronique » : "),
    ],
)
def test_un_utilisateur_qui_ne_tient_pas_est_une_phrase(courriel: str, prenom: str, nom: str, phrase: str) -> None:
    with pytest.raises(OuvertureRefuseeError) as refus:
        invite_utilisateur(fabriques.organisme("HTR"), courriel, "cesf", prenom=prenom, nom=nom)
    assert str(refus.value).startswith(phrase)
    assert not Utilisateur.objects.exists()


def test_un_organisme_qui_ne_tient_pas_est_une_phrase() -> None:
    with pytest.raises(OuvertureRefuseeError, match=r"^« nom » : Assurez-vous"):
        create_organisme("HTR", _LONG, "bailleur", "a@b.example")
    assert not Organisme.objects.filter(code="HTR").exists()

"""Users from a file: all or nothing, twice is once, and each error has its line and column."""

import json
from pathlib import Path

import pytest
from tests import fabriques

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, InvitationCompte, Organisme, Utilisateur
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.connecteurs.oidc.correspondance import read_correspondance
from maintien.travaux.utilisateurs import COLONNES, FichierUtilisateursError, import_users

pytestmark = pytest.mark.django_db

FORMATS = Path(__file__).resolve().parents[2] / "docs" / "formats"
ENTETE = "courriel,role,prenom,nom,secteur\n"
BON = f"{ENTETE}ines@b.example,cesf,Inès,Roux,NORD\nPaul@b.example,responsable,Paul,Diop,\n"


@pytest.fixture
def organisme() -> Organisme:
    organisme = fabriques.organisme("HTR")
    with organisme_scope(organisme):
        fabriques.secteur("NORD")
    return organisme


def _membres(organisme: Organisme) -> list[tuple[str, str, str]]:
    with organisme_scope(organisme):
        membres = Appartenance.objects.select_related("utilisateur", "secteur").order_by("pk")
        return [(m.utilisateur.email, m.role, m.secteur.code if m.secteur else "") for m in membres]


def test_un_fichier_juste_cree_chacun_avec_son_lien(organisme: Organisme) -> None:
    bilan = import_users(organisme, BON.encode())

    assert _membres(organisme) == [("ines@b.example", "cesf", "NORD"), ("paul@b.example", "responsable", "")]
    assert [bool(invitation.chemin) for invitation in bilan.invitations] == [True, True]
    assert bilan.deja == 0
    with organisme_scope(organisme):
        assert Evenement.objects.filter(acte="utilisateur.inviter").count() == 2


def test_le_meme_fichier_deux_fois_ne_change_rien(organisme: Organisme) -> None:
    import_users(organisme, BON.encode())
    liens = set(InvitationCompte.objects.values_list("empreinte", flat=True))

    bilan = import_users(organisme, BON.encode())

    assert (bilan.invitations, bilan.deja) == ([], 2)
    assert set(InvitationCompte.objects.values_list("empreinte", flat=True)) == liens


def test_a_blanc_rien_ne_s_ecrit(organisme: Organisme) -> None:
    bilan = import_users(organisme, BON.encode(), a_blanc=True)

    assert len(bilan.invitations) == 2
    assert _membres(organisme) == []
    assert not Utilisateur.objects.exists()


@pytest.mark.parametrize("separateur", [",", ";"])
@pytest.mark.parametrize("marque", ["", "\ufeff"])
def test_le_csv_d_un_tableur_francais_se_lit(organisme: Organisme, separateur: str, marque: str) -> None:
    contenu = marque + BON.replace(",", separateur).replace("\n", "\r\n") + "\r\n"

    assert len(import_users(organisme, contenu.encode()).invitations) == 2


@pytest.mark.parametrize(
    ("corps", "erreurs"),
    [
        ("pas-une-adresse,cesf,,,\n", ["ligne 2, colonne courriel : « pas-une-adresse » n’est pas une adresse."]),
        (
            "a@b.example,cesf,,,OUEST\n",
            ["ligne 2, colonne secteur : le secteur « OUEST » n’existe pas (connus : NORD)."],
        ),
        ("a@b.example,cesf\n", ["ligne 2 : 5 colonnes attendues, 2 trouvées."]),
        (
            "a@b.example,cesf,,,\nA@b.example,cesf,,,\n",
            [
                "ligne 2, colonne courriel : cette adresse est plusieurs fois dans le fichier.",
                "ligne 3, colonne courriel : cette adresse est plusieurs fois dans le fichier.",
            ],
        ),
        (
            '"a@b.example,cesf,,,\n',
            ["ligne 1 : un guillemet n’est pas fermé, ou n’est pas doublé à l’intérieur d’un champ."],
        ),
    ],
)
def test_une_erreur_dit_ou_et_rien_ne_s_ecrit(organisme: Organisme, corps: str, erreurs: list[str]) -> None:
    with pytest.raises(FichierUtilisateursError) as refus:
        import_users(
            organisme, f"{ENTETE}bon@b.example,cesf,,,\n{corps}".replace("bon@b.example,cesf,,,\n", "").encode()
        )

    assert [str(erreur) for erreur in refus.value.erreurs] == erreurs
    assert _membres(organisme) == []


def test_une_seule_ligne_fausse_arrete_tout(organisme: Organisme) -> None:
    with pytest.raises(FichierUtilisateursError):
        import_users(organisme, f"{BON}x@b.example,chef,,,\n".encode())

    assert _membres(organisme) == []


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (b"", "la colonne"),
        ("courriel,rôle\n".encode(), "la colonne « role » manque"),
        (b"courriel,role,salaire\n", "la colonne « salaire » est inconnue"),
        ("courriel,role\né@b.example,cesf\n".encode("latin-1"), "n’est pas en UTF-8"),
        (b"PK\x03\x04\0\0", "pas un fichier de texte"),
        (b"x" * (1024 * 1024 + 1), "dépasse 1 Mo"),
    ],
)
def test_un_fichier_illisible_est_refuse_en_entier(organisme: Organisme, contenu: bytes, phrase: str) -> None:
    with pytest.raises(FichierUtilisateursError, match=phrase if contenu else "vide|manque"):
        import_users(organisme, contenu)


def test_un_role_d_un_autre_genre_d_organisme_est_une_erreur_de_ligne(organisme: Organisme) -> None:
    with pytest.raises(FichierUtilisateursError, match="ligne 2, colonne role : « analyste » n’existe pas dans cet"):
        import_users(organisme, f"{ENTETE}a@b.example,analyste,,,\n".encode())

    assert _membres(organisme) == []


def test_un_role_different_ne_se_change_pas_par_fichier(organisme: Organisme) -> None:
    import_users(organisme, BON.encode())

    with pytest.raises(FichierUtilisateursError, match="ligne 2, colonne role : a déjà le rôle cesf, NORD"):
        import_users(organisme, BON.replace("ines@b.example,cesf", "ines@b.example,responsable").encode())


def test_l_exemple_et_le_schema_de_la_documentation_sont_ceux_du_produit(organisme: Organisme) -> None:
    exemple = (FORMATS / "exemples" / "utilisateurs.csv").read_bytes()
    schema = json.loads((FORMATS / "utilisateurs.schema.json").read_text(encoding="utf-8"))
    regles = json.loads((FORMATS / "correspondance.schema.json").read_text(encoding="utf-8"))

    assert len(import_users(organisme, exemple).invitations) == 2
    assert set(schema["properties"]) == set(COLONNES)
    assert schema["properties"]["role"]["enum"] == Role.values
    assert regles["properties"]["regles"]["items"]["properties"]["role"]["enum"] == Role.values


def test_l_exemple_de_correspondance_se_lit() -> None:
    exemple = FORMATS / "exemples" / "correspondance.yaml"

    lue = read_correspondance(exemple.name, exemple.read_text(encoding="utf-8"), Role.values)

    assert [regle.role for regle in lue.regles] == ["administrateur", "cesf", "recouvrement"]

"""The table of habilitations: complete, reviewed, closed at the least doubt; and what it says of a whole organisme."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import PermissionDenied
from django.http import Http404
from tests import fabriques

from maintien.apps.comptes.models import Importation
from maintien.apps.organismes import habilitations, permissions
from maintien.apps.organismes.enums import ClasseChamp, GenreOrganisme, Mode, Niveau, Relation, Role, Visiteur
from maintien.apps.organismes.habilitations import PermissionInconnueError, RoleInconnuError, Version
from maintien.apps.organismes.models import Organisme, RoleDeplaceError
from maintien.apps.socle.portee import organisme_scope

TEXTE = Path(habilitations.__file__).with_name("habilitations.yaml").read_text(encoding="utf-8")
# What the table must say of whole organismes, written a second time by hand.
SUR_L_ORGANISME = {
    "import.voir": {Role.RESPONSABLE, Role.ADMINISTRATEUR},
    "import.deposer": {Role.RESPONSABLE, Role.ADMINISTRATEUR},
    "nuit.lancer": {Role.RESPONSABLE, Role.ADMINISTRATEUR},
    "jeton.gerer": {Role.ADMINISTRATEUR},
    "habilitation.voir": {Role.RESPONSABLE, Role.ADMINISTRATEUR, Role.DPO},
    "extraction.demander": {
        Role.RECOUVREMENT,
        Role.CONTENTIEUX,
        Role.CESF,
        Role.RESPONSABLE,
        Role.ADMINISTRATEUR,
    },
    "extraction.approuver": {Role.RESPONSABLE, Role.DPO},
    "extraction.registre": {Role.RESPONSABLE, Role.DPO},
    "journal.voir": {Role.DPO},
    "utilisateur.gerer": {Role.ADMINISTRATEUR},
    "lexique.voir": {Role.DPO},
    "droit.traiter": {Role.DPO},
}
# And of dossiers: who may at all, in the asker's own portfolio.
AGENTS = {Role.RECOUVREMENT, Role.CONTENTIEUX, Role.CESF, Role.RESPONSABLE}
SUR_LE_DOSSIER = {
    "journee.voir": AGENTS,
    "dossier.voir": AGENTS,
    "dossier.agir": AGENTS,
    "dossier.reattribuer": AGENTS,
    "menage.proteger": AGENTS,
    "menage.corriger": AGENTS,
    "dossier.proteger": AGENTS,
    "equipe.voir": {Role.RESPONSABLE},
    "note_sociale.voir": {Role.CESF},
    "note_sociale.ecrire": {Role.CESF},
    "api.lire": {Visiteur.CLIENT_API},
}


# Asked of a protected dossier only, by whoever is named on it.
SUR_LE_PROTEGE = {"dossier.lever": AGENTS}


def _modes(permission: str, relation: Relation, niveau: Niveau) -> set[str]:
    table = habilitations.table()
    return {
        role for role in habilitations.ACTEURS if table.case(role, permission, relation, niveau).mode is not Mode.NON
    }


def test_toutes_les_permissions_sont_ecrites_ici() -> None:
    assert set(habilitations.table().permissions) == {*SUR_L_ORGANISME, *SUR_LE_DOSSIER, *SUR_LE_PROTEGE}


@pytest.mark.parametrize(("permission", "roles"), [*SUR_L_ORGANISME.items(), *SUR_LE_DOSSIER.items()])
def test_la_table_ouvre_a_ces_roles_et_a_eux_seuls(permission: str, roles: set[Role]) -> None:
    for niveau in (Niveau.ORDINAIRE, Niveau.SUIVI, Niveau.CLOS):
        assert _modes(permission, Relation.PORTEFEUILLE, niveau) == roles


@pytest.mark.parametrize("permission", [*SUR_LE_DOSSIER, *SUR_LE_PROTEGE])
def test_rien_n_est_ouvert_hors_du_perimetre(permission: str) -> None:
    for relation in (Relation.ORGANISME, Relation.PARTAGE, Relation.TERRITOIRE, Relation.ETRANGER):
        for niveau in Niveau:
            assert _modes(permission, relation, niveau) == set()


@pytest.mark.parametrize("permission", [*SUR_LE_DOSSIER, *SUR_LE_PROTEGE])
def test_un_dossier_protege_n_existe_que_pour_qui_y_est_nomme(permission: str) -> None:
    for relation in Relation:
        if relation is not Relation.PORTEFEUILLE:
            assert _modes(permission, relation, Niveau.PROTEGE) == set()


def test_seul_un_dossier_protege_se_leve_et_par_qui_y_est_nomme() -> None:
    assert _modes("dossier.lever", Relation.PORTEFEUILLE, Niveau.PROTEGE) == AGENTS
    for niveau in (Niveau.ORDINAIRE, Niveau.SUIVI, Niveau.CLOS):
        assert _modes("dossier.lever", Relation.PORTEFEUILLE, niveau) == set()


def test_la_lecture_d_un_dossier_protege_se_justifie_toujours() -> None:
    table = habilitations.table()
    for role in AGENTS:
        assert table.case(role, "dossier.voir", Relation.PORTEFEUILLE, Niveau.PROTEGE).mode is Mode.MOTIF


def test_le_portefeuille_d_un_collegue_ne_se_lit_qu_en_disant_pourquoi() -> None:
    table = habilitations.table()
    for role in AGENTS:
        for niveau in (Niveau.ORDINAIRE, Niveau.SUIVI, Niveau.CLOS):
            assert table.case(role, "dossier.voir", Relation.PERIMETRE, niveau).mode is Mode.MOTIF


def test_les_classes_lues_sont_celles_du_metier() -> None:
    lues = {
        role: "".join(sorted(c.value for c in habilitations.table().case(role, "dossier.voir", *cellule).classes))
        for role, cellule in (
            (Role.RECOUVREMENT, (Relation.PORTEFEUILLE, Niveau.ORDINAIRE)),
            (Role.CESF, (Relation.PORTEFEUILLE, Niveau.ORDINAIRE)),
        )
    }

    assert lues == {Role.RECOUVREMENT: "CFIJ", Role.CESF: "CFIJS"}
    protege = habilitations.table().case(Role.RECOUVREMENT, "dossier.voir", Relation.PORTEFEUILLE, Niveau.PROTEGE)
    # The coordinates of everybody in the household may be the aggressor's: only the safe channel is read.
    assert ClasseChamp.COORDONNEES not in protege.classes
    assert ClasseChamp.PROTEGE in protege.classes


def test_une_permission_inconnue_leve(bailleur: Organisme) -> None:
    membre = fabriques.membre(Role.RESPONSABLE)

    with pytest.raises(PermissionInconnueError):
        permissions.has_permission(membre, "dossier.exporter")
    with pytest.raises(PermissionInconnueError):
        permissions.visible(Importation.objects.all(), membre, "dossier.exporter")


def test_une_question_sur_les_dossiers_ne_se_pose_pas_sur_l_organisme(bailleur: Organisme) -> None:
    with pytest.raises(PermissionInconnueError):
        permissions.visible(Importation.objects.all(), fabriques.membre(Role.RESPONSABLE), "dossier.voir")


def test_un_role_inconnu_leve(bailleur: Organisme) -> None:
    membre = fabriques.membre(Role.RESPONSABLE)
    membre.role = "concierge"

    with pytest.raises(RoleInconnuError):
        permissions.has_permission(membre, "dossier.voir")


def _table_changee(avant: str, apres: str) -> str:
    assert avant in TEXTE
    return TEXTE.replace(avant, apres, 1)


@pytest.mark.parametrize(
    ("avant", "apres", "attendu"),
    [
        ("    import.voir: non\n", "", "must state"),
        ("    import.voir: non\n", "    import.voir: peut-être\n", "oui or non"),
        ("  gardien:\n", "  concierge:\n", "roles"),
        ("      perimetre: {", "      voisinage: {", "unknown relations"),
        ("      ailleurs: non\n", "", "relations are missing"),
        ("ordinaire: oui ICFJ, ", "", "every level must be stated"),
        ("ordinaire: oui ICFJ", "ordinaire: oui", "classes of fields are missing"),
        ("ordinaire: oui ICFJ", "ordinaire: oui ICFX", "unknown classes"),
        ("ordinaire: oui ICFJ", "ordinaire: oui IICF", "unknown classes"),
        ("ordinaire: oui, suivi", "ordinaire: oui ICF, suivi", "have no sense"),
        ("ordinaire: oui, suivi", "ordinaire: parfois, suivi", "none of"),
        ("organismes: [federation]", "organismes: [entreprise]", "names no organismes"),
    ],
)
def test_une_table_incomplete_ou_inconnue_empeche_de_demarrer(avant: str, apres: str, attendu: str) -> None:
    with pytest.raises(ValueError, match=attendu):
        habilitations.read_table(_table_changee(avant, apres))


def test_une_case_ecrite_deux_fois_empeche_de_demarrer() -> None:
    """Otherwise the second would win, and the reviewer may have read the first."""
    deux_fois = _table_changee("    import.voir: non\n", "    import.voir: non\n    import.voir: oui\n")

    with pytest.raises(yaml.YAMLError, match=r"doublon import\.voir"):
        habilitations.read_table(deux_fois)


def _version(somme: str, **champs: str) -> Version:
    ordinaire = {"numero": "1", "proposee_par": "Ana", "relue_par": "Bo", "objet": "essai"}
    return Version(somme=somme, le=date(2026, 11, 25), **{**ordinaire, **champs})


def test_une_table_changee_sans_version_relue_empeche_de_demarrer() -> None:
    habilitations.check_review(TEXTE, habilitations.versions())
    ouverte = _table_changee("    note_sociale.voir: non\n", "    note_sociale.voir: oui\n")

    with pytest.raises(ValueError, match="latest reviewed version"):
        habilitations.check_review(ouverte, habilitations.versions())
    with pytest.raises(ValueError, match="latest reviewed version"):
        habilitations.check_review(TEXTE, (*habilitations.versions(), _version("0" * 64)))
    with pytest.raises(ValueError, match="latest reviewed version"):
        habilitations.check_review(TEXTE, ())


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [({"relue_par": "Ana"}, "reviewed"), ({"relue_par": " "}, "reviewed")],
)
def test_personne_ne_relit_ce_qu_il_a_propose(champs: dict[str, str], attendu: str) -> None:
    version = {"numero": "1", "somme": "", "proposee_par": "Ana", "relue_par": "Bo", "le": date(2026, 1, 1)}
    texte = yaml.safe_dump({"versions": [{**version, "objet": "essai", **champs}]})

    with pytest.raises(ValueError, match=attendu):
        habilitations.read_versions(texte)


def test_un_ecran_sans_objet_dit_son_refus(bailleur: Organisme) -> None:
    administrateur = fabriques.membre(Role.ADMINISTRATEUR)

    assert permissions.require(administrateur, "import.voir") is administrateur
    with pytest.raises(PermissionDenied):
        permissions.require(administrateur, "journee.voir")
    with pytest.raises(PermissionDenied):
        permissions.require(None, "journee.voir")


def test_absent_et_etranger_se_valent(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    membre, autre = fabriques.membre(Role.ADMINISTRATEUR), fabriques.membre(Role.CESF)
    ici = Importation.objects.create(profil="pivot")
    with organisme_scope(autre_bailleur):
        ailleurs = Importation.objects.create(profil="pivot")

    assert permissions.get_or_404(Importation.objects.all(), membre, "import.voir", pk=ici.pk) == ici
    for qui, pk in ((membre, ailleurs.pk), (membre, 0), (autre, ici.pk), (None, ici.pk)):
        with pytest.raises(Http404):
            permissions.get_or_404(Importation.objects.all(), qui, "import.voir", pk=pk)


def test_une_appartenance_d_ailleurs_ou_inactive_ne_lit_rien(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    ancien = fabriques.membre(Role.RESPONSABLE, actif=False)
    Importation.objects.create(profil="pivot")
    with organisme_scope(autre_bailleur):
        d_ailleurs = fabriques.membre(Role.RESPONSABLE)

    for membre in (ancien, d_ailleurs):
        assert list(permissions.visible(Importation.objects.all(), membre, "import.voir")) == []
    assert not permissions.has_permission(ancien, "import.voir")


@pytest.mark.parametrize(
    ("genre", "role"),
    [
        (GenreOrganisme.ASSOCIATION, Role.RECOUVREMENT),
        (GenreOrganisme.BAILLEUR, Role.INTERVENANT),
        (GenreOrganisme.METROPOLE, Role.ANALYSTE),
        (GenreOrganisme.FEDERATION, Role.RESPONSABLE),
    ],
)
def test_un_role_n_existe_que_dans_ses_organismes(db: None, genre: GenreOrganisme, role: Role) -> None:
    with organisme_scope(fabriques.organisme(genre=genre)), pytest.raises(RoleDeplaceError, match="n'existe pas"):
        fabriques.membre(role)

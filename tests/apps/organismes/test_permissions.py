"""One table answers; what it does not know is an error; what one may not see does not exist."""

from pathlib import Path

import pytest
import yaml
from django.core.exceptions import PermissionDenied
from django.http import Http404
from tests import fabriques

from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes import permissions
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Organisme
from maintien.apps.organismes.permissions import PermissionInconnueError, Relation, RoleInconnuError
from maintien.apps.socle.portee import organisme_scope

TABLE = Path(permissions.__file__).with_name("habilitations.yaml")
PERMISSIONS = [
    "journee.voir",
    "dossier.voir",
    "dossier.agir",
    "dossier.reattribuer",
    "menage.proteger",
    "menage.corriger",
    "note_sociale.voir",
    "note_sociale.ecrire",
    "import.voir",
    "import.deposer",
    "nuit.lancer",
    "equipe.voir",
    "utilisateur.gerer",
]
# What the table must say, written a second time by hand: one letter per permission, in the order above.
ATTENDU = {
    Role.RECOUVREMENT: "s s s s s s - - - - - - -",
    Role.CONTENTIEUX: "s s s s s s - - - - - - -",
    Role.CESF: "s s s s s s s s - - - - -",
    Role.RESPONSABLE: "o o o o o o - - o o o o -",
    Role.ADMINISTRATEUR: "- - - - - - - - o o o - o",
}
LETTRES = {"s": Relation.SECTEUR, "o": Relation.ORGANISME, "-": Relation.AUCUNE}


@pytest.mark.parametrize("role", Role)
def test_la_table_dit_ce_qui_a_ete_decide(role: Role) -> None:
    attendu = dict(zip(PERMISSIONS, (LETTRES[lettre] for lettre in ATTENDU[role].split()), strict=True))

    assert permissions.habilitations()[role] == attendu


def test_une_permission_inconnue_leve(bailleur: Organisme) -> None:
    membre = fabriques.membre(Role.RESPONSABLE)

    with pytest.raises(PermissionInconnueError):
        permissions.has_permission(membre, "dossier.exporter")
    with pytest.raises(PermissionInconnueError):
        permissions.visible(Dossier.objects.all(), membre, "dossier.exporter")


def test_un_role_inconnu_leve(bailleur: Organisme) -> None:
    membre = fabriques.membre(Role.RESPONSABLE)
    membre.role = "gardien"

    with pytest.raises(RoleInconnuError):
        permissions.can(membre, "dossier.voir", fabriques.dossier())


def test_une_case_oubliee_empeche_de_demarrer() -> None:
    brut = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    del brut["roles"]["cesf"]["dossier.agir"]

    with pytest.raises(ValueError, match=r"cesf must state .*dossier\.agir"):
        permissions.read_habilitations(yaml.safe_dump(brut))


def test_un_role_oublie_ou_de_trop_empeche_de_demarrer() -> None:
    brut = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    brut["roles"]["gardien"] = brut["roles"].pop("cesf")

    with pytest.raises(ValueError, match="gardien"):
        permissions.read_habilitations(yaml.safe_dump(brut))


def test_une_relation_inconnue_empeche_de_demarrer() -> None:
    brut = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    brut["roles"]["cesf"]["dossier.agir"] = "territoire"

    with pytest.raises(ValueError, match="territoire"):
        permissions.read_habilitations(yaml.safe_dump(brut))


def test_le_secteur_borne_et_l_absence_de_secteur_ouvre(bailleur: Organisme) -> None:
    nord, sud = fabriques.secteur("NORD"), fabriques.secteur("SUD")
    au_nord = fabriques.membre(Role.RECOUVREMENT, nord)
    partout = fabriques.membre(Role.RECOUVREMENT)
    du_nord, du_sud, de_nulle_part = (fabriques.dossier(secteur=s) for s in (nord, sud, None))
    tous = Dossier.objects.order_by("pk")

    assert list(permissions.visible(tous, au_nord, "dossier.voir")) == [du_nord]
    assert list(permissions.visible(tous, partout, "dossier.voir")) == [du_nord, du_sud, de_nulle_part]
    assert [permissions.can(au_nord, "dossier.agir", d) for d in tous] == [True, False, False]


def test_absent_etranger_et_interdit_se_valent(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    nord = fabriques.secteur("NORD")
    au_nord = fabriques.membre(Role.RECOUVREMENT, nord)
    administrateur = fabriques.membre(Role.ADMINISTRATEUR)
    du_sud = fabriques.dossier(secteur=fabriques.secteur("SUD"))
    with organisme_scope(autre_bailleur):
        etranger = fabriques.dossier()

    messages = set()
    cas = ((au_nord, du_sud.pk), (au_nord, etranger.pk), (au_nord, 0), (administrateur, du_sud.pk), (None, du_sud.pk))
    for membre, pk in cas:
        with pytest.raises(Http404) as refus:
            permissions.get_or_404(Dossier.objects.all(), membre, "dossier.voir", pk=pk)
        messages.add(str(refus.value))
    assert messages == {"dossier.voir"}
    with pytest.raises(Http404):
        permissions.check(au_nord, "dossier.agir", du_sud)


def test_un_ecran_sans_objet_dit_son_refus(bailleur: Organisme) -> None:
    administrateur = fabriques.membre(Role.ADMINISTRATEUR)

    assert permissions.require(administrateur, "import.voir") is administrateur
    with pytest.raises(PermissionDenied):
        permissions.require(administrateur, "journee.voir")
    with pytest.raises(PermissionDenied):
        permissions.require(None, "journee.voir")


def test_une_appartenance_inactive_ne_peut_rien(bailleur: Organisme) -> None:
    ancien = fabriques.membre(Role.RESPONSABLE, actif=False)
    dossier = fabriques.dossier()

    assert not permissions.has_permission(ancien, "dossier.voir")
    assert not permissions.can(ancien, "dossier.voir", dossier)
    assert list(permissions.visible(Dossier.objects.all(), ancien, "dossier.voir")) == []


def test_l_appartenance_d_ailleurs_ne_lit_rien_ici(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    """A membership and a scope that disagree: nothing, whichever of the two was forged."""
    with organisme_scope(autre_bailleur):
        d_ailleurs = fabriques.membre(Role.RESPONSABLE)
    dossier = fabriques.dossier()

    assert list(permissions.visible(Dossier.objects.all(), d_ailleurs, "dossier.voir")) == []
    assert not permissions.can(d_ailleurs, "dossier.voir", dossier)

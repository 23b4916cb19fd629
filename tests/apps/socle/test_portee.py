"""The scope fails closed: no organisme in scope, no query of any sort."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django_scopes import scope
from tests import fabriques

from maintien.apps.comptes.models import Bail, Compte, Ecriture, Occupation
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import portee
from maintien.apps.socle.executions import open_execution
from maintien.apps.socle.models import Execution, ScopedModel
from maintien.apps.socle.portee import ScopeError, current_organisme_id, find_organisme_id, organisme_scope

SANS_PORTEE = {
    "organismes.Organisme",
    "organismes.Utilisateur",
    # The platform has a journal too; heads and seals are ranks and digests (docs/adr/0043).
    "socle.EvenementPlateforme",
    "socle.SceauJournal",
    "socle.TeteJournal",
    # These belong to a person, like a password, and to no organisme.
    "organismes.InvitationCompte",
    "organismes.SessionOuverte",
    "organismes.IdentiteExterne",
}
# Every way that Django offers to reach rows from a manager.
ACCES: dict[str, Callable[[type[ScopedModel]], object]] = {
    "all": lambda m: list(m.objects.all()),
    "filter": lambda m: list(m.objects.filter(pk=1)),
    "exclude": lambda m: list(m.objects.exclude(pk=1)),
    "get": lambda m: m.objects.get(pk=1),
    "first": lambda m: m.objects.first(),
    "exists": lambda m: m.objects.exists(),
    "count": lambda m: m.objects.count(),
    "aggregate": lambda m: m.objects.aggregate(models.Count("pk")),
    "in_bulk": lambda m: m.objects.in_bulk([1]),
    "values": lambda m: list(m.objects.values()),
    "values_list": lambda m: list(m.objects.values_list("pk")),
    "iterator": lambda m: list(m.objects.iterator()),
    "raw": lambda m: m.objects.raw("SELECT 1"),
    "update": lambda m: m.objects.update(),
    "delete": lambda m: m.objects.all().delete(),
    "bulk_create": lambda m: m.objects.bulk_create([m()]),
    "bulk_update": lambda m: m.objects.bulk_update([m(pk=1)], ["organisme"]),
    "create": lambda m: m.objects.create(),
    "get_or_create": lambda m: m.objects.get_or_create(pk=1),
    "update_or_create": lambda m: m.objects.update_or_create(pk=1),
    "none": lambda m: m.objects.none(),
    "using": lambda m: m.objects.using("default"),
    "union": lambda m: m.objects.union(m.objects.none()),
    "select_for_update": lambda m: m.objects.select_for_update(),
    "base_manager": lambda m: list(m._base_manager.all()),
    "default_manager": lambda m: list(m._default_manager.all()),
    "save": lambda m: m(pk=1, organisme_id=1).save(),
    "delete_instance": lambda m: m(pk=1, organisme_id=1).delete(),
    "refresh_from_db": lambda m: m(pk=1, organisme_id=1).refresh_from_db(),
}
MODELES = [m for m in apps.get_models() if m.__module__.startswith("maintien.")]
MODELES_A_PORTEE = [m for m in MODELES if issubclass(m, ScopedModel)]


def test_tout_modele_est_a_portee_sauf_ceux_qui_la_definissent() -> None:
    assert {m._meta.label for m in MODELES if not issubclass(m, ScopedModel)} == SANS_PORTEE


@pytest.mark.parametrize("modele", MODELES_A_PORTEE, ids=lambda m: m._meta.label_lower)
def test_aucun_autre_gestionnaire_ne_contourne_la_portee(modele: type[ScopedModel]) -> None:
    gestionnaires = [*modele._meta.managers, modele._base_manager, modele._default_manager]

    assert {type(gestionnaire).__name__ for gestionnaire in gestionnaires} == {"ScopedManager"}


@pytest.mark.django_db
@pytest.mark.parametrize("nom", ACCES)
def test_sans_portee_tout_acces_leve(nom: str) -> None:
    with pytest.raises(ScopeError):
        ACCES[nom](Compte)


@pytest.mark.django_db
@pytest.mark.parametrize("modele", MODELES_A_PORTEE, ids=lambda m: m._meta.label_lower)
def test_sans_portee_chaque_modele_se_tait(modele: type[ScopedModel]) -> None:
    with pytest.raises(ScopeError):
        modele.objects.exists()


@pytest.mark.django_db
def test_une_portee_sur_rien_n_est_pas_une_portee_sur_tout() -> None:
    with scope(organisme=None), pytest.raises(ScopeError):
        Compte.objects.count()


def test_un_fil_d_execution_nouveau_n_herite_pas_de_la_portee(bailleur: Organisme) -> None:
    vues: list[object] = []

    def travail() -> None:
        try:
            vues.append(current_organisme_id())
        except ScopeError:
            vues.append("fermé")

    fil = threading.Thread(target=travail)
    fil.start()
    fil.join()

    assert current_organisme_id() == bailleur.pk
    assert vues == ["fermé"]


def test_les_lignes_d_un_autre_bailleur_sont_invisibles(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    le_mien = fabriques.compte("C1")
    with organisme_scope(autre_bailleur):
        etranger = fabriques.compte("C1")
        fabriques.bail(etranger)

    assert list(Compte.objects.all()) == [le_mien]
    assert not Compte.objects.filter(pk=etranger.pk).exists()
    assert Bail.objects.count() == 0
    assert Compte.objects.filter(pk=etranger.pk).update(reference="VOLE") == 0
    assert Compte.objects.filter(pk=etranger.pk).delete() == (0, {})


def test_les_relations_passent_par_la_meme_porte(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        etranger = fabriques.compte()
        bail = fabriques.bail(etranger)

    assert list(etranger.baux.all()) == []
    bail_relu = Bail(pk=bail.pk, organisme_id=bail.organisme_id, compte_id=etranger.pk)
    with pytest.raises(Compte.DoesNotExist):
        _ = bail_relu.compte
    with pytest.raises(Bail.DoesNotExist):
        bail_relu.refresh_from_db()


def test_on_n_ecrit_pas_pour_un_autre_bailleur(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with pytest.raises(ScopeError):
        Compte.objects.create(organisme=autre_bailleur, reference="C9")
    with pytest.raises(ScopeError):
        Compte.objects.bulk_create([Compte(organisme=autre_bailleur, reference="C9")])
    with pytest.raises(ScopeError):
        Compte.objects.update(organisme=autre_bailleur)
    with pytest.raises(ScopeError):
        fabriques.compte().baux.create(organisme=autre_bailleur, reference="B", date_entree=fabriques.NUIT)


def test_on_ne_change_pas_une_ligne_d_un_autre_bailleur(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        etranger = fabriques.compte("C9")
    etranger.reference = "VOLE"

    with pytest.raises(ScopeError):
        etranger.save()
    with pytest.raises(ScopeError):
        Compte.objects.bulk_update([etranger], ["reference"])
    # A forged organisme changes nothing: the row is looked for in the scope, and is not there.
    etranger.organisme = bailleur
    assert Compte.objects.bulk_update([etranger], ["reference"]) == 0


def test_on_ne_lie_pas_deux_bailleurs(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        etranger = fabriques.compte()

    with pytest.raises(ScopeError):
        Bail.objects.create(compte=etranger, reference="B1", date_entree=fabriques.NUIT)
    with pytest.raises(ScopeError):
        Occupation.objects.bulk_create([Occupation(compte=etranger, personne=fabriques.personne(), role="titulaire")])


def test_une_ligne_neuve_prend_le_bailleur_de_la_portee(bailleur: Organisme) -> None:
    seule = Compte.objects.create(reference="C1")
    [groupee] = Compte.objects.bulk_create([Compte(reference="C2")])

    assert (seule.organisme_id, groupee.organisme_id) == (bailleur.pk, bailleur.pk)


def test_une_meme_reference_vit_chez_deux_bailleurs(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    un = fabriques.ecriture(fabriques.compte("C1"), "PAI", fabriques.NUIT, credit=1, reference="E1")
    with organisme_scope(autre_bailleur):
        autre = fabriques.ecriture(fabriques.compte("C1"), "PAI", fabriques.NUIT, credit=1, reference="E1")

    assert un.pk != autre.pk
    assert Ecriture.objects.get(reference="E1") == un


def test_une_requete_preparee_en_portee_le_reste(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    """Read in another scope than its own, it gives nothing of it; on PostgreSQL, nothing at all."""
    fabriques.compte("C1")
    with organisme_scope(autre_bailleur):
        fabriques.compte("C2")
        preparee = Compte.objects.order_by("pk")

    attendues = [] if connection.vendor == "postgresql" else ["C2"]
    assert [compte.reference for compte in preparee] == attendues


def test_un_travail_retrouve_son_bailleur_par_sa_seule_cle(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        etrangere = open_execution("import", "1")

    assert find_organisme_id(Execution, etrangere.pk) == autre_bailleur.pk
    assert find_organisme_id(Execution, 0) is None


def test_rien_d_autre_ne_se_retrouve_hors_d_une_portee(bailleur: Organisme) -> None:
    compte = fabriques.compte()

    with pytest.raises(ScopeError):
        find_organisme_id(Compte, compte.pk)


def test_la_portee_ne_se_coupe_qu_en_un_endroit() -> None:
    """`scopes_disabled` in the sources: the module that explains why, and no other."""
    sources = Path(portee.__file__).parents[2]
    coupures = [
        str(fichier.relative_to(sources))
        for fichier in sources.rglob("*.py")
        if "scopes_disabled" in fichier.read_text(encoding="utf-8")
    ]

    assert coupures == ["apps/socle/portee.py"]

"""Écritures and journal: the database refuses to change or remove a line, whatever the way."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from tests import fabriques

from maintien.apps.comptes.models import Ecriture
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import declencheurs, journal
from maintien.apps.socle.models import Evenement, SceauJournal
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.proprietaire import as_owner


def _ecriture() -> Ecriture:
    return fabriques.paiement(fabriques.compte(), fabriques.NUIT)


def test_une_ecriture_ne_se_modifie_pas(bailleur: Organisme) -> None:
    ecriture = _ecriture()
    ecriture.credit_centimes = 1

    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        ecriture.save()
    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        Ecriture.objects.update(libelle="autre")
    assert Ecriture.objects.get().credit_centimes == 450_00


def test_une_ecriture_ne_se_supprime_pas(bailleur: Organisme) -> None:
    ecriture = _ecriture()

    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        ecriture.delete()
    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        Ecriture.objects.all().delete()
    assert Ecriture.objects.count() == 1


def test_le_sql_direct_est_refuse_aussi(bailleur: Organisme) -> None:
    _ecriture()
    journal.record("essai")

    journal.record_plateforme("essai")
    SceauJournal.objects.create(flux="plateforme", premiere=1, derniere=1, nombre=1)

    for table in declencheurs.TABLES:
        for debut in ("UPDATE {} SET id = id", "DELETE FROM {}"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
                curseur.execute(debut.format(table))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE n'existe que sur PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_le_vidage_est_refuse_a_l_application_et_au_proprietaire() -> None:
    for table in declencheurs.TABLES:
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as curseur:
            curseur.execute(f"TRUNCATE {table} CASCADE")
        with as_owner() as proprietaire, pytest.raises(IntegrityError), proprietaire.cursor() as curseur:
            curseur.execute(f"TRUNCATE {table} CASCADE")


def test_une_insertion_qui_remplace_est_refusee(bailleur: Organisme) -> None:
    """An upsert is a disguised change."""
    ecriture = _ecriture()
    jumelle = Ecriture(
        compte=ecriture.compte,
        livraison=ecriture.livraison,
        reference=ecriture.reference,
        date_comptable=fabriques.NUIT,
        code="PAI",
        credit_centimes=1,
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Ecriture.objects.bulk_create(
            [jumelle],
            update_conflicts=True,
            unique_fields=["organisme", "reference"],
            update_fields=["credit_centimes"],
        )
    assert Ecriture.objects.get().credit_centimes == 450_00


def test_un_evenement_du_journal_ne_bouge_pas(bailleur: Organisme) -> None:
    evenement = journal.record("essai")

    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        Evenement.objects.filter(pk=evenement.pk).update(motif="réécrit")
    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        evenement.delete()


@pytest.mark.django_db(transaction=True)
def test_les_declencheurs_reviennent_apres_une_migration_qui_copie_la_table() -> None:
    with as_owner() as proprietaire:
        for table in declencheurs.TABLES:
            declencheurs.remove(proprietaire, table)

    call_command("migrate", verbosity=0)

    with organisme_scope(fabriques.organisme()), pytest.raises(IntegrityError), transaction.atomic():
        _ecriture().delete()


@pytest.mark.django_db
def test_aucune_migration_ne_manque() -> None:
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_vider_la_base_d_essai_puis_retrouver_les_refus() -> None:
    with organisme_scope(fabriques.organisme()):
        _ecriture()

    call_command("flush", interactive=False, verbosity=0)

    with organisme_scope(fabriques.organisme()):
        assert Ecriture.objects.count() == 0
        with pytest.raises(IntegrityError):
            _ecriture().delete()


@pytest.mark.django_db
def test_vider_une_vraie_base_est_refuse(settings: pytest.FixtureRequest) -> None:
    settings.MAINTIEN_BASE_JETABLE = False

    with pytest.raises(CommandError, match="ne s'effacent pas"):
        call_command("flush", interactive=False, verbosity=0)


def test_une_ecriture_est_au_debit_ou_au_credit(bailleur: Organisme) -> None:
    compte = fabriques.compte()

    with pytest.raises(IntegrityError), transaction.atomic():
        fabriques.ecriture(compte, "PAI", fabriques.NUIT, debit=1, credit=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        fabriques.ecriture(compte, "PAI", fabriques.NUIT, credit=-1)

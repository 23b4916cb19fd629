"""What the journal alone knew becomes rows: the pairs of households named before 0007, of each landlord."""

from importlib import import_module

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from tests import fabriques

from maintien.apps.dossiers.models import Menage, Rapprochement
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.proprietaire import as_owner

MIGRATION = import_module("maintien.apps.dossiers.migrations.0007_rapprochement")


def _dire(un: Menage, autre: int) -> None:
    with transaction.atomic():
        journal.record("menage.a_rapprocher", un, autre=autre)


@pytest.mark.django_db(transaction=True)
def test_les_paires_du_journal_deviennent_des_lignes(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    """Twice the same pair, from both ends, is one row; a household gone since, or of another landlord, makes none."""
    premier, second = fabriques.menage(), fabriques.menage()
    _dire(premier, second.pk)
    _dire(second, premier.pk)
    _dire(premier, 999_999)
    with organisme_scope(autre_bailleur):
        etranger, voisin = fabriques.menage(), fabriques.menage()
        _dire(etranger, voisin.pk)
        _dire(etranger, premier.pk)

    # As the migration sees them: historical models have no scope, and the owner of the tables runs it.
    with as_owner():
        MIGRATION.read_journal(MigrationExecutor(connection).loader.project_state().apps, None)

    [paire] = Rapprochement.objects.all()
    assert (paire.un, paire.autre, paire.etat, paire.deplaces) == (premier, second, "a_decider", {})
    with organisme_scope(autre_bailleur):
        assert [(r.un, r.autre) for r in Rapprochement.objects.all()] == [(etranger, voisin)]

"""Écritures: the database refuses UPDATE and DELETE."""

from django.db import migrations

from maintien.apps.socle import declencheurs

TABLE = "comptes_ecriture"


def install(apps, schema_editor):
    declencheurs.install(schema_editor.connection, TABLE)


def remove(apps, schema_editor):
    declencheurs.remove(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("comptes", "0002_initial"), ("socle", "0002_ajout_seul")]
    operations = [migrations.RunPython(install, remove)]

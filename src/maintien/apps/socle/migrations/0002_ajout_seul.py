"""The journal: the database refuses UPDATE and DELETE."""

from django.db import migrations

from maintien.apps.socle import declencheurs

TABLE = "socle_evenement"


def install(apps, schema_editor):
    declencheurs.install(schema_editor.connection, TABLE, scellee=False)


def remove(apps, schema_editor):
    declencheurs.remove(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("socle", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]

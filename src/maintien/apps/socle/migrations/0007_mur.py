"""The second wall: row-level security on PostgreSQL, on every scoped table; nothing on SQLite."""

from django.db import migrations

from maintien.apps.socle import mur


def install(apps, schema_editor):
    mur.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("socle", "0006_journal_scelle")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]

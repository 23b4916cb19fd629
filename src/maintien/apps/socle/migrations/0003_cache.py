"""The table of the shared cache: what counts attempts to log in must count them for all processes together."""

from django.core.management import call_command
from django.db import migrations

TABLE = "socle_cache"


def create(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def remove(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("socle", "0002_ajout_seul")]
    operations = [migrations.RunPython(create, remove)]

"""Every line has its rank; the database lets go of sealed lines and of no other."""

from django.db import migrations, models

from maintien.apps.socle import declencheurs

TABLES = ("socle_evenement", "socle_evenementplateforme", "socle_sceaujournal")


def install(apps, schema_editor):
    for table in TABLES:
        declencheurs.install(schema_editor.connection, table)


def remove(apps, schema_editor):
    for table in TABLES:
        declencheurs.remove(schema_editor.connection, table)
    declencheurs.install(schema_editor.connection, TABLES[0], scellee=False)


class Migration(migrations.Migration):
    dependencies = [("socle", "0005_chainer")]
    operations = [
        migrations.AlterField(
            model_name="evenement", name="sequence", field=models.BigIntegerField(verbose_name="rang dans le flux")
        ),
        migrations.AddConstraint(
            model_name="evenement",
            constraint=models.UniqueConstraint(fields=("organisme", "flux", "sequence"), name="evenement_rang"),
        ),
        migrations.RunPython(install, remove),
    ]

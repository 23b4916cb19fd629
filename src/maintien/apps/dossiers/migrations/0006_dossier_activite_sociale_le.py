"""The activity behind the social wall, apart from that which all may see."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_fait_cle")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="activite_sociale_le",
            field=models.DateField(blank=True, null=True, verbose_name="dernière note sociale"),
        ),
    ]

"""A fact bears the key of the form that wrote it: the same form sent twice is one fact."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0004_protections")]

    operations = [
        migrations.AddField(
            model_name="fait",
            name="cle",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="clé de saisie"),
        ),
        migrations.AddConstraint(
            model_name="fait",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cle", ""), _negated=True), fields=("organisme", "cle"), name="fait_cle"
            ),
        ),
    ]

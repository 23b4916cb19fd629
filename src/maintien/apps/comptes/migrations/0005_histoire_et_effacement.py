"""Deliveries carry a random identifier, erased deposits say so, and cancelling entries have their index.

Deliveries made before have an empty identifier, which nothing trusts: their mirror is made again once.
"""

from django.db import migrations, models

import maintien.apps.comptes.models


class Migration(migrations.Migration):
    dependencies = [("comptes", "0004_origine_des_fiches")]

    operations = [
        migrations.AddField(
            "livraison",
            "identifiant",
            models.CharField(default="", editable=False, max_length=32, verbose_name="identifiant"),
        ),
        migrations.AlterField(
            "livraison",
            "identifiant",
            models.CharField(
                default=maintien.apps.comptes.models.new_identifiant,
                editable=False,
                max_length=32,
                verbose_name="identifiant",
            ),
        ),
        migrations.AddField(
            "fichierimporte",
            "efface_le",
            models.DateTimeField(blank=True, null=True, verbose_name="contenu effacé le"),
        ),
        migrations.AddIndex("fichierimporte", models.Index(fields=["chemin"], name="fichier_chemin")),
        migrations.AddIndex(
            "ecriture",
            models.Index(
                condition=models.Q(("reference_annulee", ""), _negated=True),
                fields=["organisme", "reference_annulee"],
                name="ecriture_annulante",
            ),
        ),
    ]

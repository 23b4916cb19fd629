from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_proposition_compte_echeance_legale")]

    operations = [
        migrations.AddField(
            model_name="menage",
            name="mandataire_adresse",
            field=models.TextField(blank=True, default="", verbose_name="adresse du mandataire"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="menage",
            name="protection_depuis",
            field=models.DateField(blank=True, null=True, verbose_name="mesure depuis le"),
        ),
        migrations.AlterField(
            model_name="menage",
            name="mandataire",
            field=models.TextField(blank=True, verbose_name="curateur, tuteur ou personne habilitée"),
        ),
        migrations.AlterField(
            model_name="menage",
            name="protection",
            field=models.CharField(
                choices=[
                    ("aucune", "aucune"),
                    ("curatelle", "curatelle"),
                    ("tutelle", "tutelle"),
                    ("habilitation", "habilitation familiale"),
                ],
                default="aucune",
                max_length=12,
                verbose_name="protection",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0006_pieces_sans_montant"),
    ]

    operations = [
        migrations.AddField(
            model_name="lignerefusee",
            name="reference",
            field=models.CharField(blank=True, max_length=200, verbose_name="numéro"),
        ),
        migrations.AddField(
            model_name="lignerefusee",
            name="montant_centimes",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="montant (centimes)"),
        ),
    ]

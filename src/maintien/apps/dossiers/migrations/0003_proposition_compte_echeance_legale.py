"""A step that the law imposes belongs to one account, and has the date of the law beside the target of the house."""

from datetime import date
from typing import Any

from django.db import migrations, models
from django.db.models import Q


def read_reasons(apps: Any, schema_editor: Any) -> None:
    """The account and the legal date of the steps already stored, from the values of their first reason."""
    # Historical models have no scope: every landlord is brought up to date.
    toutes = apps.get_model("dossiers", "Proposition")._base_manager
    imposees = list(toutes.filter(genre="impaye_legal", imposee=True).only("motifs"))
    for proposition in imposees:
        valeurs = proposition.motifs[0].get("valeurs", {}) if proposition.motifs else {}
        proposition.reference_compte = str(valeurs.get("compte", {}).get("valeur", ""))[:40]
        proposition.echeance_legale = _legal_date(valeurs)
    toutes.bulk_update(imposees, ["reference_compte", "echeance_legale"], batch_size=500)


def _legal_date(valeurs: dict[str, Any]) -> date | None:
    """None when the books showed the arrears after the delay of the law had ended: no text fixes what is left."""
    dates = {nom: valeurs.get(nom, {}).get("valeur", "") for nom in ("signalement", "constate")}
    if not dates["signalement"] or dates["signalement"] <= dates["constate"]:
        return None
    return date.fromisoformat(dates["signalement"])


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="proposition",
            name="reference_compte",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="compte"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="proposition",
            name="echeance_legale",
            field=models.DateField(blank=True, null=True, verbose_name="échéance légale"),
        ),
        migrations.AddField(
            model_name="proposition",
            name="realisee_le",
            field=models.DateField(blank=True, null=True, verbose_name="réalisée le"),
        ),
        migrations.RemoveConstraint(model_name="proposition", name="proposition_a_faire"),
        migrations.AddConstraint(
            model_name="proposition",
            constraint=models.UniqueConstraint(
                condition=Q(etat="a_faire"),
                fields=("dossier", "genre", "reference_compte"),
                name="proposition_a_faire",
            ),
        ),
        migrations.RunPython(read_reasons, migrations.RunPython.noop, elidable=True),
    ]

"""Pairs of households that share a tenant, which were in the journal only, become rows that a person decides about."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def read_journal(apps: Any, schema_editor: Any) -> None:
    """One row a pair whose two households are still there. Historical models have no scope: all landlords at once."""
    menages = apps.get_model("dossiers", "Menage")._base_manager
    rapprochements = apps.get_model("dossiers", "Rapprochement")
    evenements = apps.get_model("socle", "Evenement")._base_manager
    organismes = dict(menages.values_list("pk", "organisme_id"))
    paires = set()
    for un, details in evenements.filter(acte="menage.a_rapprocher").values_list("objet_id", "details"):
        autre = details.get("autre")
        if un in organismes and autre in organismes and un != autre and organismes[un] == organismes[autre]:
            paires.add((min(un, autre), max(un, autre)))
    rapprochements._base_manager.bulk_create(
        [
            rapprochements(organisme_id=organismes[un], un_id=un, autre_id=autre, deplaces={})
            for un, autre in sorted(paires)
        ],
        batch_size=500,
    )


def _cle(vers: str, a_la_suppression: Any, **options: Any) -> Any:
    return models.ForeignKey(on_delete=a_la_suppression, related_name="+", to=vers, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0006_dossier_activite_sociale_le"),
        ("organismes", "0002_livres_au"),
        ("socle", "0003_cache"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="fait",
            name="genre",
            field=models.CharField(
                choices=[
                    ("appel", "appel"),
                    ("visite", "visite"),
                    ("cause", "cause de l'impayé"),
                    ("pause", "pause"),
                    ("note", "note"),
                    ("proposition", "étape proposée"),
                    ("reattribution", "réattribution"),
                    ("ouverture", "ouverture du dossier"),
                    ("changement", "changement du dossier"),
                    ("cloture", "clôture du dossier"),
                    ("protection", "protection"),
                    ("rapprochement", "rapprochement de deux ménages"),
                ],
                max_length=20,
                verbose_name="genre",
            ),
        ),
        migrations.CreateModel(
            name="Rapprochement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_decider", "à décider"),
                            ("reunis", "un seul ménage"),
                            ("distincts", "deux ménages"),
                        ],
                        default="a_decider",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("deplaces", models.JSONField(blank=True, default=dict, verbose_name="ce qui a été déplacé")),
                ("decide_le", models.DateField(blank=True, null=True, verbose_name="décidé le")),
                ("un", _cle("dossiers.menage", django.db.models.deletion.CASCADE)),
                ("autre", _cle("dossiers.menage", django.db.models.deletion.CASCADE)),
                ("garde", _cle("dossiers.menage", django.db.models.deletion.PROTECT, blank=True, null=True)),
                (
                    "decide_par",
                    _cle(settings.AUTH_USER_MODEL, django.db.models.deletion.PROTECT, blank=True, null=True),
                ),
                ("organisme", _cle("organismes.organisme", django.db.models.deletion.PROTECT, db_index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("un", "autre"), name="rapprochement_paire"),
                    models.CheckConstraint(condition=Q(un__lt=F("autre")), name="rapprochement_ordre"),
                ],
            },
        ),
        migrations.RunPython(read_journal, migrations.RunPython.noop),
    ]

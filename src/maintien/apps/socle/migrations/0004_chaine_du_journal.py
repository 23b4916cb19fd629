"""The chain of the journal, its heads and seals; settings by organisme; the register of exports."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organismes", "0002_livres_au"),
        ("socle", "0003_cache"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvenementPlateforme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("instant", models.DateTimeField(default=django.utils.timezone.now, verbose_name="instant")),
                ("role", models.CharField(blank=True, max_length=20, verbose_name="rôle de l'acteur")),
                ("acte", models.CharField(max_length=60, verbose_name="acte")),
                ("objet_type", models.CharField(max_length=60, verbose_name="objet")),
                ("objet_id", models.BigIntegerField(null=True, verbose_name="identifiant de l'objet")),
                ("menage_ref", models.BigIntegerField(blank=True, null=True, verbose_name="ménage concerné")),
                (
                    "finalite",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("appel", "Le ménage me contacte, ou je lui réponds"),
                            ("remplacement", "Je remplace un collègue absent"),
                            ("reprise", "Je reprends ou prépare la reprise de ce dossier"),
                            ("reunion", "Je prépare une réunion ou une commission"),
                            ("encadrement", "J’encadre ou contrôle le suivi"),
                            ("droits", "Demande d’accès, réclamation ou recours de la personne"),
                            ("suivi", "Je suis ce ménage"),
                            ("qualite", "Je corrige des données"),
                            ("procedure", "Je prépare un acte de procédure"),
                            ("incident", "J’enquête sur un incident de sécurité"),
                        ],
                        max_length=20,
                        verbose_name="finalité",
                    ),
                ),
                ("motif", models.TextField(blank=True, verbose_name="motif")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="détails")),
                ("session", models.CharField(blank=True, max_length=16, verbose_name="session (empreinte)")),
                ("adresse", models.CharField(blank=True, max_length=45, verbose_name="adresse tronquée")),
                (
                    "flux",
                    models.CharField(
                        choices=[
                            ("actes", "actes des personnes"),
                            ("travaux", "travaux de la machine"),
                            ("plateforme", "plateforme"),
                        ],
                        max_length=10,
                        verbose_name="flux",
                    ),
                ),
                ("sequence", models.BigIntegerField(verbose_name="rang dans le flux")),
                ("cle", models.CharField(max_length=16, verbose_name="clé")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte")),
            ],
        ),
        migrations.CreateModel(
            name="Extraction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "genre",
                    models.CharField(
                        choices=[("journee", "liste de travail"), ("refus_import", "lignes refusées d'un import")],
                        max_length=20,
                        verbose_name="genre",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "Excel (XLSX)")], max_length=4, verbose_name="format"
                    ),
                ),
                (
                    "finalite",
                    models.CharField(
                        choices=[
                            ("appel", "Le ménage me contacte, ou je lui réponds"),
                            ("remplacement", "Je remplace un collègue absent"),
                            ("reprise", "Je reprends ou prépare la reprise de ce dossier"),
                            ("reunion", "Je prépare une réunion ou une commission"),
                            ("encadrement", "J’encadre ou contrôle le suivi"),
                            ("droits", "Demande d’accès, réclamation ou recours de la personne"),
                            ("suivi", "Je suis ce ménage"),
                            ("qualite", "Je corrige des données"),
                            ("procedure", "Je prépare un acte de procédure"),
                            ("incident", "J’enquête sur un incident de sécurité"),
                        ],
                        max_length=20,
                        verbose_name="finalité",
                    ),
                ),
                ("objet_id", models.BigIntegerField(null=True, verbose_name="identifiant de l'objet")),
                ("filtres", models.JSONField(blank=True, default=dict, verbose_name="filtres")),
                ("menages", models.JSONField(blank=True, default=list, verbose_name="ménages")),
                ("nombre", models.PositiveIntegerField(verbose_name="ménages ou lignes")),
                ("code", models.CharField(max_length=16, unique=True, verbose_name="code du fichier")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("demandee", "attend une seconde personne"),
                            ("approuvee", "approuvée"),
                            ("refusee", "refusée"),
                            ("prise", "remise"),
                        ],
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("demandee_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="demandée le")),
                ("decidee_le", models.DateTimeField(blank=True, null=True, verbose_name="décidée le")),
                ("prise_le", models.DateTimeField(blank=True, null=True, verbose_name="remise le")),
                ("empreinte", models.CharField(blank=True, max_length=64, verbose_name="empreinte du fichier")),
            ],
            options={
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Reglage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nom",
                    models.CharField(
                        choices=[
                            ("journal_mois", "mois de conservation du journal"),
                            ("extraction_menages", "ménages exportés par personne et par jour"),
                        ],
                        max_length=30,
                        verbose_name="réglage",
                    ),
                ),
                ("valeur", models.PositiveIntegerField(verbose_name="valeur")),
                ("depuis", models.DateField(verbose_name="à partir du")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="posé le")),
            ],
            options={
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="SceauJournal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "flux",
                    models.CharField(
                        choices=[
                            ("actes", "actes des personnes"),
                            ("travaux", "travaux de la machine"),
                            ("plateforme", "plateforme"),
                        ],
                        max_length=10,
                        verbose_name="flux",
                    ),
                ),
                ("mois", models.CharField(max_length=7, verbose_name="mois")),
                ("premiere", models.BigIntegerField(verbose_name="rang de la première ligne")),
                ("derniere", models.BigIntegerField(verbose_name="rang de la dernière ligne")),
                ("nombre", models.BigIntegerField(verbose_name="nombre de lignes")),
                ("premiere_empreinte", models.CharField(max_length=64, verbose_name="empreinte de la première ligne")),
                ("derniere_empreinte", models.CharField(max_length=64, verbose_name="empreinte de la dernière ligne")),
                ("cle", models.CharField(max_length=16, verbose_name="clé")),
                ("signature", models.CharField(max_length=64, verbose_name="signature")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="posé le")),
            ],
        ),
        migrations.CreateModel(
            name="TeteJournal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "flux",
                    models.CharField(
                        choices=[
                            ("actes", "actes des personnes"),
                            ("travaux", "travaux de la machine"),
                            ("plateforme", "plateforme"),
                        ],
                        max_length=10,
                        verbose_name="flux",
                    ),
                ),
                ("sequence", models.BigIntegerField(default=0, verbose_name="rang de la dernière ligne")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte de la dernière ligne")),
                ("cle", models.CharField(max_length=16, verbose_name="clé")),
                ("signature", models.CharField(max_length=64, verbose_name="signature")),
            ],
        ),
        migrations.AlterModelOptions(
            name="evenement",
            options={"base_manager_name": "objects"},
        ),
        migrations.AddField(
            model_name="evenement",
            name="adresse",
            field=models.CharField(blank=True, max_length=45, verbose_name="adresse tronquée"),
        ),
        migrations.AddField(
            model_name="evenement",
            name="cle",
            field=models.CharField(default="", max_length=16, verbose_name="clé"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="evenement",
            name="empreinte",
            field=models.CharField(default="", max_length=64, verbose_name="empreinte"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="evenement",
            name="finalite",
            field=models.CharField(
                blank=True,
                choices=[
                    ("appel", "Le ménage me contacte, ou je lui réponds"),
                    ("remplacement", "Je remplace un collègue absent"),
                    ("reprise", "Je reprends ou prépare la reprise de ce dossier"),
                    ("reunion", "Je prépare une réunion ou une commission"),
                    ("encadrement", "J’encadre ou contrôle le suivi"),
                    ("droits", "Demande d’accès, réclamation ou recours de la personne"),
                    ("suivi", "Je suis ce ménage"),
                    ("qualite", "Je corrige des données"),
                    ("procedure", "Je prépare un acte de procédure"),
                    ("incident", "J’enquête sur un incident de sécurité"),
                ],
                max_length=20,
                verbose_name="finalité",
            ),
        ),
        migrations.AddField(
            model_name="evenement",
            name="flux",
            field=models.CharField(
                choices=[
                    ("actes", "actes des personnes"),
                    ("travaux", "travaux de la machine"),
                    ("plateforme", "plateforme"),
                ],
                default="",
                max_length=10,
                verbose_name="flux",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="evenement",
            name="menage_ref",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="ménage concerné"),
        ),
        migrations.AddField(
            model_name="evenement",
            name="role",
            field=models.CharField(blank=True, max_length=20, verbose_name="rôle de l'acteur"),
        ),
        migrations.AddField(
            model_name="evenement",
            name="sequence",
            field=models.BigIntegerField(null=True, verbose_name="rang dans le flux"),
        ),
        migrations.AddField(
            model_name="evenement",
            name="session",
            field=models.CharField(blank=True, max_length=16, verbose_name="session (empreinte)"),
        ),
        migrations.AddIndex(
            model_name="evenement",
            index=models.Index(fields=["organisme", "menage_ref", "id"], name="evenement_menage"),
        ),
        migrations.AddField(
            model_name="evenementplateforme",
            name="acteur",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="extraction",
            name="approbateur",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="extraction",
            name="demandeur",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="extraction",
            name="organisme",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organismes.organisme",
            ),
        ),
        migrations.AddField(
            model_name="reglage",
            name="organisme",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organismes.organisme",
            ),
        ),
        migrations.AddField(
            model_name="sceaujournal",
            name="organisme",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organismes.organisme",
            ),
        ),
        migrations.AddField(
            model_name="tetejournal",
            name="organisme",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organismes.organisme",
            ),
        ),
        migrations.AddIndex(
            model_name="evenementplateforme",
            index=models.Index(fields=["instant"], name="evenement_plateforme_instant"),
        ),
        migrations.AddConstraint(
            model_name="evenementplateforme",
            constraint=models.UniqueConstraint(fields=("flux", "sequence"), name="evenement_plateforme_rang"),
        ),
        migrations.AddIndex(
            model_name="extraction",
            index=models.Index(fields=["organisme", "demandeur", "prise_le"], name="extraction_budget"),
        ),
        migrations.AddIndex(
            model_name="extraction",
            index=models.Index(fields=["organisme", "etat", "id"], name="extraction_etat"),
        ),
        migrations.AddConstraint(
            model_name="extraction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approbateur", None),
                    models.Q(("approbateur", models.F("demandeur")), _negated=True),
                    _connector="OR",
                ),
                name="extraction_seconde_personne",
            ),
        ),
        migrations.AddIndex(
            model_name="reglage",
            index=models.Index(fields=["organisme", "nom", "depuis"], name="reglage_depuis"),
        ),
        migrations.AddConstraint(
            model_name="sceaujournal",
            constraint=models.UniqueConstraint(fields=("organisme", "flux", "premiere"), name="sceau_unique"),
        ),
        migrations.AddConstraint(
            model_name="sceaujournal",
            constraint=models.CheckConstraint(
                condition=models.Q(("derniere__gte", models.F("premiere"))), name="sceau_rangs"
            ),
        ),
        migrations.AddConstraint(
            model_name="tetejournal",
            constraint=models.UniqueConstraint(fields=("organisme", "flux"), name="tete_unique"),
        ),
        migrations.AddConstraint(
            model_name="tetejournal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisme", None)), fields=("flux",), name="tete_plateforme"
            ),
        ),
    ]

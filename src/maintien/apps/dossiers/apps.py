from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "maintien.apps.dossiers"
    label = "dossiers"
    verbose_name = "Dossiers"

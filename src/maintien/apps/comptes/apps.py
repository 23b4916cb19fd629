from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "maintien.apps.comptes"
    label = "comptes"
    verbose_name = "Comptes"

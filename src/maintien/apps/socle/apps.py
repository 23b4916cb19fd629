from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "maintien.apps.socle"
    label = "socle"
    verbose_name = "Socle"

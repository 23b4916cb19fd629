from django.apps import AppConfig


class OrganismesConfig(AppConfig):
    name = "maintien.apps.organismes"
    label = "organismes"
    verbose_name = "Organismes"

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "maintien.apps.plans"
    label = "plans"
    verbose_name = "Plans d'apurement"

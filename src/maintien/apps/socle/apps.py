from django.apps import AppConfig
from django.db.models.signals import post_migrate

from maintien.apps.socle.declencheurs import install_all


class SocleConfig(AppConfig):
    name = "maintien.apps.socle"
    label = "socle"
    verbose_name = "Socle"

    def ready(self) -> None:
        post_migrate.connect(install_all, dispatch_uid="socle.declencheurs")

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from maintien.apps.socle.declencheurs import install_all


class SocleConfig(AppConfig):
    name = "maintien.apps.socle"
    label = "socle"
    verbose_name = "Socle"

    def ready(self) -> None:
        # The models are loaded by now, and not before.
        from maintien.apps.socle import controles, mur  # noqa: PLC0415

        post_migrate.connect(install_all, dispatch_uid="socle.declencheurs")
        post_migrate.connect(mur.install_all, sender=self, dispatch_uid="socle.mur")
        controles.register()

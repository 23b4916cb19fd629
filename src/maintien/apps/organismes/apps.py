from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured

from maintien.connecteurs.oidc.correspondance import CorrespondanceError


class OrganismesConfig(AppConfig):
    name = "maintien.apps.organismes"
    label = "organismes"
    verbose_name = "Organismes"

    def ready(self) -> None:
        from maintien.apps.organismes import fournisseur, suites  # noqa: PLC0415 - models must be loaded first

        suites.connect()
        try:
            fournisseur.correspondance()
        except (CorrespondanceError, OSError) as erreur:
            raise ImproperlyConfigured(f"MAINTIEN_OIDC_CORRESPONDANCE : {erreur}") from erreur

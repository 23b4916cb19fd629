"""Tables are made and changed by the role that owns them, never by that of the application."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as MigrateCommand

from maintien.apps.socle.proprietaire import as_owner


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with as_owner(options["database"]):
                super().handle(*args, **options)
        except ImproperlyConfigured as manque:
            raise CommandError(str(manque)) from manque

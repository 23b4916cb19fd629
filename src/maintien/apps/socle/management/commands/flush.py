"""Emptying the whole database is for the databases of tests: écritures and journal are append-only."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as FlushCommand

from maintien.apps.socle.declencheurs import lifted
from maintien.apps.socle.proprietaire import as_owner


class Command(FlushCommand):
    help = "Vide la base d'essai ; refusé partout ailleurs."

    def handle(self, **options: Any) -> None:
        if not getattr(settings, "MAINTIEN_BASE_JETABLE", False):
            raise CommandError("Les écritures et le journal ne s'effacent pas : rien n'a été fait.")
        with as_owner(options["database"]) as connection, lifted(connection):
            super().handle(**options)

"""Sets Django up for the commands that work on the database; `situation` never comes here."""

import os

REGLAGES_PAR_DEFAUT = "maintien.config.settings.demo"
"""Without a word in the environment: the local data folder, on the loopback, without debug pages."""


def setup() -> None:
    """Read the settings that DJANGO_SETTINGS_MODULE names. Safe to call twice."""
    import django  # noqa: PLC0415 - a command that needs no database must not pay for it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", REGLAGES_PAR_DEFAUT)
    django.setup()

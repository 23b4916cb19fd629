"""Sets Django up for the commands that work on the database; `situation` never comes here."""

import os
import sys
from typing import NoReturn

import typer

REGLAGES_PAR_DEFAUT = "maintien.config.settings.demo"
"""Without a word in the environment: the local data folder, on the loopback, without debug pages."""

RIEN_FAIT = 2


def setup() -> None:
    """Read the settings that DJANGO_SETTINGS_MODULE names. Safe to call twice."""
    import django  # noqa: PLC0415 - a command that needs no database must not pay for it
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", REGLAGES_PAR_DEFAUT)
    try:
        django.setup()
    except ImproperlyConfigured as erreur:
        _refuser(str(erreur))


def setup_with_base(*, wall: bool = True) -> None:
    """The same, and the database answers and has the tables of this version; else one sentence and nothing done."""
    setup()
    if attend := _pending():
        _refuser(attend)
    if wall:
        check_wall()


def setup_with_new_base() -> None:
    """The same, the tables being made or brought up to this version first: for the first command of a real start."""
    setup()
    if _pending():
        migrate()
    check_wall()


def migrate() -> None:
    """Make the tables or bring them up to this version."""
    from django.core.management import CommandError, call_command  # noqa: PLC0415
    from django.db import OperationalError  # noqa: PLC0415

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except CommandError as refus:
        _refuser(str(refus))
    except OperationalError as erreur:
        _refuser_muette(erreur)


def check_wall() -> None:
    """Nothing runs on a PostgreSQL that does not hold each organisme apart."""
    from django.db import connection  # noqa: PLC0415

    from maintien.apps.socle.controles import faults  # noqa: PLC0415

    if fautes := faults(connection):
        _refuser(f"Démarrage refusé, la base ne tient pas chaque organisme à part. {fautes[0]}")


def _pending() -> str:
    """Why the database cannot be worked on; empty when it can."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.db import OperationalError, connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        executeur = MigrationExecutor(connection)
    except OperationalError as erreur:
        _refuser_muette(erreur)
    except ImproperlyConfigured as refus:
        _refuser(str(refus))
    if not executeur.migration_plan(executeur.loader.graph.leaf_nodes()):
        return ""
    if not executeur.loader.applied_migrations:
        return (
            "Il n'y a pas encore de base de données ici : commencez par « maintien demo » (un bailleur fictif) ou par "
            "« maintien organisme creer » (un vrai départ)."
        )
    return (
        "La base de données est d'une version plus ancienne que le logiciel : sauvegardez-la, puis lancez "
        "« maintien base migrer », qui la met à jour."
    )


def _refuser_muette(erreur: Exception) -> NoReturn:
    _refuser(
        "La base de données ne répond pas : vérifiez l'adresse dans MAINTIEN_BASE et que le serveur tourne "
        f"({str(erreur).splitlines()[0]})."
    )


def _refuser(phrase: str) -> NoReturn:
    print(phrase, file=sys.stderr)  # noqa: T201 - the one sentence of the error
    raise typer.Exit(RIEN_FAIT)

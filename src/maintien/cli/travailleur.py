"""`maintien travailleur`: what the site asks for in the background."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Annotated

import typer

from maintien.cli import django

_PAUSE = 2.0
# What SQLite and PostgreSQL say when someone else has held a lock for longer than one waits.
_OCCUPEE = ("database is locked", "database table is locked", "lock timeout")
_journal = logging.getLogger("maintien.travailleur")


def commande(
    une_fois: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--une-fois", help="Fait ce qui attend, puis s'arrête.")
    ] = False,
) -> None:
    """Exécute les travaux déposés (imports…) ; reprend ceux qu'un arrêt brutal a laissés."""
    django.setup_with_base()
    from maintien.travaux.taches import ring_abandoned, start_sweeping  # noqa: PLC0415

    if une_fois:
        _retry(ring_abandoned)
        _retry(lambda: _work(batch=True))
        return
    fin = threading.Event()
    _retry(lambda: start_sweeping(fin))
    typer.echo("Travailleur en marche ; Ctrl-C pour l'arrêter.")
    try:
        _retry(_work)
    finally:
        fin.set()


def _work(*, batch: bool = False) -> None:
    from django.core.management import call_command  # noqa: PLC0415

    call_command("db_worker", batch=batch, reload=False, startup_delay=False, verbosity=0)


def _retry(faire: Callable[[], object]) -> None:
    """Again and again while the database is only held by someone else; any other error ends the worker.

    The library opens the transaction in which it looks for work outside its own handling of a locked database.
    """
    from django.db import OperationalError, connection  # noqa: PLC0415

    while True:
        try:
            faire()
        except OperationalError as erreur:
            if not any(signe in str(erreur) for signe in _OCCUPEE):
                raise
            _journal.warning("La base est occupée par un autre depuis longtemps ; nouvel essai dans %s s.", _PAUSE)
            connection.close()
            time.sleep(_PAUSE)
        else:
            return

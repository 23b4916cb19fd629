"""`maintien travailleur`: what the site asks for in the background."""

import threading
from typing import Annotated

import typer

from maintien.cli import django


def commande(
    une_fois: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--une-fois", help="Fait ce qui attend, puis s'arrête.")
    ] = False,
) -> None:
    """Exécute les travaux déposés (imports…) ; reprend ceux qu'un arrêt brutal a laissés."""
    django.setup_with_base()
    from django.core.management import call_command  # noqa: PLC0415

    from maintien.travaux.taches import ring_abandoned, start_sweeping  # noqa: PLC0415

    if une_fois:
        ring_abandoned()
        call_command("db_worker", batch=True, reload=False, startup_delay=False, verbosity=0)
        return
    fin = threading.Event()
    start_sweeping(fin)
    typer.echo("Travailleur en marche ; Ctrl-C pour l'arrêter.")
    try:
        call_command("db_worker", reload=False, startup_delay=False, verbosity=0)
    finally:
        fin.set()

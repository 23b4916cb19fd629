"""What a server refuses to start on."""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

_journal = logging.getLogger("maintien.demarrage")


def refuse_unwalled() -> None:
    """On a PostgreSQL that does not hold each organisme apart, no page is served.

    A database that does not answer yet may answer in a minute: the role is then looked at when it does
    (`apps/socle/postgresql/base.py`), and each page says meanwhile that there is a failure.
    """
    # The applications are loaded by now, and not before.
    from maintien.apps.socle.controles import faults  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return
    try:
        fautes = faults(connection)
    except DatabaseError as erreur:
        _journal.warning("La base de données ne répond pas encore : %s", str(erreur).splitlines()[0])
        return
    finally:
        connection.close()
    if fautes:
        raise ImproperlyConfigured(f"Démarrage refusé, la base ne tient pas chaque organisme à part. {fautes[0]}")

"""Statistics by which the database chooses its indexes.

SQLite never gathers any by itself, and without them prefers « all the rows of the landlord » to fifty rows known by
their key (0.4 s instead of 0.02 s for a page of the worklist over 200,000 leases). Each long job refreshes them.
"""

from django.apps import apps
from django.db import connection

# Rows looked at per index: twenty milliseconds, whatever the size of the table.
_LIGNES = 1000


def refresh_statistics() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit={_LIGNES}")
            cursor.execute("ANALYZE")
        else:
            cursor.execute("ANALYZE " + ", ".join(_tables()))


def _tables() -> list[str]:
    modeles = (modele for modele in apps.get_models() if modele.__module__.startswith("maintien."))
    return [connection.ops.quote_name(modele._meta.db_table) for modele in modeles]  # noqa: SLF001

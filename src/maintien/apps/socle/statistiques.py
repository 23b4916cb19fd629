"""Statistics by which the database chooses its indexes.

SQLite never gathers any by itself, and without them prefers « all the rows of the landlord » to fifty rows known by
their key (0.4 s instead of 0.02 s for a page of the worklist over 200,000 leases). Each long job refreshes them.
"""

from django.db import connection

from maintien.apps.socle.mur import STATISTIQUES

# Rows looked at per index: twenty milliseconds, whatever the size of the table.
_LIGNES = 1000


def refresh_statistics() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit={_LIGNES}")
            cursor.execute("ANALYZE")
        else:
            # Only the owner of a table may: it lent this to the application when it put up the wall.
            cursor.execute(f"SELECT {STATISTIQUES}()")

"""The connection to PostgreSQL: as the application, whose role the database holds to its policies, or as the owner."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base, operations, psycopg_any
from psycopg.postgres import types
from psycopg.pq import Format

from maintien.apps.socle.postgresql.curseurs import CurseurPorte, CurseurServeurPorte
from maintien.apps.socle.postgresql.roles import refuse_role

_PORTEE = re.compile(r"^(?:SET LOCAL maintien\.\w+ = '\d*';)+|\n;SET LOCAL maintien\.\w+ = ''$")
_TIMESTAMPTZ = types["timestamptz"].oid
TRANSVERSE = "-c maintien.transverse=oui"


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """The statement as it was written: what is said of the scope before it is not for those who read the log."""
        return _PORTEE.sub("", super().last_executed_query(cursor, sql, params) or "")


class DatabaseWrapper(base.DatabaseWrapper):
    """Of the application unless `en_proprietaire`: the owner makes tables, and serves no page and no job."""

    ops_class = DatabaseOperations
    _roles_admis: ClassVar[set[tuple[Any, ...]]] = set()

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        # Outside any database, one makes or drops databases (those of tests).
        self.en_proprietaire = alias == NO_DB_ALIAS and bool(settings_dict.get("PROPRIETAIRE"))

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if self.en_proprietaire:
            # A password belongs to one role.
            params.pop("password", None)
            params |= self.settings_dict["PROPRIETAIRE"]
            params["options"] = f"{params.get('options', '')} {TRANSVERSE}".strip()
        else:
            params["cursor_factory"] = CurseurPorte
        return params

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if not self.en_proprietaire and self.alias != NO_DB_ALIAS:
            self._check_role()

    def create_cursor(self, name: str | None = None) -> Any:
        if name is None or self.en_proprietaire:
            return super().create_cursor(name)
        connexion = self.connection
        cursor = CurseurServeurPorte(connexion, name=name, scrollable=False, withhold=connexion.autocommit)
        # As Django does for its own.
        if self.timezone != connexion.adapters.get_loader(_TIMESTAMPTZ, Format.TEXT).timezone:
            psycopg_any.register_tzloader(self.timezone, cursor)
        return cursor

    def _check_role(self) -> None:
        """Once for each role and database: a role that the policies do not hold gets no connection."""
        infos = self.connection.info
        qui = (infos.host, infos.port, infos.dbname, infos.user)
        if qui in self._roles_admis:
            return
        refus = refuse_role(self.connection)
        if refus:
            self.connection.close()
            self.connection = None
            raise ImproperlyConfigured(refus)
        self._roles_admis.add(qui)

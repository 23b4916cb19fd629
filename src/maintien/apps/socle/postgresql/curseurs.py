"""Cursors that say for whom a statement is, in the very transaction of the statement.

One string goes to the server, « SET LOCAL …; statement »: outside any transaction block PostgreSQL makes one
transaction of it, inside one it costs no round trip. Nothing is remembered from one statement to the next.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any, Self

from psycopg import ClientCursor, Connection, ServerCursor, sql
from psycopg.client_cursor import ClientCursorMixin
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from maintien.apps.socle.portee import statement_scope


def _texte(requete: Any, curseur: Any) -> str:
    if isinstance(requete, sql.Composable):
        return requete.as_string(curseur)
    return requete.decode() if isinstance(requete, bytes) else str(requete)


def _is_broken(connexion: Any) -> bool:
    """After an error, PostgreSQL hears nothing but the rollback, which must then come first."""
    return bool(connexion.pgconn.transaction_status == TransactionStatus.INERROR)


class CurseurPorte(ClientCursor[TupleRow]):
    """The cursor of every ordinary statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        if _is_broken(self.connection):
            super().execute(query, params, **options)
            return self
        avant, apres = statement_scope()
        super().execute(avant + _texte(query, self) + apres, params, **options)
        # One result for each setting; then comes that of the statement.
        for _ in range(avant.count(";")):
            self.nextset()
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        """One by one: the batches of the driver take a single statement."""
        for params in params_seq:
            self.execute(query, params, **options)

    def copy(self, *args: Any, **options: Any) -> Any:
        """Rows into a temporary table; a copy says nothing of a scope, so it has none."""
        self._forget()
        return super().copy(*args, **options)

    def stream(self, *args: Any, **options: Any) -> Any:
        self._forget()
        return super().stream(*args, **options)

    def _forget(self) -> None:
        if not self.connection.autocommit:
            super().execute("SET LOCAL maintien.organisme = ''")


class CurseurServeurPorte(ClientCursorMixin[Connection[TupleRow]], ServerCursor[TupleRow]):
    """A named cursor, read by lots: it takes one statement only, so the setting comes in the same transaction.

    The policies read the setting once, when the cursor gives its first rows: a scope entered while it is being read
    changes nothing to what it gives.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        avant, _ = statement_scope()
        # Without a transaction of the caller, one of ours: the cursor is held beyond it.
        with self.connection.transaction() if self.connection.autocommit else nullcontext():
            ClientCursor(self.connection).execute(avant)
            super().execute(query, params, **options)
        return self

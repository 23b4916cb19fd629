"""Append-only tables: the database itself refuses to change or remove their rows.

The only place that knows two dialects. Installed by the migrations of the tables, and again after every `migrate`:
SQLite changes a table by copying it, which silently drops its triggers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("socle_evenement", "comptes_ecriture")

_FONCTION_POSTGRESQL = """
CREATE OR REPLACE FUNCTION maintien_refuser_changement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ajout seul : % ne se modifie ni ne se supprime', TG_TABLE_NAME USING ERRCODE = '23001';
END $$
"""


def _ordres(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        refus = "EXECUTE FUNCTION maintien_refuser_changement()"
        return [
            _FONCTION_POSTGRESQL,
            f"CREATE OR REPLACE TRIGGER {table}_ajout_seul BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refus}",
            f"CREATE OR REPLACE TRIGGER {table}_sans_vidage BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refus}",
        ]
    refus = f"BEGIN SELECT RAISE(ABORT, 'ajout seul : {table} ne se modifie ni ne se supprime'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_sans_{verbe.lower()} BEFORE {verbe} ON {table} {refus}"
        for verbe in ("UPDATE", "DELETE")
    ]


def _retraits(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_{nom} ON {table}" for nom in ("ajout_seul", "sans_vidage")]
    return [f"DROP TRIGGER IF EXISTS {table}_sans_{verbe}" for verbe in ("update", "delete")]


def _execute(connection: BaseDatabaseWrapper, ordres: list[str]) -> None:
    with connection.cursor() as cursor:
        for ordre in ordres:
            cursor.execute(ordre)


def install(connection: BaseDatabaseWrapper, table: str) -> None:
    _execute(connection, _ordres(connection.vendor, table))


def remove(connection: BaseDatabaseWrapper, table: str) -> None:
    _execute(connection, _retraits(connection.vendor, table))


def install_all(sender: AppConfig, using: str, **_: Any) -> None:
    """After `migrate`, on the tables that exist."""
    connection = connections[using]
    presentes = set(connection.introspection.table_names())
    for table in TABLES:
        if table in presentes:
            install(connection, table)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Tests empty their database between two cases; nothing else may pass here."""
    for table in TABLES:
        remove(connection, table)
    try:
        yield
    finally:
        for table in TABLES:
            install(connection, table)

"""Append-only tables: the database itself refuses to change or remove their rows.

The only place that knows two dialects. Installed by the migrations of the tables, and again after every `migrate`:
SQLite changes a table by copying it, which silently drops its triggers.

A line of journal may go in one way only: it is older than `MOIS_GARDES` and a row of `SceauJournal`, which itself
stays, covers it. A migration that copies the table of the seals on SQLite must `remove` first what reads it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("socle_evenement", "socle_evenementplateforme", "socle_sceaujournal", "comptes_ecriture")
MOIS_GARDES = 6
# Table of lines -> how the seal of a line is of the same organisme.
_SCELLEES = {
    "socle_evenement": "s.organisme_id = OLD.organisme_id",
    "socle_evenementplateforme": "s.organisme_id IS NULL",
}

_FONCTION_POSTGRESQL = """
CREATE OR REPLACE FUNCTION maintien_refuser_changement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ajout seul : % ne se modifie ni ne se supprime', TG_TABLE_NAME USING ERRCODE = '23001';
END $$
"""
_FONCTION_SCELLEE = """
CREATE OR REPLACE FUNCTION {table}_garder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.instant < now() - interval '{mois} months' AND {couverte} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'ajout seul : % ne se modifie ni ne se supprime', TG_TABLE_NAME USING ERRCODE = '23001';
END $$
"""


def _covered(table: str) -> str:
    """A seal covers the line: a condition that both databases read."""
    return (
        f"EXISTS (SELECT 1 FROM socle_sceaujournal s WHERE {_SCELLEES[table]} AND s.flux = OLD.flux "  # noqa: S608
        "AND OLD.sequence BETWEEN s.premiere AND s.derniere)"
    )


def _ordres(vendor: str, table: str, *, scellee: bool) -> list[str]:
    return _ordres_postgresql(table, scellee=scellee) if vendor == "postgresql" else _ordres_sqlite(table, scellee)


def _ordres_postgresql(table: str, *, scellee: bool) -> list[str]:
    refus = "EXECUTE FUNCTION maintien_refuser_changement()"
    garde = f"EXECUTE FUNCTION {table}_garder()" if scellee else refus
    fonction = _FONCTION_SCELLEE.format(table=table, mois=MOIS_GARDES, couverte=_covered(table)) if scellee else ""
    return [
        _FONCTION_POSTGRESQL,
        *([fonction] if fonction else []),
        f"CREATE OR REPLACE TRIGGER {table}_ajout_seul BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {garde}",
        f"CREATE OR REPLACE TRIGGER {table}_sans_vidage BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refus}",
    ]


def _ordres_sqlite(table: str, scellee: bool) -> list[str]:  # noqa: FBT001
    refus = f"BEGIN SELECT RAISE(ABORT, 'ajout seul : {table} ne se modifie ni ne se supprime'); END"
    ordres = [f"CREATE TRIGGER IF NOT EXISTS {table}_sans_update BEFORE UPDATE ON {table} {refus}"]
    if not scellee:
        return [*ordres, f"CREATE TRIGGER IF NOT EXISTS {table}_sans_delete BEFORE DELETE ON {table} {refus}"]
    vieille = f"OLD.instant < datetime('now', '-{MOIS_GARDES} months')"
    quand = f"WHEN NOT ({vieille} AND {_covered(table)})"
    return [
        *ordres,
        f"DROP TRIGGER IF EXISTS {table}_sans_delete",
        f"CREATE TRIGGER IF NOT EXISTS {table}_garder BEFORE DELETE ON {table} {quand} {refus}",
    ]


def _retraits(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_{nom} ON {table}" for nom in ("ajout_seul", "sans_vidage")]
    return [f"DROP TRIGGER IF EXISTS {table}_{nom}" for nom in ("sans_update", "sans_delete", "garder")]


def _execute(connection: BaseDatabaseWrapper, ordres: list[str]) -> None:
    with connection.cursor() as cursor:
        for ordre in ordres:
            cursor.execute(ordre)


def install(connection: BaseDatabaseWrapper, table: str, *, scellee: bool | None = None) -> None:
    """`scellee` is for the migrations that come before the seals."""
    _execute(connection, _ordres(connection.vendor, table, scellee=table in _SCELLEES if scellee is None else scellee))


def remove(connection: BaseDatabaseWrapper, table: str) -> None:
    _execute(connection, _retraits(connection.vendor, table))


def install_all(sender: AppConfig, using: str, **_: Any) -> None:
    """After `migrate`, on the tables that exist."""
    connection = connections[using]
    presentes = set(connection.introspection.table_names())
    has_sceaux = "socle_sceaujournal" in presentes
    for table in TABLES:
        if table in presentes:
            install(connection, table, scellee=table in _SCELLEES and has_sceaux)


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

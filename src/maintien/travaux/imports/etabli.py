"""The workbench of écritures: a temporary table, filled by the fast road of each database. No other file knows two.

SQLite: `executemany` in a savepoint, which locks nothing but the temporary file. PostgreSQL: COPY. Everything else is
SQL that both understand.
"""
# The text of these orders is made of the names of our own tables and columns; every value is a parameter.
# ruff: noqa: S608

from collections.abc import Iterable, Sequence
from datetime import date
from types import TracebackType
from typing import Any, Self

from django.db import connection

from maintien.connecteurs.exports.enregistrements import EnregistrementEcriture

NEUVE, CONNUE, REFUSEE = 0, 1, 2

TABLE = "import_etabli"
COLONNES = (
    ("ordre", "{entier} PRIMARY KEY"),
    ("ligne", "integer NOT NULL"),
    ("reference", "text NOT NULL"),
    ("compte", "text NOT NULL"),
    ("date_comptable", "date NOT NULL"),
    ("date_valeur", "date"),
    ("date_exigibilite", "date"),
    ("periode", "text NOT NULL"),
    ("code", "text NOT NULL"),
    ("libelle", "text NOT NULL"),
    ("debit", "bigint NOT NULL"),
    ("credit", "bigint NOT NULL"),
    ("mode", "text NOT NULL"),
    ("reference_annulee", "text NOT NULL"),
    ("affectation", "text NOT NULL"),
    ("sort", "integer NOT NULL"),
)
NOMS = tuple(nom for nom, _ in COLONNES)
# What the import itself adds (a fee split from its reject) comes after the lines of the file.
APRES = 10**15


class Etabli:
    """Entries of one file, on the current connection, until the end of the `with`."""

    def __init__(self) -> None:
        self._ajoutees = 0
        self._textes = _Jours()

    def __enter__(self) -> Self:
        # An INTEGER key is SQLite's own row number, with no index beside it; there it holds 64 bits.
        entier = "bigint" if connection.vendor == "postgresql" else "integer"
        colonnes = ", ".join(f"{nom} {genre.format(entier=entier)}" for nom, genre in COLONNES)
        self.execute(f"DROP TABLE IF EXISTS {TABLE}")
        self.execute(f"CREATE TEMPORARY TABLE {TABLE} ({colonnes})")
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, _: TracebackType | None
    ) -> None:
        # After an error PostgreSQL refuses every command until the rollback; the next file drops the table first.
        if erreur is None:
            self.execute(f"DROP TABLE IF EXISTS {TABLE}")

    def load(self, ecritures: Iterable[EnregistrementEcriture]) -> None:
        """Add entries, in the order of the file."""
        self._load((e.ligne, e) for e in ecritures)

    def add_beside(self, ecriture: EnregistrementEcriture) -> None:
        """Add an entry that no line gives by itself."""
        self._ajoutees += 1
        self._load([(APRES + self._ajoutees, ecriture)])

    def index(self) -> None:
        """Once everything is loaded."""
        self.execute(f"CREATE INDEX {TABLE}_reference ON {TABLE} (reference)")
        self.execute(f"CREATE INDEX {TABLE}_annulee ON {TABLE} (reference_annulee)")
        self.analyze()

    def analyze(self) -> None:
        """After many rows changed: PostgreSQL plans by what it last saw, and looks at no temporary table by itself."""
        if connection.vendor == "postgresql":
            self.execute(f"ANALYZE {TABLE}")

    def execute(self, ordre: str, valeurs: Sequence[Any] = ()) -> int:
        """Number of rows touched."""
        with connection.cursor() as cursor:
            cursor.execute(ordre, valeurs)
            return int(cursor.rowcount)

    def read(self, ordre: str, valeurs: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(ordre, valeurs)
            return list(cursor.fetchall())

    def _load(self, lignes: Iterable[tuple[int, EnregistrementEcriture]]) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} FROM STDIN") as copie:
                for ordre, ecriture in lignes:
                    copie.write_row((ordre, *ecriture, NEUVE))
            return
        # The same few hundred days come back: text by look-up, instead of an adapter call a value.
        texte = self._textes
        prets = [(o, *e[:3], texte[e[3]], texte[e[4]], texte[e[5]], *e[6:], NEUVE) for o, e in lignes]
        marques = ", ".join(["%s"] * len(NOMS))
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT import_etabli")
            try:
                cursor.executemany(f"INSERT INTO {TABLE} VALUES ({marques})", prets)
            except BaseException:
                cursor.execute("ROLLBACK TO import_etabli")
                raise
            finally:
                # Left open, it would be a transaction that nobody ends: whatever is written next keeps the lock.
                cursor.execute("RELEASE import_etabli")


class _Jours(dict[date | None, str | None]):
    def __missing__(self, jour: date | None) -> str | None:
        texte = self[jour] = None if jour is None else jour.isoformat()
        return texte

"""The second wall, on PostgreSQL: what the database itself refuses, whatever the query (ADR 0045).

Each scoped table has row-level security, forced, and one policy: the organisme of the statement. No link joins two
organismes. The application's role gets rows and nothing else. Put up by a migration, and again after every `migrate`,
from the models: a new scoped table has its wall without anybody thinking of it.
"""
# The text of these orders is made of the names of our own tables and roles; no value of anybody is in them.

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from maintien.apps.socle.models import ScopedModel
from maintien.apps.socle.portee import DESIGNES, REGLAGE

POLITIQUE, POLITIQUE_DESIGNE, POLITIQUE_PROPRIETAIRE = "mur_organisme", "mur_designe", "mur_proprietaire"
STATISTIQUES = "maintien_statistiques"
SCHEMA = "public"
_TRANSVERSE = "current_setting('maintien.transverse', true) = 'oui'"


def scoped_models() -> dict[str, type[ScopedModel]]:
    """Table -> model, of everything that belongs to one organisme."""
    modeles = (m for m in apps.get_models(include_auto_created=True) if not m._meta.proxy)  # noqa: SLF001
    return {m._meta.db_table: m for m in modeles if issubclass(m, ScopedModel)}  # noqa: SLF001


def install(connection: BaseDatabaseWrapper) -> None:
    """Put up the wall on the scoped tables that exist; repeated, changes nothing. The connection is the owner's."""
    if connection.vendor != "postgresql":
        return
    colonnes = _columns(connection)
    presentes = {table for table, _ in colonnes}
    # In the middle of the migrations of a new database, some tables and some columns are still to come.
    modeles = {table: modele for table, modele in scoped_models().items() if (table, "organisme_id") in colonnes}
    _execute(connection, [ordre for table, modele in sorted(modeles.items()) for ordre in _politiques(table, modele)])
    _execute(connection, _liens(modeles, colonnes, _constraints(connection)))
    _execute(connection, _statistiques(presentes))
    application = connection.settings_dict["USER"]
    if application and application != connection.get_connection_params().get("user"):
        _execute(connection, _droits(connection.ops.quote_name(application), presentes))


def install_all(sender: AppConfig, using: str, **details: Any) -> None:
    """After `migrate`; emptying a database of tests sends the same signal, without a plan, and changes no table."""
    if "plan" in details:
        install(connections[using])


def _execute(connection: BaseDatabaseWrapper, ordres: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for ordre in ordres:
            cursor.execute(ordre)


def setting_is(colonne: str, reglage: str) -> str:
    """The condition of a policy. The inner SELECT is computed once a query; without a setting, nothing is equal."""
    return f"{colonne} = (SELECT NULLIF(current_setting('{reglage}', true), '')::bigint)"


def _politiques(table: str, modele: type[ScopedModel]) -> Iterator[str]:
    organisme = setting_is("organisme_id", REGLAGE)
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    # Replaced in one order: at no moment is a table without policy served, and without policy it gives nothing.
    yield (
        f"DROP POLICY IF EXISTS {POLITIQUE} ON {table};"
        f"CREATE POLICY {POLITIQUE} ON {table} USING ({organisme}) WITH CHECK ({organisme});"
        f"DROP POLICY IF EXISTS {POLITIQUE_PROPRIETAIRE} ON {table};"
        f"CREATE POLICY {POLITIQUE_PROPRIETAIRE} ON {table} TO CURRENT_USER"
        f" USING ({_TRANSVERSE}) WITH CHECK ({_TRANSVERSE});"
        f"DROP POLICY IF EXISTS {POLITIQUE_DESIGNE} ON {table}"
    )
    designe = DESIGNES.get(modele._meta.label)  # noqa: SLF001
    if designe:
        reglage, colonne = designe
        yield f"CREATE POLICY {POLITIQUE_DESIGNE} ON {table} FOR SELECT USING ({setting_is(colonne, reglage)})"


def scoped_links(modele: type[ScopedModel]) -> list[tuple[str, str, str]]:
    """Column of each link to a scoped row, the table it leads to, the name of the constraint that holds it inside."""
    liens = []
    for champ in modele._meta.concrete_fields:  # noqa: SLF001
        cible = champ.related_model
        if isinstance(champ, models.ForeignKey) and isinstance(cible, type) and issubclass(cible, ScopedModel):
            liens.append((champ.column, cible._meta.db_table, link_name(modele._meta.db_table, champ.column)))  # noqa: SLF001
    return liens


def link_name(table: str, colonne: str) -> str:
    """At most 63 letters, like every name of PostgreSQL."""
    entier = f"{table}_{colonne}_organisme"
    return entier if len(entier) <= 63 else f"{entier[:45]}_{sha256(entier.encode()).hexdigest()[:8]}_organisme"


def _columns(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        return set(cursor.fetchall())


def _constraints(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE connamespace = to_regnamespace('public')")
        return {nom for (nom,) in cursor.fetchall()}


def _liens(modeles: dict[str, type[ScopedModel]], colonnes: set[tuple[str, str]], connues: set[str]) -> Iterator[str]:
    """Links hold the organisme of both ends: foreign keys are checked beside the policies, not through them."""
    liens = [(table, *lien) for table, modele in sorted(modeles.items()) for lien in scoped_links(modele)]
    liens = [lien for lien in liens if lien[2] in modeles and lien[:2] in colonnes]
    for cible in sorted({cible for _, _, cible, _ in liens}):
        if f"{cible}_organisme_id" not in connues:
            yield f"ALTER TABLE {cible} ADD CONSTRAINT {cible}_organisme_id UNIQUE (organisme_id, id)"
    for table, colonne, cible, nom in liens:
        if nom not in connues:
            yield (
                f"ALTER TABLE {table} ADD CONSTRAINT {nom} FOREIGN KEY (organisme_id, {colonne})"
                f" REFERENCES {cible} (organisme_id, id)"
            )


def _statistiques(presentes: set[str]) -> list[str]:
    """Only the owner may gather the statistics of a table: here is how the application asks for it, and no more."""
    nos_tables = sorted(
        m._meta.db_table  # noqa: SLF001
        for m in apps.get_models()
        if m.__module__.startswith("maintien.") and m._meta.db_table in presentes  # noqa: SLF001
    )
    corps = f"BEGIN ANALYZE {', '.join(f'{SCHEMA}.{table}' for table in nos_tables)}; END"
    creation = (
        f"CREATE OR REPLACE FUNCTION {STATISTIQUES}() RETURNS void"
        f" LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ {corps} $$;"
        f"REVOKE ALL ON FUNCTION {STATISTIQUES}() FROM PUBLIC"
    )
    return [creation]


def _droits(role: str, presentes: set[str]) -> list[str]:
    """Rows to read and write; no table to change, no trigger to lift, no policy to drop, nothing to empty at once."""
    ordres = [
        f"REVOKE CREATE ON SCHEMA {SCHEMA} FROM PUBLIC, {role}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {role}",
        f"GRANT EXECUTE ON FUNCTION {STATISTIQUES}() TO {role}",
    ]
    if "django_migrations" in presentes:
        ordres.append(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
    return ordres

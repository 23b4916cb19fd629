"""Whether the second wall stands: what a start, `maintien base verifier` and `check --database` look at."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags
from django.core.checks import Warning as Avertissement
from django.core.checks import register as register_check
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from maintien.apps.socle.mur import (
    POLITIQUE,
    POLITIQUE_DESIGNE,
    POLITIQUE_PROPRIETAIRE,
    SCHEMA,
    STATISTIQUES,
    scoped_models,
)
from maintien.apps.socle.portee import DESIGNES, REGLAGE

_REMEDE = "lancez « maintien base migrer », qui la remet"
_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       COALESCE(array_agg(p.polname::text ORDER BY p.polname) FILTER (WHERE p.polname IS NOT NULL
                AND (0 = ANY (p.polroles) OR EXISTS (SELECT 1 FROM unnest(p.polroles) r
                     WHERE pg_has_role(current_user, r, 'MEMBER')))), '{}'),
       bool_and(COALESCE(pg_get_expr(p.polqual, p.polrelid), '') LIKE '%%' || %s || '%%'
                AND COALESCE(pg_get_expr(p.polwithcheck, p.polrelid), '') LIKE '%%' || %s || '%%')
           FILTER (WHERE p.polname = %s)
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relnamespace = to_regnamespace(%s) AND c.relname = ANY (%s)
GROUP BY c.oid
"""
# A view reads with the rights of its owner unless it says otherwise, and a stored one keeps what the owner read.
_VUES = """
SELECT relname, relkind = 'm' FROM pg_class
WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('v', 'm')
AND NOT (relkind = 'v' AND COALESCE(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on'])
ORDER BY relname
"""
_FONCTIONS = """
SELECT proname FROM pg_proc
WHERE pronamespace = to_regnamespace(%s) AND prosecdef AND proname <> %s
AND has_function_privilege(current_user, oid, 'EXECUTE') ORDER BY proname
"""


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """Sentences, one a fault; none when each scoped table has its wall. The role itself is refused at connection."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        modeles = scoped_models()
        cursor.execute(_TABLES, [REGLAGE, REGLAGE, POLITIQUE, SCHEMA, sorted(modeles)])
        lues = {table: reste for table, *reste in cursor.fetchall()}
        trouvees = [faute for table in sorted(modeles) for faute in _table_faults(table, lues.get(table))]
        cursor.execute(_VUES, [SCHEMA])
        trouvees += [_view_fault(nom, gardee=gardee) for nom, gardee in cursor.fetchall()]
        cursor.execute(_FONCTIONS, [SCHEMA, STATISTIQUES])
        trouvees += [
            f"La fonction {nom} agit avec les droits de son propriétaire (SECURITY DEFINER) : retirez-la."
            for (nom,) in cursor.fetchall()
        ]
    return trouvees


def _table_faults(table: str, lue: list[Any] | None) -> Iterator[str]:
    if lue is None:
        yield f"La table {table} manque : lancez « maintien base migrer »."
        return
    active, forcee, politiques, juste = lue
    if not active:
        yield f"La table {table} n'a pas de sécurité par ligne : {_REMEDE}."
    elif not forcee:
        yield f"La sécurité par ligne de {table} ne tient pas son propriétaire (FORCE) : {_REMEDE}."
    if not juste:
        yield f"La table {table} n'a pas sa politique {POLITIQUE} : {_REMEDE}."
    designes = {modele._meta.db_table for modele in scoped_models().values() if modele._meta.label in DESIGNES}  # noqa: SLF001
    permises = {POLITIQUE, POLITIQUE_DESIGNE} if table in designes else {POLITIQUE}
    for nom in sorted(set(politiques) - permises):
        quoi = "est ouverte à l'application" if nom == POLITIQUE_PROPRIETAIRE else "n'est pas de ce logiciel"
        yield f"La politique {nom} de {table} {quoi} : retirez-la, ou {_REMEDE}."


def _view_fault(nom: str, *, gardee: bool) -> str:
    if gardee:
        return f"La vue matérialisée {nom} garde des lignes de tous les organismes : retirez-la."
    return f"La vue {nom} lit avec les droits de son propriétaire : recréez-la avec security_invoker."


def check_mur(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """For `check --database` and before migrating; the owner that migrates is about to put up the wall."""
    try:
        return [
            Error(faute, id="maintien.E001")
            for alias in databases or ()
            if not getattr(connections[alias], "en_proprietaire", False)
            for faute in faults(connections[alias])
        ]
    except ImproperlyConfigured as refus:
        return [Error(str(refus), id="maintien.E002")]


def check_proprietaire(**_: Any) -> list[CheckMessage]:
    """For `check --deploy`: a server that holds the address of the owner could become the owner."""
    return [
        Avertissement(
            f"MAINTIEN_BASE_PROPRIETAIRE est dans l'environnement (base « {alias} ») : ne la donnez qu'à la commande "
            "« maintien base migrer », jamais au site ni au travailleur.",
            id="maintien.W001",
        )
        for alias, reglages in connections.settings.items()
        if reglages.get("PROPRIETAIRE")
    ]


def register() -> None:
    register_check(Tags.database)(check_mur)
    register_check(Tags.security, deploy=True)(check_proprietaire)

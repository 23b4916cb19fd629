"""Acting as the owner of the tables: migrations, and emptying the databases of tests. Never a page, never a job."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections


@contextmanager
def as_owner(alias: str = DEFAULT_DB_ALIAS) -> Iterator[Any]:
    """Until the end of the `with`, this thread works through a second connection, that of the owner.

    On SQLite, which has no roles, it is the same connection.
    """
    application: Any = connections[alias]
    if application.vendor != "postgresql" or application.en_proprietaire:
        yield application
        return
    if not application.settings_dict.get("PROPRIETAIRE"):
        raise ImproperlyConfigured(
            "Les tables se créent et se changent avec le rôle qui les possède : donnez son adresse de connexion dans "
            "MAINTIEN_BASE_PROPRIETAIRE, pour cette commande seulement."
        )
    proprietaire = application.copy()
    proprietaire.settings_dict["OPTIONS"].pop("pool", None)
    proprietaire.en_proprietaire = True
    connections[alias] = proprietaire
    try:
        yield proprietaire
    finally:
        proprietaire.close()
        connections[alias] = application

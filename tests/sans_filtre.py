"""The application's filter taken away: every query reads every organisme, and no check compares them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from maintien.apps.organismes import permissions
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle import preparees
from maintien.apps.socle.models import ScopedManager, ScopedQuerySet


@contextmanager
def sans_filtre() -> Iterator[None]:
    """Until the end of the `with`. What is left is what the database holds by itself."""

    def tout(self: ScopedManager) -> ScopedQuerySet:
        return ScopedQuerySet(self.model, using=self._db, hints=self._hints)

    def couvre(appartenance: Appartenance, permission: str, *_: object) -> bool:
        return permissions.relation(appartenance.role, permission) is not permissions.Relation.AUCUNE

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(ScopedManager, "get_queryset", tout)
        monkeypatch.setattr(permissions, "_covers", couvre)
        _forget_prepared()
        yield
    _forget_prepared()


def _forget_prepared() -> None:
    """Queries written once would keep the filter here, and be without it in the next tests."""
    preparees._ecrites.cache_clear()
    preparees._nombres.cache_clear()

"""The application's filter taken away: every query reads every organisme, and no check compares them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db.models import Q

from maintien.apps.dossiers import permissions
from maintien.apps.organismes.enums import Relation
from maintien.apps.socle import preparees
from maintien.apps.socle.models import ScopedManager, ScopedQuerySet


@contextmanager
def sans_filtre() -> Iterator[None]:
    """Until the end of the `with`. What is left is what the database holds by itself."""

    def tout(self: ScopedManager) -> ScopedQuerySet:
        return ScopedQuerySet(self.model, using=self._db, hints=self._hints)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(ScopedManager, "get_queryset", tout)
        # Every dossier is everybody's own, whatever its organisme, its sector and its level.
        monkeypatch.setattr(permissions, "relation_of", lambda *_: Relation.PORTEFEUILLE)
        monkeypatch.setattr(permissions, "_condition", lambda *_: Q())
        _forget_prepared()
        yield
    _forget_prepared()


def _forget_prepared() -> None:
    """Queries written once would keep the filter here, and be without it in the next tests."""
    preparees._ecrites.cache_clear()
    preparees._nombres.cache_clear()

"""A landlord in scope, for the tests of the applications."""

from collections.abc import Iterator

import pytest
from tests import fabriques

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope


@pytest.fixture
def bailleur(db: None) -> Iterator[Organisme]:
    """The landlord that the test works for; everything in the test runs in its scope."""
    organisme = fabriques.organisme("BAILLEUR")
    with organisme_scope(organisme):
        yield organisme


@pytest.fixture
def autre_bailleur(db: None) -> Organisme:
    return fabriques.organisme("AUTRE")

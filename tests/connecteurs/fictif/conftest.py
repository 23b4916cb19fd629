"""One fictitious landlord of 700 leases, shared by the tests of its content."""

from datetime import date

import pytest

from maintien.coeur.calendrier import parse_periode
from maintien.connecteurs.fictif import Portefeuille, engendrer

DU = parse_periode("2023-12")
AU = date(2026, 11, 23)


@pytest.fixture(scope="session")
def portefeuille() -> Portefeuille:
    return engendrer(700, 2026, DU, AU)


@pytest.fixture(scope="session")
def ecritures(portefeuille: Portefeuille) -> list[dict]:
    return portefeuille.ecritures.to_pylist()


@pytest.fixture(scope="session")
def baux(portefeuille: Portefeuille) -> list[dict]:
    return portefeuille.baux.to_pylist()

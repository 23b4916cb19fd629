"""What every test shares: hypothesis profiles, the full sample where it is at hand."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

RACINE = Path(__file__).resolve().parent.parent
# `./run test --tout` runs the long families whole (100 kills, large portfolios, more examples).
TOUT = os.environ.get("MAINTIEN_TOUT") == "1"

_COMMUN = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
settings.register_profile("court", max_examples=60, derandomize=True, **_COMMUN)
settings.register_profile("tout", max_examples=1000, **_COMMUN)
settings.load_profile("tout" if TOUT else "court")


MATRICES = ("tests/web/test_matrice.py", "tests/api/test_matrice.py")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many cells of the matrices of authorisations were asked: an address, a method, an actor, a row."""
    passes = terminalreporter.stats.get("passed", [])
    cellules = sum(
        valeur
        for rapport in passes
        if rapport.when == "call" and rapport.nodeid.startswith(MATRICES)
        for nom, valeur in rapport.user_properties
        if nom == "cellules"
    )
    if cellules:
        terminalreporter.write_line(f"matrice des habilitations : {cellules} cellules parcourues")


@pytest.fixture(scope="session")
def donnees_completes() -> Path:
    """The full sample exports, laid beside the checkout in development; absent for users."""
    dossier = RACINE.parent / "shared" / "donnees"
    if not dossier.is_dir():
        pytest.skip("l'échantillon complet n'est pas à côté du dépôt ; l'échantillon réduit est dans tests/donnees")
    return dossier


@pytest.fixture(scope="session")
def donnees_reduites() -> Path:
    """The reduced sample that the repository carries."""
    return RACINE / "tests" / "donnees"

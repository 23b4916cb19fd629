"""The pass killed at random instants (SIGKILL): once it has been run again, nothing tells that it was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from tests.conftest import TOUT
from tests.travaux.nuit.bases_jetables import BaseJetable

JOURS = ("2020-10-31", "2020-11-16")
PANNES = 100 if TOUT else 5
RACINE = Path(__file__).parents[3]

pytestmark = pytest.mark.pannes


class Serveur:
    """The warm process and its database."""

    def __init__(self, base: BaseJetable) -> None:
        self.base = base
        chemin = os.pathsep.join([str(RACINE / "src"), str(RACINE)])
        self._processus = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(Path(__file__).with_name("serveur_pannes.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**base.environnement(), "PYTHONPATH": chemin},
        )
        assert self._lire() == "pret"

    def arreter(self) -> None:
        self._processus.communicate(timeout=60)

    def faire(self, commande: str, *, tuer_apres: float | None = None) -> bool:
        """Whether the command went to its end."""
        assert self._processus.stdin is not None
        self._processus.stdin.write(commande + "\n")
        self._processus.stdin.flush()
        enfant = int(self._lire())
        if tuer_apres is not None:
            time.sleep(tuer_apres)
            with suppress(ProcessLookupError):
                os.kill(enfant, signal.SIGKILL)
        return self._lire() == "0"

    def etat(self, fichier: Path) -> str:
        assert self.faire(f"ecrire {fichier}")
        return fichier.read_text(encoding="utf-8")

    def _lire(self) -> str:
        assert self._processus.stdout is not None
        return self._processus.stdout.readline().strip()


@pytest.fixture(scope="module")
def serveur(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serveur]:
    """A landlord with its imported files, no pass run, kept as a model."""
    with BaseJetable(tmp_path_factory.mktemp("pannes")).ouverte() as base:
        chaud = Serveur(base)
        assert chaud.faire(f"preparer {RACINE / 'tests' / 'donnees' / 'pivot_reduit'}")
        base.sauver()
        yield chaud
        chaud.arreter()


@pytest.fixture(scope="module")
def reference(serveur: Serveur, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[float]]:
    """The state after two passes without any kill, and how long each took."""
    durees = []
    for jour in JOURS:
        debut = time.monotonic()
        assert serveur.faire(f"passer {jour}")
        durees.append(time.monotonic() - debut)
    return serveur.etat(tmp_path_factory.mktemp("reference") / "etat.json"), durees


@pytest.mark.parametrize("graine", range(PANNES))
def test_tuee_a_un_instant_quelconque_la_passe_finit_comme_sans_panne(
    serveur: Serveur, reference: tuple[str, list[float]], tmp_path: Path, graine: int
) -> None:
    attendu, durees = reference
    hasard = Random(graine)  # noqa: S311 - instants, not secrets
    serveur.base.remettre()

    for jour, duree in zip(JOURS, durees, strict=True):
        for _ in range(hasard.choice((1, 1, 2))):
            serveur.faire(f"passer {jour}", tuer_apres=hasard.uniform(0, duree))
        assert serveur.faire(f"passer {jour}")

    assert serveur.etat(tmp_path / "etat.json") == attendu

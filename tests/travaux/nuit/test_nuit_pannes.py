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

# The first pass of a landlord, which opens its dossiers, and a later one, which changes and closes some.
JOURS = {"premiere": "2020-10-31", "suivante": "2020-11-16"}
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

    def faire(self, commande: str) -> bool:
        """Whether the command went to its end."""
        return self._lancer(commande, None) == 0

    def tuer(self, commande: str, apres: float) -> bool:
        """Whether the command was killed, and not done before the kill fell."""
        statut = self._lancer(commande, apres)
        assert statut in (0, signal.SIGKILL), statut
        return statut == signal.SIGKILL

    def _lancer(self, commande: str, tuer_apres: float | None) -> int:
        assert self._processus.stdin is not None
        self._processus.stdin.write(commande + "\n")
        self._processus.stdin.flush()
        enfant = int(self._lire())
        if tuer_apres is not None:
            time.sleep(tuer_apres)
            with suppress(ProcessLookupError):
                os.kill(enfant, signal.SIGKILL)
        return int(self._lire())

    def etat(self, fichier: Path) -> str:
        assert self.faire(f"ecrire {fichier}")
        return fichier.read_text(encoding="utf-8")

    def _lire(self) -> str:
        assert self._processus.stdout is not None
        return self._processus.stdout.readline().strip()


@pytest.fixture(scope="module")
def serveur(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serveur]:
    """A landlord with its imported files, no pass run."""
    with BaseJetable(tmp_path_factory.mktemp("pannes")).ouverte() as base:
        chaud = Serveur(base)
        assert chaud.faire(f"preparer {RACINE / 'tests' / 'donnees' / 'pivot_reduit'}")
        yield chaud
        chaud.arreter()


@pytest.fixture(scope="module")
def references(serveur: Serveur, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, float]]:
    """For each day, what a pass without any kill leaves and how long it takes; the base just before is kept."""
    dossier = tmp_path_factory.mktemp("reference")
    lues = {}
    for nom, jour in JOURS.items():
        serveur.base.sauver(nom)
        debut = time.monotonic()
        assert serveur.faire(f"passer {jour}")
        lues[nom] = (serveur.etat(dossier / f"{nom}.json"), time.monotonic() - debut)
    return lues


def _tuer(serveur: Serveur, nom: str, hasard: Random, duree: float) -> bool:
    """One kill that falls before the end: a pass that was quicker than its model is begun again, and killed sooner."""
    for essai in range(8):
        if serveur.tuer(f"passer {JOURS[nom]}", hasard.uniform(0, duree / 2**essai)):
            return True
        serveur.base.remettre(nom)
    return False


@pytest.mark.parametrize("graine", range(PANNES))
def test_tuee_a_un_instant_quelconque_la_passe_finit_comme_sans_panne(
    serveur: Serveur, references: dict[str, tuple[str, float]], tmp_path: Path, graine: int
) -> None:
    hasard = Random(graine)  # noqa: S311 - instants, not secrets
    nom = ("premiere", "suivante")[graine % 2]
    attendu, duree = references[nom]
    serveur.base.remettre(nom)

    assert _tuer(serveur, nom, hasard, duree), "aucun coup n'est tombé pendant la passe"
    if hasard.random() < 1 / 3:
        serveur.tuer(f"passer {JOURS[nom]}", hasard.uniform(0, duree))
    assert serveur.faire(f"passer {JOURS[nom]}")

    assert serveur.etat(tmp_path / "etat.json") == attendu

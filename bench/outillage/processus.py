"""One measure, one process: what it says of itself, how long it took, the most memory it held."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outils.postgres import PostgresAbsentError, cluster

RACINE = Path(__file__).resolve().parents[2]
VAR = RACINE / "var" / "bench"
BASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Mesure:
    """One process: what it says of itself, its whole duration, its processor time, its peak of resident memory."""

    dit: dict[str, Any]
    processus: float
    processeur: float
    memoire_mo: float

    @property
    def secondes(self) -> float:
        return float(self.dit["secondes"])


def mesurer(module: str, *arguments: object, environnement: Mapping[str, str] | None = None) -> Mesure:
    """Run `python -m module arguments`, whose last line of output is JSON."""
    commande = [sys.executable, "-m", module, *map(str, arguments)]
    complet = {**os.environ, "PYTHONPATH": str(RACINE / "src"), **(environnement or {})}
    complet.pop("PYTHONDONTWRITEBYTECODE", None)
    depart = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as dit:
        with subprocess.Popen(commande, cwd=RACINE, env=complet, stdout=dit) as processus:
            _, statut, usage = os.wait4(processus.pid, 0)
            processus.returncode = os.waitstatus_to_exitcode(statut)
        duree = time.perf_counter() - depart
        if processus.returncode:
            raise RuntimeError(f"la mesure « {' '.join(map(str, (module, *arguments)))} » a échoué")
        dit.seek(0)
        processeur = usage.ru_utime + usage.ru_stime
        return Mesure(json.loads(dit.read().splitlines()[-1]), duree, processeur, usage.ru_maxrss / 1024)


@contextlib.contextmanager
def base_neuve(genre: str, dossier: Path) -> Iterator[dict[str, str] | None]:
    """The environment of an installation whose data folder is `dossier`; None where PostgreSQL cannot be started."""
    reglages = {"DJANGO_SETTINGS_MODULE": "maintien.config.settings.demo", "MAINTIEN_DONNEES": str(dossier)}
    dossier.mkdir(parents=True, exist_ok=True)
    if genre == "sqlite":
        yield {**reglages, "MAINTIEN_BASE": ""}
        return
    try:
        with cluster() as variables:
            yield {**reglages, **variables}
    except PostgresAbsentError as absence:
        print(f"  {absence}")
        yield None


def dire(texte: str, mesure: Mesure, suite: str = "") -> None:
    print(
        f"  {texte:<62} {mesure.secondes:8.2f} s  processus {mesure.processus:7.2f} s  "
        f"processeur {mesure.processeur:7.2f} s  {mesure.memoire_mo:6.0f} Mo"
        f"{suite}",
        flush=True,
    )


def juger(valeur: float, reference: float, nom: str, but: float) -> None:
    """The ratio of two figures of one run, against the goal."""
    rapport = valeur / reference
    verdict = "tenu" if rapport <= but else "MANQUÉ"
    print(f"    soit {rapport:.2f} x {nom} (but <= {but:g}) : {verdict}", flush=True)

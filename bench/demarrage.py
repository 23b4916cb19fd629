"""From a fresh clone to the first page, a second start, and how long the tests take."""

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.outillage.processus import RACINE

BUT_PAGE = 120.0
BUT_TESTS = 300.0
DELAI = 1_800.0
MESURES = ("page", "second", "tests")


def main(arguments: Sequence[str]) -> None:
    """`./run bench demarrage [--mesures page,second,tests]`."""
    analyse = argparse.ArgumentParser(prog="./run bench demarrage", description=__doc__)
    analyse.add_argument("--mesures", default="page,second", help=f"parmi {','.join(MESURES)}")
    analyse.add_argument("--garder", action="store_true", help="garder le clone, dont le chemin est dit")
    options = analyse.parse_args(arguments)
    voulues = options.mesures.split(",")
    inconnues = sorted(set(voulues) - set(MESURES))
    if inconnues:
        analyse.error(f"mesures inconnues : {', '.join(inconnues)}")
    with _clone(garder=options.garder) as clone:
        if "page" in voulues or "second" in voulues:
            _dire("d'un clone neuf à la première page de ./run demo", _demarrer(clone), BUT_PAGE)
        if "second" in voulues:
            _dire("second départ, jusqu'à la même page", _demarrer(clone))
        if "tests" in voulues:
            _tester(clone)


@contextmanager
def _clone(*, garder: bool) -> Iterator[Path]:
    """What is committed here, in a folder of its own."""
    modifies = subprocess.run(
        ["git", "status", "--porcelain"], cwd=RACINE, capture_output=True, text=True, check=True
    ).stdout
    if modifies.strip():
        print("  attention : des modifications ne sont pas validées ; le clone ne les a pas")
    dossier = Path(tempfile.mkdtemp(prefix="maintien-clone-"))
    try:
        clone = dossier / "maintien"
        subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(RACINE), str(clone)], check=True)
        print(f"  clone de {_version(clone)}" + (f" dans {clone}" if garder else ""), flush=True)
        yield clone
    finally:
        if not garder:
            shutil.rmtree(dossier, ignore_errors=True)


def _version(clone: Path) -> str:
    commande = ["git", "log", "-1", "--format=%h du %cs"]
    return subprocess.run(commande, cwd=clone, capture_output=True, text=True, check=True).stdout.strip()


def _demarrer(clone: Path) -> float:
    """Seconds until the page of the login answers; what the start says of its own steps is shown."""
    port = _port_libre()
    depart = time.perf_counter()
    with subprocess.Popen(
        ["./run", "demo", "--port", str(port)],
        cwd=clone, env=_environnement(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    ) as demo:  # fmt: skip
        try:
            _attendre(demo, f"http://127.0.0.1:{port}/compte/connexion/", depart)
            duree = time.perf_counter() - depart
        finally:
            os.killpg(demo.pid, signal.SIGINT)
        for ligne in demo.communicate(timeout=60)[0].splitlines():
            if re.search(r"…| en [0-9,]+ s", ligne):
                print(f"      {ligne}")
    return duree


def _attendre(demo: "subprocess.Popen[str]", adresse: str, depart: float) -> None:
    while True:
        try:
            with urlopen(adresse, timeout=5) as reponse:  # noqa: S310 - our own page, on the loopback
                if reponse.status == 200:
                    return
        except (URLError, OSError):
            pass
        if demo.poll() is not None or time.perf_counter() - depart > DELAI:
            raise RuntimeError("./run demo n'a pas donné de page")
        time.sleep(0.1)


def _tester(clone: Path) -> None:
    """The development set is installed first, apart: it is fetched once, the tests are run every day."""
    environnement = _environnement()
    depart = time.perf_counter()
    subprocess.run(["./run", "installer", "--dev"], cwd=clone, env=environnement, check=True, capture_output=True)
    _dire("./run installer --dev", time.perf_counter() - depart)
    depart = time.perf_counter()
    fait = subprocess.run(["./run", "test"], cwd=clone, env=environnement, check=False, capture_output=True, text=True)
    duree = time.perf_counter() - depart
    for ligne in fait.stdout.splitlines():
        if re.search(r"^==|\d+ (?:passed|failed|error)", ligne):
            print(f"      {ligne}")
    _dire(f"./run test, code de retour {fait.returncode}", duree, BUT_TESTS)


def _environnement() -> dict[str, str]:
    """Nothing of this checkout: neither its settings, nor its data, nor its environment."""
    propres = ("MAINTIEN_", "DJANGO_", "PYTHONPATH", "VIRTUAL_ENV")
    return {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(propres)}


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _dire(texte: str, secondes: float, but: float | None = None) -> None:
    verdict = "" if but is None else f" (but <= {but:g} s) : {'tenu' if secondes <= but else 'MANQUÉ'}"
    print(f"  {texte:<62} {secondes:8.1f} s{verdict}", flush=True)

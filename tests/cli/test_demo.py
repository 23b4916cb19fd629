"""`maintien demo` as a person starts it: refusals, a real site, Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

RACINE = Path(__file__).parents[2]


@pytest.fixture
def environnement(tmp_path: Path) -> dict[str, str]:
    """A data folder of its own, SQLite, nothing of the settings of the tests."""
    garde = {nom: os.environ[nom] for nom in ("PATH", "HOME", "LANG", "NUMBA_CACHE_DIR") if nom in os.environ}
    donnees = tmp_path / "donnees"
    donnees.mkdir()
    return {**garde, "PYTHONPATH": str(RACINE / "src"), "PYTHONUTF8": "1", "MAINTIEN_DONNEES": str(donnees)}


def _demo(environnement: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "maintien.cli", "demo", *arguments],
        env=environnement,
        cwd=RACINE,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def port() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def test_n_ecouter_que_sur_cette_machine(environnement: dict[str, str], port: int) -> None:
    refus = _demo(environnement, "--hote", "0.0.0.0", "--port", str(port))  # noqa: S104

    assert refus.returncode == 2
    assert refus.stdout == ""
    assert refus.stderr == (
        "La démonstration n'écoute que sur cette machine (127.0.0.1, ::1 ou localhost), pas sur 0.0.0.0 : "
        "ses mots de passe sont publics.\n"
    )
    assert not list(Path(environnement["MAINTIEN_DONNEES"]).iterdir()), "rien n'est préparé avant le refus"


def test_un_port_pris_se_dit_avant_de_rien_preparer(environnement: dict[str, str]) -> None:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        pris = prise.getsockname()[1]
        refus = _demo(environnement, "--port", str(pris))

    assert refus.returncode == 2
    assert re.fullmatch(rf"Le port {pris} de 127\.0\.0\.1 n'est pas libre : .*--port \d+\)\.\n", refus.stderr)
    assert not list(Path(environnement["MAINTIEN_DONNEES"]).iterdir())


def test_les_reglages_de_production_sont_refuses(environnement: dict[str, str], port: int) -> None:
    production = {**environnement, "DJANGO_SETTINGS_MODULE": "maintien.config.settings.prod"}

    refus = _demo(production, "--port", str(port))

    assert refus.returncode == 2
    assert "ne s'installe pas avec les réglages maintien.config.settings.prod" in refus.stderr
    assert "Traceback" not in refus.stderr


def test_le_site_se_prepare_repond_et_s_arrete_entier(
    environnement: dict[str, str], port: int, tmp_path: Path
) -> None:
    journal = tmp_path / "sortie.txt"
    with journal.open("w", encoding="utf-8") as sortie:
        lance = subprocess.Popen(
            [sys.executable, "-m", "maintien.cli", "demo", "--port", str(port), "--baux", "60"],
            env=environnement,
            cwd=RACINE,
            stdout=sortie,
            stderr=subprocess.STDOUT,
        )
    try:
        _attend(lambda: "Le site est prêt" in _lit(journal) or lance.poll() is not None)
        assert lance.poll() is None, _lit(journal)
        with urlopen(f"http://127.0.0.1:{port}/compte/connexion/", timeout=10) as page:
            assert page.status == 200
            assert "Maintien" in page.read().decode("utf-8")
        enfants = _enfants(lance.pid)
        assert len(enfants) >= 2
        lance.send_signal(signal.SIGINT)
        assert lance.wait(30) == 0
    finally:
        lance.kill()
        lance.wait()

    texte = _lit(journal)
    assert "recouvrement.givors@demo.example" in texte
    assert "Mot de passe de tous ces utilisateurs : demo-trois-rivieres" in texte
    assert re.search(r"^Bailleur fictif : 60 baux sur 36 mois… \d+,\d s$", texte, re.MULTILINE)
    assert texte.endswith("Tout est arrêté.\n")
    assert "Traceback" not in texte
    assert _attend(lambda: not any(Path(f"/proc/{pid}").exists() for pid in enfants), 10)
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        prise.bind(("127.0.0.1", port))
    _check_seconde_preparation(environnement)


def _check_seconde_preparation(environnement: dict[str, str]) -> None:
    encore = _demo(environnement, "--sans-serveur", "--baux", "60")

    assert encore.returncode == 0, encore.stderr
    assert encore.stdout.startswith("Données prêtes en "), "aucune étape n'est refaite"
    assert "DEMO2, Office du Confluent (vide, pour essayer un import)" in encore.stdout


def _lit(journal: Path) -> str:
    return journal.read_text(encoding="utf-8")


def _attend(condition: object, delai: float = 240) -> bool:
    fin = time.monotonic() + delai
    while time.monotonic() < fin:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _enfants(pid: int) -> list[int]:
    """The children of a process and theirs, as Linux lists them."""
    liste = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [int(enfant) for enfant in liste] + [petit for enfant in liste for petit in _enfants(int(enfant))]

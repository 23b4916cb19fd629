"""What a local start launches is stopped with it, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from maintien.cli.processus import DemarrageRefuseError, Processus, Relance, check_adresse

RACINE = Path(__file__).parents[2]
DORT = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def _enfants_trouvent_le_paquet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(RACINE / "src"))


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _vit(pid: int) -> bool:
    """A zombie that nobody has waited for yet is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _attend(condition: object, delai: float = 10) -> bool:
    fin = time.monotonic() + delai
    while time.monotonic() < fin:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("hote", ["0.0.0.0", "192.168.1.10", "::", "example.org", ""])  # noqa: S104
def test_seule_la_boucle_locale_est_permise(hote: str) -> None:
    with pytest.raises(DemarrageRefuseError, match="n'écoute que sur cette machine"):
        check_adresse(hote, _port_libre())


def test_un_port_pris_est_une_phrase_avec_un_autre_port() -> None:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        port = prise.getsockname()[1]
        with pytest.raises(DemarrageRefuseError, match=rf"Le port {port} de 127.0.0.1 n'est pas libre .*--port"):
            check_adresse("127.0.0.1", port)


@pytest.mark.parametrize("numero", [signal.SIGINT, signal.SIGTERM])
def test_un_signal_arrete_tout_et_rend_la_main(numero: signal.Signals) -> None:
    with Processus() as processus:
        processus.start("Premier", DORT)
        processus.start("Second", DORT)
        pids = [enfant.pid for _, enfant in processus.lances]
        os.kill(os.getpid(), numero)
        processus.wait_stop()

    assert not any(_vit(pid) for pid in pids)


def test_un_enfant_qui_meurt_arrete_les_autres() -> None:
    with Processus() as processus:
        processus.start("Le travailleur", DORT)
        autre = processus.lances[0][1].pid
        processus.start("Le serveur", [sys.executable, "-c", "raise SystemExit(3)"])
        with pytest.raises(DemarrageRefuseError, match=r"Le serveur s'est arrêté de lui-même \(code 3\)"):
            processus.wait_stop()

    assert not _vit(autre)


def test_un_enfant_qui_tombe_est_relance_puis_abandonne(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maintien.cli.processus.REPRISES_MAX", 2)
    trace = tmp_path / "trace"
    tombe = f"open({str(trace)!r}, 'a').write('x'); raise SystemExit(1)"
    with Processus() as processus:
        processus.start("Le site", DORT)
        site = processus.lances[0][1].pid
        processus.start("Le travailleur", [sys.executable, "-c", tombe], relancer=True)
        with pytest.raises(DemarrageRefuseError, match="plus de 2 fois en 5 minutes : tout est arrêté"):
            processus.wait_stop()
    assert trace.read_text(encoding="utf-8") == "xxx"
    assert capfd.readouterr().err.count("Le travailleur s'est arrêté (code 1) ; il est relancé.") == 2
    assert not _vit(site)


def test_les_relances_anciennes_ne_comptent_plus() -> None:
    relance = Relance((), muet=True)
    assert [relance.may_start(instant) for instant in (0, 1, 2, 3, 4)] == [True] * 5
    assert not relance.may_start(299)
    assert relance.may_start(300)


def test_un_enfant_sourd_est_tue_avec_ses_propres_enfants(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("maintien.cli.processus._DELAI_ARRET", 0.3)
    fichier = tmp_path / "pid"
    sourd = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import signal, time;"
        " signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)']);"
        f"open({str(fichier)!r}, 'w').write(str(p.pid) + '.'); time.sleep(60)"
    )

    with Processus() as processus:
        processus.start("Sourd", [sys.executable, "-c", sourd])
        assert _attend(lambda: fichier.exists() and fichier.read_text(encoding="utf-8").endswith("."))

    petit_enfant = int(fichier.read_text(encoding="utf-8").rstrip("."))
    assert _attend(lambda: not _vit(petit_enfant))


@pytest.mark.skipif(sys.platform != "linux", reason="le noyau Linux seul prévient de la mort du parent")
def test_un_parent_tue_net_ne_laisse_pas_d_enfant(tmp_path: Path) -> None:
    fichier = tmp_path / "pid"
    parent = (
        "import sys, time; from pathlib import Path; from maintien.cli.processus import Processus;"
        "p = Processus(); p.__enter__(); p.start('x', [sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"time.sleep(0.6); Path({str(fichier)!r}).write_text(str(p.lances[0][1].pid) + '.'); time.sleep(60)"
    )
    lance = subprocess.Popen([sys.executable, "-c", parent])
    assert _attend(lambda: fichier.exists() and fichier.read_text(encoding="utf-8").endswith("."))
    enfant = int(fichier.read_text(encoding="utf-8").rstrip("."))
    assert _vit(enfant)

    lance.kill()
    lance.wait()

    assert _attend(lambda: not _vit(enfant))


def test_une_page_qui_ne_repond_pas_est_dite() -> None:
    with Processus() as processus:
        processus.start("Le serveur", DORT)
        with pytest.raises(DemarrageRefuseError, match="ne répond pas"):
            processus.wait_page(f"http://127.0.0.1:{_port_libre()}/", 0.3)

"""The processes of a local start, server and worker: started together, watched, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

BOUCLE_LOCALE = ("127.0.0.1", "::1", "localhost")
_DELAI_ARRET = 8.0
_PAS = 0.1
# A process that may be restarted ends for good when it falls more often than this within the window.
REPRISES_MAX = 5
FENETRE_SECONDES = 300.0
_SIGNAUX = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DemarrageRefuseError(RuntimeError):
    """The start is refused or failed; the message is the one sentence to print."""


def check_adresse(hote: str, port: int) -> None:
    """Refuse anything but the loopback, and a port that someone else holds."""
    if hote not in BOUCLE_LOCALE:
        raise DemarrageRefuseError(
            f"La démonstration n'écoute que sur cette machine (127.0.0.1, ::1 ou localhost), pas sur {hote} : "
            "ses mots de passe sont publics."
        )
    famille = socket.AF_INET6 if ":" in hote else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((hote, port))
        except OSError:
            raise DemarrageRefuseError(
                f"Le port {port} de {hote} n'est pas libre : arrêtez le programme qui l'occupe, "
                f"ou choisissez-en un autre (--port {port % 65535 + 1})."
            ) from None


@dataclass
class Relance:
    """How to start a process again, and when it was."""

    commande: Sequence[str]
    muet: bool
    instants: list[float] = field(default_factory=list)

    def may_start(self, instant: float) -> bool:
        """Bounded within a window: a process that cannot live is not started for ever."""
        self.instants = [avant for avant in self.instants if instant - avant < FENETRE_SECONDES]
        if len(self.instants) >= REPRISES_MAX:
            return False
        self.instants.append(instant)
        return True


@dataclass
class Processus:
    """A context: signals are heard from its start, and nothing that it started is left at its end."""

    lances: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)
    arret: bool = False
    relances: dict[str, Relance] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._avant = {numero: signal.signal(numero, self._entendre) for numero in _SIGNAUX}
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for numero, ancien in self._avant.items():
            signal.signal(numero, ancien)

    def _entendre(self, _numero: int, _cadre: FrameType | None) -> None:
        self.arret = True

    def start(self, nom: str, commande: Sequence[str], *, muet: bool = False, relancer: bool = False) -> None:
        """Start a command in a session of its own: Ctrl-C reaches this process alone, which then stops the others.

        `muet`: what it says is not shown, its errors are. `relancer`: if it ends by itself it is started again, a
        bounded number of times, and the others go on meanwhile.
        """
        if relancer:
            self.relances[nom] = Relance(commande, muet)
        self.lances.append((nom, _lancer(commande, muet=muet)))

    def wait_page(self, adresse: str, delai: float) -> bool:
        """True when the page answers; False when a stop was asked for meanwhile."""
        fin = time.monotonic() + delai
        while not self.arret:
            self._check_vivants()
            try:
                with urlopen(adresse, timeout=5) as reponse:  # noqa: S310 - our own page, on the loopback
                    if reponse.status == 200:
                        return True
            except (URLError, OSError):
                pass
            if time.monotonic() > fin:
                raise DemarrageRefuseError(f"Le site ne répond pas à {adresse} : lisez les messages ci-dessus.")
            time.sleep(_PAS)
        return False

    def wait_stop(self, chaque_pas: Callable[[], None] | None = None) -> None:
        """Until a signal asks to stop, or until one of the processes ends by itself, which is a failure."""
        while not self.arret:
            self._check_vivants()
            if chaque_pas is not None:
                chaque_pas()
            time.sleep(_PAS)

    def _check_vivants(self) -> None:
        for rang, (nom, processus) in enumerate(self.lances):
            code = processus.poll()
            if code is None or self.arret:
                continue
            # What it started may outlive it, and would do its work beside its successor.
            _signaler(processus, signal.SIGKILL)
            relance = self.relances.get(nom)
            if relance is None:
                raise DemarrageRefuseError(f"{nom} s'est arrêté de lui-même (code {code}) : tout est arrêté.")
            if not relance.may_start(time.monotonic()):
                raise DemarrageRefuseError(
                    f"{nom} s'est arrêté de lui-même (code {code}) plus de {REPRISES_MAX} fois en "
                    f"{FENETRE_SECONDES / 60:.0f} minutes : tout est arrêté."
                )
            print(f"{nom} s'est arrêté (code {code}) ; il est relancé.", file=sys.stderr)  # noqa: T201 - the log line
            self.lances[rang] = (nom, _lancer(relance.commande, muet=relance.muet))

    def stop(self) -> None:
        """Ask each process group to end, last started first; what is still there after the delay is killed."""
        for _, processus in reversed(self.lances):
            _signaler(processus, signal.SIGTERM)
        fin = time.monotonic() + _DELAI_ARRET
        for _, processus in self.lances:
            with suppress(subprocess.TimeoutExpired):
                processus.wait(max(fin - time.monotonic(), 0.01))
            _signaler(processus, signal.SIGKILL)
            processus.wait()
        self.lances.clear()


def _lancer(commande: Sequence[str], *, muet: bool) -> subprocess.Popen[bytes]:
    enfant = [sys.executable, "-m", "maintien.cli.enfant", str(os.getpid()), *commande]
    return subprocess.Popen(enfant, start_new_session=True, stdout=subprocess.DEVNULL if muet else None)


def _signaler(processus: subprocess.Popen[bytes], numero: signal.Signals) -> None:
    """To the whole group: a server has workers of its own, which may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(processus.pid, numero)

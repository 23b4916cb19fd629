"""The worklist page at 200,000 leases: against the bare SQL of the same rows, then ten requests at once."""

import argparse
import http.client
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.outillage.processus import BASES, RACINE, VAR, base_neuve, dire, juger, mesurer
from maintien.cli.demo import _GRANIAN as GRANIAN

BUTS_P50 = {"sqlite": 6.0, "postgresql": 4.0}
BUT_P95_MS = 100.0
# Beyond twice the bare query: what a page of fifty rows costs whatever the landlord (ADR 0035).
BUT_FIXE_MS = 15.0
CLIENTS = 10
BAUX_DU_MODELE = 2_000
DELAI_PAGE = 60.0


def main(arguments: Sequence[str]) -> None:
    """`./run bench journee [--baux 200000] [--bases sqlite,postgresql] [--fois 200] [--ouvriers N] [--garder]`."""
    analyse = argparse.ArgumentParser(prog="./run bench journee", description=__doc__)
    analyse.add_argument("--baux", type=int, default=200_000)
    analyse.add_argument("--bases", default=",".join(BASES))
    analyse.add_argument("--fois", type=int, default=200, help="pages de chaque cas, et requêtes de chaque client")
    analyse.add_argument(
        "--ouvriers", type=int, default=os.cpu_count() or 1, help="processus du serveur ; un par cœur de la machine"
    )
    analyse.add_argument("--garder", action="store_true", help="garder le bailleur pour une autre fois (SQLite)")
    options = analyse.parse_args(arguments)
    for genre in options.bases.split(","):
        dossier = VAR / "journee" / f"{options.baux}-{genre}"
        _mesurer(dossier, genre, options)
        if not options.garder or genre != "sqlite":
            shutil.rmtree(dossier, ignore_errors=True)


def _mesurer(dossier: Path, genre: str, options: argparse.Namespace) -> None:
    pret = dossier / "pret"
    if genre != "sqlite" or not pret.exists():
        shutil.rmtree(dossier, ignore_errors=True)
    with base_neuve(genre, dossier) as environnement:
        if environnement is None:
            return
        print(f"\n{options.baux} baux, {genre}, charge {os.getloadavg()[0]:.1f}", flush=True)
        if not pret.exists():
            _preparer(dossier, options.baux, environnement)
            pret.touch()
        pages = mesurer("bench.journee_mesures", "pages", options.fois, environnement=environnement)
        for cas in pages.dit["cas"]:
            _dire_pages(cas, genre)
        for cas in pages.dit["cas"]:
            _dire_service(cas, _servir(environnement, cas, options), options.ouvriers)


def _preparer(dossier: Path, baux: int, environnement: Mapping[str, str]) -> None:
    """A small landlord lives a real night, in a database of its own; what it was proposed fills the large one."""
    with base_neuve("sqlite", dossier / "modele") as petit:
        mesurer("bench.nuit_mesures", "charger", BAUX_DU_MODELE, environnement=petit)
        mesurer("bench.nuit_mesures", "passer", 0, environnement=petit)
        mesurer("bench.journee_mesures", "modele", dossier / "modele.json", environnement=petit)
    shutil.rmtree(dossier / "modele")
    verse = mesurer("bench.journee_mesures", "verser", baux, dossier / "modele.json", environnement=environnement)
    dire(
        f"bailleur versé en bloc, {verse.dit['dossiers']} dossiers, {verse.dit['a_faire']} propositions à faire", verse
    )


def _dire_pages(cas: Mapping[str, Any], genre: str) -> None:
    page, nue = statistics.median(cas["pages_ms"]), statistics.median(cas["nues_ms"])
    print(
        f"  {cas['nom']} : {cas['lignes']} lignes, {cas['requetes']} requêtes SQL ({cas['sql_ms']:.1f} ms à nu)\n"
        f"    page p50 {page:.2f} ms, p95 {_centile(cas['pages_ms'], 95):.2f} ms, processeur "
        f"{statistics.median(cas['pages_cpu_ms']):.2f} ms ; requête nue p50 {nue:.2f} ms",
        flush=True,
    )
    juger(page, nue, "la requête SQL nue des mêmes lignes", BUTS_P50[genre])
    processeur, raisonne = statistics.median(cas["pages_cpu_ms"]), BUT_FIXE_MS + 2 * nue
    verdict = "tenu" if processeur <= raisonne else "MANQUÉ"
    print(f"    processeur {processeur:.2f} ms (but de l'ADR 0035 <= {raisonne:.1f}) : {verdict}", flush=True)
    print(f"    soit {page / cas['sql_ms']:.2f} x toutes les requêtes de la page, à nu", flush=True)
    postes = ", ".join(f"{nom} {duree:.2f}" for nom, duree in cas["postes_ms"].items())
    print(f"    dont, en ms : {postes}", flush=True)


def _dire_service(cas: Mapping[str, Any], servi: tuple[list[float], float], ouvriers: int) -> None:
    """Python answers one request at a time in a process: ten at once wait for ten divided by the processes."""
    durees, total = servi
    p95 = _centile(durees, 95)
    verdict = "tenu" if p95 <= BUT_P95_MS else "MANQUÉ"
    print(
        f"  {cas['nom']}, servi par {ouvriers} processus ({os.cpu_count()} cœurs, clients compris), "
        f"{CLIENTS} à la fois, {len(durees)} pages : p50 {statistics.median(durees):.1f} ms, "
        f"p95 {p95:.1f} ms (but <= {BUT_P95_MS:g}) : {verdict} ; {len(durees) / total:.0f} pages par seconde",
        flush=True,
    )


def _centile(durees: Sequence[float], rang: int) -> float:
    return statistics.quantiles(durees, n=100, method="inclusive")[rang - 1]


def _servir(
    environnement: Mapping[str, str], cas: Mapping[str, Any], options: argparse.Namespace
) -> tuple[list[float], float]:
    """Milliseconds of each request, and the seconds of all, on the server that `maintien demo` starts."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    ouvriers = ("--workers", str(options.ouvriers))
    commande = [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port), *ouvriers, *GRANIAN]
    complet = {**os.environ, **environnement, "PYTHONPATH": str(RACINE / "src")}
    with subprocess.Popen(commande, cwd=RACINE, env=complet, start_new_session=True) as serveur:
        try:
            _attendre(port)
            with ThreadPoolExecutor(CLIENTS) as clients:
                for _ in clients.map(lambda _: _demander(port, cas, 3), range(CLIENTS)):
                    pass
                depart = time.perf_counter()
                durees = list(
                    clients.map(lambda _: _demander(port, cas, max(options.fois // CLIENTS, 1)), range(CLIENTS))
                )
                total = time.perf_counter() - depart
        finally:
            os.killpg(serveur.pid, signal.SIGTERM)
    return [duree for du_client in durees for duree in du_client], total


def _attendre(port: int) -> None:
    fin = time.monotonic() + DELAI_PAGE
    while True:
        try:
            liaison = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            liaison.request("GET", "/compte/connexion/")
            if liaison.getresponse().status == 200:
                return
        except OSError:
            pass
        if time.monotonic() > fin:
            raise RuntimeError("le site ne répond pas")
        time.sleep(0.1)


def _demander(port: int, cas: Mapping[str, Any], fois: int) -> list[float]:
    """One client: one request after the other, on one connection, each page read to its end."""
    liaison = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    durees = []
    for _ in range(fois):
        depart = time.perf_counter()
        liaison.request("GET", cas["adresse"], headers={"Cookie": f"sessionid={cas['session']}"})
        reponse = liaison.getresponse()
        page = reponse.read()
        durees.append((time.perf_counter() - depart) * 1000)
        if reponse.status != 200 or len(page) < cas["octets"] // 2:
            raise RuntimeError(f"la page a répondu {reponse.status}, {len(page)} octets")
    liaison.close()
    return durees

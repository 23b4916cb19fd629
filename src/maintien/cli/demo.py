"""`maintien demo`: prepares the demonstration landlord, then serves the site with its worker, on the loopback only."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from maintien.cli import django
from maintien.cli.processus import DemarrageRefuseError, Processus, check_adresse

if TYPE_CHECKING:
    from maintien.travaux.demo.preparation import Avance, Preparation

REGLAGES = "maintien.config.settings.demo"
_PERMIS = (REGLAGES, "maintien.config.settings.dev", "maintien.config.settings.test")
RIEN_FAIT = 2
_DELAI_PAGE = 60.0
_GRANIAN = (
    *("--interface", "wsgi", "--no-ws", "--blocking-threads", "8", "--backpressure", "64", "--log-level", "warning"),
    "maintien.config.wsgi:application",
)


def commande(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port du site.")] = 8000,
    hote: Annotated[str, typer.Option("--hote", help="Adresse d'écoute : cette machine seulement.")] = "127.0.0.1",
    baux: Annotated[int, typer.Option("--baux", min=30, max=200_000, help="Baux du bailleur fictif.")] = 3000,
    sans_serveur: Annotated[bool, typer.Option("--sans-serveur", help="Prépare les données et s'arrête.")] = False,  # noqa: FBT002
) -> None:
    """Prépare un bailleur de démonstration et sert le site sur cette machine."""
    reglages = os.environ.setdefault("DJANGO_SETTINGS_MODULE", REGLAGES)
    if reglages not in _PERMIS:
        _refuser(f"La démonstration ne s'installe pas avec les réglages {reglages} : ses mots de passe sont publics.")
    try:
        if not sans_serveur:
            check_adresse(hote, port)
        _prepare(baux)
        if not sans_serveur:
            _serve("127.0.0.1" if hote == "localhost" else hote, port)
    except DemarrageRefuseError as refus:
        _refuser(str(refus))


def _prepare(baux: int) -> None:
    debut = time.monotonic()
    django.setup()
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import CommandError  # noqa: PLC0415

    from maintien.travaux.demo.preparation import DemonstrationImpossibleError, prepare  # noqa: PLC0415

    try:
        preparation = prepare(_today(), baux, _etape)
    except (DemonstrationImpossibleError, ImproperlyConfigured, CommandError) as refus:
        _refuser(str(refus))
    django.check_wall()
    typer.echo(f"Données prêtes en {_duree(time.monotonic() - debut)}.")
    _print_comptes(preparation)


def _serve(hote: str, port: int) -> None:
    """The server and the worker, until Ctrl-C."""
    adresse = f"http://[{hote}]:{port}/" if ":" in hote else f"http://{hote}:{port}/"
    ecoute = ("--host", hote, "--port", str(port))
    with Processus() as processus:
        processus.start("Le site", [sys.executable, "-m", "granian", *ecoute, *_GRANIAN])
        processus.start(
            "Le travailleur", [sys.executable, "-m", "maintien.cli", "travailleur"], muet=True, relancer=True
        )
        if processus.wait_page(f"{adresse}compte/connexion/", _DELAI_PAGE):
            _note_site(adresse)
            typer.echo(f"\nLe site est prêt : {adresse}   (Ctrl-C pour tout arrêter)")
            processus.wait_stop()
        typer.echo("\nArrêt…")
    typer.echo("Tout est arrêté.")


def _note_site(adresse: str) -> None:
    """A command in another window prints links that lead here."""
    from django.conf import settings  # noqa: PLC0415

    settings.MAINTIEN_SITE_SERVI.write_text(adresse.rstrip("/"), encoding="utf-8")


@contextmanager
def _etape(texte: str) -> Iterator["Avance"]:
    """The step and its time on one line; on a terminal, how far it is meanwhile."""
    debut = time.monotonic()
    terminal = sys.stdout.isatty()
    typer.echo(f"{texte}…", nl=False)

    def avance(fait: int, total: int) -> None:
        if terminal and total:
            typer.echo(f"\r{texte}… {100 * fait // total:3d} %", nl=False)

    try:
        yield avance
    except BaseException:
        typer.echo("")
        raise
    duree = _duree(time.monotonic() - debut)
    typer.echo(f"\r{texte}… {duree}     " if terminal else f" {duree}")


def _print_comptes(preparation: "Preparation") -> None:
    from maintien.travaux.demo.bailleurs import BAILLEURS, MOT_DE_PASSE  # noqa: PLC0415

    if preparation.remarque:
        typer.echo(preparation.remarque)
    for bailleur in BAILLEURS:
        contenu = f"{preparation.baux} baux" if bailleur.code == "DEMO" else "vide, pour essayer un import"
        typer.echo(f"\n{bailleur.code}, {bailleur.nom} ({contenu})")
        secteurs = {secteur.code: secteur.nom for secteur in bailleur.secteurs}
        for agent in bailleur.agents:
            typer.echo(f"  {agent.courriel:<34} {agent.role.label}{_sur(secteurs.get(agent.secteur, ''))}")
    typer.echo(f"\nMot de passe de tous ces utilisateurs : {MOT_DE_PASSE}")


def _sur(secteur: str) -> str:
    return f", {secteur}" if secteur else ""


def _duree(secondes: float) -> str:
    return f"{secondes:.1f} s".replace(".", ",")


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def _refuser(phrase: str) -> NoReturn:
    typer.echo(phrase, err=True)
    raise typer.Exit(RIEN_FAIT)

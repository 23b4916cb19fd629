"""`maintien nuit`: the nightly pass of one landlord or of all, and what it changed."""

import json as json_
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maintien.cli import django
from maintien.coeur.calendrier import DateInvalideError, format_jour, parse_jour

if TYPE_CHECKING:
    from maintien.apps.organismes.models import Organisme

FAIT_AVEC_REFUS = 1
RIEN_FAIT = 2
PREMIER_JOUR = date(2000, 1, 1)
_ETAPES = {
    "miroir": "copie pour le calcul",
    "situations": "situation des comptes",
    "menages": "dossiers et propositions",
}
_EFFACER = "\r\033[K"


def nuit(
    au: Annotated[str, typer.Option("--au", help="Le jour de la passe, AAAA-MM-JJ ; aujourd'hui par défaut.")] = "",
    bailleur: Annotated[str, typer.Option("--bailleur", help="Code du bailleur ; tous par défaut.")] = "",
    livres_au: Annotated[
        str,
        typer.Option(
            "--livres-au",
            help="Le dernier jour dont les paiements sont importés, AAAA-MM-JJ ; sinon, celui du dernier.",
        ),
    ] = "",
    essai: Annotated[  # noqa: FBT002
        bool, typer.Option("--essai", help="Montre ce que la passe ferait, même un jour à venir ; n'écrit rien.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Écrit ce qui a changé pour une machine.")] = False,  # noqa: FBT002
) -> None:
    """Fait la passe de nuit : situations, dossiers et propositions. Peut être relancée : elle ne double rien."""
    django.setup_with_base()
    from django.utils import timezone  # noqa: PLC0415 - after the settings

    jour = _read_day(au, "--au") if au else timezone.localdate()
    livres = _read_day(livres_au, "--livres-au") if livres_au else None
    organismes = _landlords(bailleur)
    resultats = [_run(organisme, jour, livres, essai=essai, show=not json) for organisme in organismes]
    if json:
        typer.echo(json_.dumps(resultats, ensure_ascii=False, indent=2))
    refus = [resultat for resultat in resultats if "refus" in resultat]
    if len(refus) == len(resultats):
        raise typer.Exit(RIEN_FAIT)
    if refus or any(resultat["bilan"]["non_calculables"] for resultat in resultats):
        raise typer.Exit(FAIT_AVEC_REFUS)


def _read_day(texte: str, option: str) -> date:
    try:
        jour = parse_jour(texte)
    except DateInvalideError as erreur:
        typer.echo(f"{option} : {erreur}.", err=True)
        raise typer.Exit(RIEN_FAIT) from erreur
    if jour < PREMIER_JOUR:
        typer.echo(
            f"{option} : le {format_jour(jour)} est avant le {format_jour(PREMIER_JOUR)}, la première passe "
            "possible ; vérifiez l'année.",
            err=True,
        )
        raise typer.Exit(RIEN_FAIT)
    return jour


def _landlords(code: str) -> "list[Organisme]":
    from maintien.apps.organismes.models import Organisme  # noqa: PLC0415

    organismes = list(Organisme.objects.filter(code=code) if code else Organisme.objects.all())
    if not organismes:
        connus = ", ".join(Organisme.objects.values_list("code", flat=True))
        message = f"Aucun bailleur n'a le code {code}" if code else "Aucun bailleur n'est encore créé"
        suite = f" ; bailleurs connus : {connus}." if connus else " : commencez par maintien organisme creer."
        typer.echo(f"{message}{suite}", err=True)
        raise typer.Exit(RIEN_FAIT)
    return organismes


def _run(organisme: "Organisme", jour: date, livres: date | None, *, essai: bool, show: bool) -> dict[str, Any]:
    from maintien.travaux.nuit import run, try_out  # noqa: PLC0415
    from maintien.travaux.nuit.bilan import Bilan  # noqa: PLC0415
    from maintien.travaux.nuit.erreurs import NuitRefuseeError  # noqa: PLC0415

    try:
        faire = try_out if essai else run
        execution = faire(organisme, jour, progres=_progress if sys.stderr.isatty() else None, livres_au=livres)
    except NuitRefuseeError as refus:
        _clear()
        typer.echo(str(refus), err=True)
        return {"bailleur": organisme.code, "au": jour.isoformat(), "refus": str(refus)}
    _clear()
    bilan = Bilan.from_json(execution.resultat["dernier"])
    if show:
        typer.echo(f"{organisme.code}, {'essai de la ' if essai else ''}passe du {format_jour(jour)}")
        for phrase in bilan.sentences():
            typer.echo(f"  {phrase}")
        if essai:
            typer.echo("  Essai : rien n'est écrit.")
    return {
        "bailleur": organisme.code,
        "au": jour.isoformat(),
        **({"essai": True} if essai else {}),
        "change": bilan.has_changes,
        "bilan": bilan.as_json(),
        "jour": execution.resultat["bilan"],
    }


def _progress(etape: str, fait: int, total: int) -> None:
    avancement = f" {min(fait, total)} sur {total}" if total else ""
    sys.stderr.write(f"{_EFFACER}{_ETAPES.get(etape, etape)}{avancement}…")
    sys.stderr.flush()


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write(_EFFACER)
        sys.stderr.flush()

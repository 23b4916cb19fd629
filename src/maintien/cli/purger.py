"""`maintien purger`: what has had its time goes, and leaves a proof."""

from datetime import date
from typing import Annotated

import typer

from maintien.cli import django, francais
from maintien.cli.verifier import DIFFERENCES, chosen, refuse
from maintien.coeur.calendrier import DateInvalideError, parse_jour

groupe = typer.Typer(
    name="purger",
    cls=francais.Groupe,
    help="Efface ce dont la durée de conservation est passée.",
    no_args_is_help=True,
)


@groupe.callback()
def racine() -> None:
    """Efface ce dont la durée de conservation est passée."""


@groupe.command("journal", cls=francais.Commande)
def journal(
    au: Annotated[str, typer.Option("--au", help="Le jour où l'on compte, AAAA-MM-JJ ; aujourd'hui par défaut.")] = "",
    organisme: Annotated[str, typer.Option("--organisme", help="Code de l'organisme ; tous par défaut.")] = "",
    a_blanc: Annotated[  # noqa: FBT002
        bool, typer.Option("--a-blanc", help="Dit ce qui partirait, même un jour à venir ; n'efface rien.")
    ] = False,
) -> None:
    """Efface les mois entiers du journal plus vieux que la durée de conservation ; il en reste un sceau signé."""
    django.setup_with_base()
    from django.utils import timezone  # noqa: PLC0415 - after the settings

    from maintien.apps.socle.soupcons import phrase  # noqa: PLC0415
    from maintien.travaux.journal import purge_all  # noqa: PLC0415

    jour = _read_day(au) if au else timezone.localdate()
    if jour > timezone.localdate() and not a_blanc:
        refuse(
            "Le jour demandé n'est pas encore venu : rien n'est effacé. Ajoutez --a-blanc pour voir ce qui partirait."
        )
    purges = purge_all(chosen(organisme), jour, a_blanc=a_blanc)
    for purge in purges:
        if purge.refus is not None:
            typer.echo(f"{purge.organisme}, flux {purge.flux} : rien n'est effacé, {phrase(purge.refus)}", err=True)
        else:
            typer.echo(f"{purge.organisme}, flux {purge.flux}, {purge.mois} : {_fate(purge.nombre, a_blanc=a_blanc)}.")
    if not purges:
        typer.echo("Aucun mois du journal n'a passé sa durée de conservation.")
    if any(purge.refus is not None for purge in purges):
        raise typer.Exit(DIFFERENCES)


def _fate(nombre: int, *, a_blanc: bool) -> str:
    pluriel = "s" if nombre > 1 else ""
    if a_blanc:
        return f"{nombre} ligne{pluriel} à effacer"
    return f"{nombre} ligne{pluriel} effacée{pluriel}, un sceau reste"


def _read_day(texte: str) -> date:
    try:
        return parse_jour(texte)
    except DateInvalideError as erreur:
        refuse(f"--au : {erreur}.")

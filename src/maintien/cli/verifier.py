"""`maintien verifier`: proves that nothing was altered."""

import json as json_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from maintien.cli import django, francais

if TYPE_CHECKING:
    from maintien.apps.organismes.models import Organisme
    from maintien.apps.socle.soupcons import Faute
    from maintien.apps.socle.verification import Verdict
    from maintien.travaux.extractions.marque import Provenance

groupe = typer.Typer(
    name="verifier",
    cls=francais.Groupe,
    help="Prouve que rien n'a été altéré : le journal, un fichier exporté.",
    no_args_is_help=True,
)
DIFFERENCES = 1
ILLISIBLE = 2

_Organisme = Annotated[
    str, typer.Option("--organisme", help="Code de l'organisme ; tous et la plateforme par défaut.")
]
_Json = Annotated[bool, typer.Option("--json", help="Écrit le résultat pour une machine.")]


@groupe.callback()
def racine() -> None:
    """Prouve que rien n'a été altéré."""


@groupe.command("journal", cls=francais.Commande)
def journal(
    organisme: _Organisme = "",
    ancre: Annotated[
        Path | None,
        typer.Option("--ancre", exists=True, dir_okay=False, help="Fichier d'ancres gardé ailleurs, à comparer."),
    ] = None,
    ancrer: Annotated[  # noqa: FBT002
        bool, typer.Option("--ancrer", help="Imprime ensuite les ancres du jour, à garder ailleurs.")
    ] = False,
    json: _Json = False,  # noqa: FBT002
) -> None:
    """Suit la chaîne du journal et nomme la première ligne modifiée, supprimée, ajoutée ou déplacée."""
    django.setup_with_base()
    from maintien.travaux.journal import verify_all  # noqa: PLC0415 - after the settings

    organismes = chosen(organisme)
    verdicts = list(verify_all(organismes))
    contredites = [] if ancre is None else _compare(ancre, organismes)
    if json:
        typer.echo(json_.dumps(_as_json(verdicts, contredites), ensure_ascii=False, indent=2))
    else:
        _print(verdicts, contredites)
    if ancrer:
        _print_anchors(organismes)
    if any(verdict.is_illisible for _, verdict in verdicts):
        raise typer.Exit(ILLISIBLE)
    if contredites or any(verdict.faute is not None for _, verdict in verdicts):
        raise typer.Exit(DIFFERENCES)


@groupe.command("extraction", cls=francais.Commande)
def extraction(
    fichier: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Fichier trouvé (CSV ou XLSX).")],
) -> None:
    """Dit qui a exporté un fichier, quand et pourquoi, d'après le code qu'il porte."""
    django.setup_with_base()
    from maintien.travaux.extractions.marque import SansMarqueError, trace  # noqa: PLC0415

    try:
        provenance = trace(fichier)
    except (SansMarqueError, OSError) as erreur:
        refuse(f"{fichier.name} : {erreur}.")
    typer.echo(_origin(provenance))
    if not provenance.is_intact:
        typer.echo("Son contenu n'est plus celui qui a été remis : il a été modifié, ou enregistré de nouveau.")
        raise typer.Exit(DIFFERENCES)


def _origin(provenance: "Provenance") -> str:
    from django.utils import timezone  # noqa: PLC0415

    trouvee = provenance.extraction
    prise = trouvee.prise_le
    quand = "jamais remise" if prise is None else f"remise le {timezone.localtime(prise):%d/%m/%Y à %H:%M}"
    accord = "" if trouvee.approbateur is None else f", avec l'accord de {trouvee.approbateur}"
    quoi = f"{provenance.organisme.code}, {trouvee.get_genre_display()}, {trouvee.nombre} lignes"
    return (
        f"Extraction {trouvee.code} ({quoi})"
        f" : {quand} à {trouvee.demandeur} ({trouvee.demandeur.email}){accord}. "
        f"Finalité : {trouvee.get_finalite_display()}."
    )


def chosen(code: str) -> "list[Organisme | None]":
    """One organisme, or all of them and the platform."""
    from maintien.travaux.journal import all_organismes  # noqa: PLC0415
    from maintien.travaux.ouverture import OuvertureRefuseeError, find_organisme  # noqa: PLC0415

    try:
        return [find_organisme(code)] if code else all_organismes()
    except OuvertureRefuseeError as refus:
        refuse(str(refus))


def refuse(phrase: str) -> NoReturn:
    typer.echo(phrase, err=True)
    raise typer.Exit(ILLISIBLE)


def _compare(fichier: Path, organismes: "list[Organisme | None]") -> "list[tuple[str, str, Faute]]":
    """Organisme, flux and difference, for each anchor of the file that the journal contradicts."""
    from maintien.travaux.journal import AncreIllisibleError, compare_anchor, name_of, read_anchors  # noqa: PLC0415

    try:
        ancres = read_anchors(fichier)
    except (AncreIllisibleError, OSError, UnicodeDecodeError) as erreur:
        refuse(f"Le fichier d'ancres {fichier} ne se lit pas ({erreur}) : donnez celui que « --ancrer » a imprimé.")
    par_nom = {name_of(organisme): organisme for organisme in organismes}
    trouvees = []
    for ancre in ancres:
        if ancre["organisme"] in par_nom:
            faute = compare_anchor(ancre, par_nom[ancre["organisme"]])
            if faute is not None:
                trouvees.append((ancre["organisme"], ancre["flux"], faute))
    return trouvees


def _print(verdicts: "list[tuple[str, Verdict]]", contredites: "list[tuple[str, str, Faute]]") -> None:
    from maintien.apps.socle.soupcons import phrase  # noqa: PLC0415

    for nom, verdict in verdicts:
        flux = verdict.chaine[1]
        if verdict.faute is not None:
            typer.echo(f"{nom}, flux {flux} : {phrase(verdict.faute)}")
        elif verdict.derniere:
            purges = f", {verdict.sceaux} mois purgés et scellés" if verdict.sceaux else ""
            typer.echo(
                f"{nom}, flux {flux} : entier, {verdict.lignes} lignes jusqu'au rang {verdict.derniere}{purges}."
            )
    for nom, flux, faute in contredites:
        typer.echo(f"{nom}, flux {flux} : {phrase(faute)}")
    if not any(verdict.derniere or verdict.faute for _, verdict in verdicts):
        typer.echo("Le journal est vide.")


def _as_json(verdicts: "list[tuple[str, Verdict]]", contredites: "list[tuple[str, str, Faute]]") -> dict[str, Any]:
    return {
        "chaines": [
            {
                "organisme": nom,
                "flux": verdict.chaine[1],
                "lignes": verdict.lignes,
                "sceaux": verdict.sceaux,
                "derniere": verdict.derniere,
                "empreinte": verdict.empreinte,
                "difference": None if verdict.faute is None else _difference(verdict.faute),
            }
            for nom, verdict in verdicts
        ],
        "ancres": [{"organisme": nom, "flux": flux, **_difference(faute)} for nom, flux, faute in contredites],
    }


def _difference(faute: "Faute") -> dict[str, Any]:
    from maintien.apps.socle.soupcons import phrase  # noqa: PLC0415

    return {
        "genre": faute.genre.value,
        "premiere": faute.premiere,
        "derniere": faute.derniere,
        "instant": None if faute.instant is None else faute.instant.isoformat(),
        "phrase": phrase(faute),
    }


def _print_anchors(organismes: "list[Organisme | None]") -> None:
    from django.utils import timezone  # noqa: PLC0415

    from maintien.travaux.journal import anchors  # noqa: PLC0415

    for ancre in anchors(organismes, timezone.now()):
        typer.echo(json_.dumps(ancre, ensure_ascii=False))

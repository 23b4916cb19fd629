"""`maintien importer`: a landlord's exports into the database."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from maintien.cli import django

if TYPE_CHECKING:
    from maintien.apps.comptes.models import Importation
    from maintien.apps.organismes.models import Organisme

FAIT, AVEC_REFUS, RIEN_FAIT = 0, 1, 2
REFUS_MONTRES = 10

Progres = Callable[[int, int, str], None]


def commande(
    fichiers: Annotated[list[Path], typer.Argument(help="Fichiers, ou dossiers de fichiers .csv.", metavar="FICHIER")],
    bailleur: Annotated[str, typer.Option("--bailleur", help="Code du bailleur.")],
    profil: Annotated[str, typer.Option("--profil", help="Profil livré (pivot, erp_a), ou chemin d'un profil .yaml.")],
    rapport: Annotated[
        Path | None, typer.Option("--rapport", help="Fichier CSV où garder toutes les lignes refusées.")
    ] = None,
    en_json: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--json", help="Écrit le compte rendu en JSON sur la sortie.")
    ] = False,
) -> None:
    """Importe les extractions d'un bailleur ; relancé sur les mêmes fichiers, ne change rien.

    Code de retour : 0 tout est pris, 1 des lignes ou des fichiers sont refusés ou le rapport n'est pas écrit,
    2 rien n'a été fait.
    """
    django.setup_with_base()
    from maintien.connecteurs.exports.erreurs import ExportError  # noqa: PLC0415
    from maintien.travaux.imports import deposit, run  # noqa: PLC0415

    organisme = _organisme(bailleur)
    try:
        importation = deposit(organisme, profil, _files(fichiers), sonner=False)
    except ExportError as erreur:
        _refuser(str(erreur))
    execution = importation.execution
    if execution is None:
        _refuser(f"L'import {importation.pk} n'a pas de travail ; déposez de nouveau les fichiers.")
    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415

    with _barre(visible=not en_json) as progres:
        fini = run(execution.pk, progres)
    if fini is None:
        _refuser(f"L'import {importation.pk} des mêmes fichiers est déjà en cours : attendez sa fin.")
    with organisme_scope(organisme):
        code = _report(importation, fini.resultat, fini.message, rapport=rapport, en_json=en_json)
    raise typer.Exit(code)


def _organisme(code: str) -> "Organisme":
    from maintien.apps.organismes.models import Organisme  # noqa: PLC0415

    organisme = Organisme.objects.filter(code=code).first()
    if organisme is None:
        connus = ", ".join(Organisme.objects.values_list("code", flat=True)) or "aucun"
        _refuser(f"Le bailleur {code} n'existe pas (bailleurs connus : {connus}) ; voyez maintien organisme creer.")
    return organisme


def _files(donnes: list[Path]) -> list[Path]:
    """A folder stands for its .csv files."""
    fichiers: list[Path] = []
    for chemin in donnes:
        if chemin.is_dir():
            fichiers += sorted(f for f in chemin.iterdir() if f.suffix.lower() == ".csv" and f.is_file())
        else:
            fichiers.append(chemin)
    return fichiers


@contextmanager
def _barre(*, visible: bool) -> Iterator[Progres]:
    """A progress bar on the error output, so that the standard output stays clean."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    colonnes = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*colonnes, console=console, transient=True, disable=not (visible and console.is_terminal)) as barre:
        tache = barre.add_task("Lecture", total=None)

        def progres(fait: int, total: int, nom: str) -> None:
            barre.update(tache, completed=fait, total=total, description=nom)

        yield progres


def _report(
    importation: "Importation", bilan: dict[str, Any], message: str, *, rapport: Path | None, en_json: bool
) -> int:
    from maintien.connecteurs.exports.rapport import COLONNES, ecrit_rapport  # noqa: PLC0415
    from maintien.travaux.imports.bilan import refused_rows  # noqa: PLC0415

    if "fichiers" not in bilan:
        _refuser(message or "L'import n'a pas pu se faire.")
    refus = refused_rows(importation)
    garde = True
    if rapport is not None:
        garde = _write_rapport(rapport, lambda flux: ecrit_rapport(flux, refus))
    if en_json:
        lignes = [dict(zip(COLONNES, ligne, strict=True)) for ligne in refus]
        typer.echo(json.dumps(bilan | {"refus": lignes}, ensure_ascii=False, indent=2))
    else:
        for phrase in _phrases(bilan, refus):
            typer.echo(phrase)
    return _code(bilan) if garde else max(_code(bilan), AVEC_REFUS)


def _write_rapport(chemin: Path, ecrire: Callable[[Any], None]) -> bool:
    try:
        with chemin.open("w", encoding="utf-8", newline="") as flux:
            ecrire(flux)
    except OSError:
        typer.echo(f"Le rapport {chemin} ne peut pas être écrit : vérifiez le dossier et les droits.", err=True)
        return False
    return True


def _code(bilan: dict[str, Any]) -> int:
    if bilan["fichiers_refuses"] == len(bilan["fichiers"]):
        return RIEN_FAIT
    differences = ("refusees", "fichiers_refuses", "ecarts_inexpliques", "comptes_sans_bail")
    return AVEC_REFUS if any(bilan[nom] for nom in differences) else FAIT


def _phrases(bilan: dict[str, Any], refus: list[tuple[str, int, str, str, str, str]]) -> Iterator[str]:
    for fichier in bilan["fichiers"]:
        if fichier["etat"] == "refuse":
            yield f"REFUSÉ   {fichier['message']}"
            continue
        yield f"{fichier['nom']} : {_chiffres(fichier)}"
        if fichier["message"]:
            yield f"         {fichier['message']}"
    yield (
        f"Import {bilan['import']}, profil {bilan['profil']} : {_accord(len(bilan['fichiers']), 'fichier')}, "
        f"{_chiffres(bilan)}."
    )
    if bilan["comptes_sans_bail"]:
        exemples = ", ".join(bilan["exemples_comptes_sans_bail"])
        comptes = _accord(bilan["comptes_sans_bail"], "compte")
        yield f"{comptes} sans bail, dont la situation attend le fichier des baux : {exemples}."
    for nom, ligne, colonne, valeur, motif, remede in refus[:REFUS_MONTRES]:
        ou = f"{nom}, ligne {ligne}" + (f", {colonne}" if colonne else "")
        lue = "" if not valeur.strip() or valeur in motif else f" (lu : {valeur})"
        yield f"  {ou} : {motif}{lue} ; {remede}."
    if len(refus) > REFUS_MONTRES:
        reste = _accord(len(refus) - REFUS_MONTRES, "autre ligne refusée", "autres lignes refusées")
        yield f"  … et {reste} : --rapport FICHIER.csv les garde toutes."


def _chiffres(compte: dict[str, Any]) -> str:
    prises = _accord(compte["prises"], "ligne prise", "lignes prises")
    refusees = _accord(compte["refusees"], "refusée")
    return f"{prises}, {refusees}, {_accord(compte['deja_connues'], 'déjà connue', 'déjà connues')}"


def _accord(nombre: int, un: str, plusieurs: str = "") -> str:
    return f"{nombre} {un if nombre < 2 else plusieurs or un + 's'}"


def _refuser(phrase: str) -> NoReturn:
    typer.echo(phrase, err=True)
    raise typer.Exit(RIEN_FAIT)

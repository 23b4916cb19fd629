"""`maintien situation`: files in, file out, no database (conventions, C11)."""

import enum
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from maintien.coeur.calendrier import DateInvalideError, parse_jour

if TYPE_CHECKING:
    from maintien.moteurs.colonnes.controle import Controle

FAIT_AVEC_REFUS = 1
RIEN_FAIT = 2
ECRITURES_POUR_LE_COEUR = 200_000


class Moteur(enum.StrEnum):
    """Who computes."""

    COEUR = "coeur"
    COLONNES = "colonnes"


def situation(
    baux: Annotated[Path, typer.Option("--baux", help="Les baux, au format pivot (CSV ou Parquet).")],
    ecritures: Annotated[Path, typer.Option("--ecritures", help="Les écritures, au format pivot (CSV ou Parquet).")],
    au: Annotated[str, typer.Option("--au", help="Le jour d'observation, AAAA-MM-JJ.")],
    sortie: Annotated[Path, typer.Option("--sortie", help="Le fichier à écrire : CSV, ou Parquet s'il finit ainsi.")],
    moteur: Annotated[
        Moteur | None,
        typer.Option(
            "--moteur",
            help="Le calcul de référence (coeur) ou le moteur à grande échelle (colonnes) ; mêmes résultats. Sans "
            "précision : coeur jusqu'à 200 000 écritures, colonnes au-delà.",
        ),
    ] = None,
) -> None:
    """Calcule la situation de chaque compte à une date, d'après des fichiers et sans base de données."""
    from maintien.moteurs.colonnes import lecture  # noqa: PLC0415 - other commands start without these libraries
    from maintien.moteurs.colonnes.controle import controler  # noqa: PLC0415

    jour = _lire_jour(au)
    for entree in (baux, ecritures):
        if sortie.exists() and entree.exists() and sortie.samefile(entree):
            _renoncer(f"--sortie : {sortie} est aussi un fichier à lire ; donnez un autre nom, rien n'est écrit.")
    try:
        table_baux = lecture.lire_baux(baux)
        controle = controler(lecture.lire_ecritures(ecritures), table_baux)
    except lecture.LectureError as erreur:
        _renoncer(str(erreur))
    table = _calculer(moteur, controle.ecritures, table_baux, jour)
    _ecrire(table, sortie)
    _signaler(controle, baux)
    if sortie.is_file():
        s = "s" if len(table) > 1 else ""
        typer.echo(f"{len(table)} compte{s} au {jour.isoformat()}, écrit{s} dans {sortie}.")
    if controle.refusees:
        raise typer.Exit(FAIT_AVEC_REFUS)


def _lire_jour(texte: str) -> date:
    try:
        return parse_jour(texte)
    except DateInvalideError as erreur:
        _renoncer(f"--au : {erreur}.")


def _calculer(moteur: Moteur | None, ecritures: Any, baux: Any, jour: date) -> Any:
    """The large engine takes some time to load, and more the very first time: small files do without it."""
    if moteur is Moteur.COEUR or (moteur is None and len(ecritures) <= ECRITURES_POUR_LE_COEUR):
        from maintien.moteurs import reference  # noqa: PLC0415

        return reference.situations(ecritures, baux, jour)
    from maintien.moteurs.colonnes.passe import situations  # noqa: PLC0415

    return situations(ecritures, baux, jour)


def _ecrire(table: Any, sortie: Path) -> None:
    from maintien.moteurs.colonnes.sortie import ecrire_situations  # noqa: PLC0415

    try:
        ecrire_situations(table, sortie)
    except OSError as erreur:
        _renoncer(
            f"{sortie} : le fichier ne peut pas être écrit ({erreur.strerror}) ; vérifier le dossier et ses droits."
        )


def _signaler(controle: "Controle", baux: Path) -> None:
    """One line on the error output for each entry that is refused, or of which something was set aside."""
    for reference, compte in controle.refusees:
        typer.echo(f"Écriture {reference} refusée : le compte {compte} n'est dans aucun bail de {baux}.", err=True)
    for reference, affectation in controle.illisibles:
        typer.echo(
            f"Écriture {reference} : l'affectation « {affectation} » est mal formée, elle est ignorée.", err=True
        )
    for reference in controle.divergentes:
        typer.echo(
            f"Écriture {reference} : livrée plusieurs fois avec des contenus différents, la première est gardée.",
            err=True,
        )


def _renoncer(phrase: str) -> NoReturn:
    typer.echo(phrase, err=True)
    raise typer.Exit(RIEN_FAIT)

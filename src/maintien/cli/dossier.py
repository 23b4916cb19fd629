"""`maintien dossier`: what leaves for a person who asks."""

import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from maintien.cli import django, francais

groupe = typer.Typer(
    name="dossier",
    cls=francais.Groupe,
    help="Produit la copie des données d'une personne, à sa demande.",
    no_args_is_help=True,
)
RIEN_FAIT = 2


@groupe.callback()
def racine() -> None:
    """Produit la copie des données d'une personne, à sa demande."""


@groupe.command("exporter", cls=francais.Commande)
def exporter(
    bailleur: Annotated[str, typer.Option("--bailleur", help="Code de l'organisme.")],
    demande: Annotated[int, typer.Option("--demande", min=1, help="Numéro de la demande, lu sur sa page.")],
    sortie: Annotated[Path, typer.Option("--sortie", help="Archive à écrire ; refusée si elle existe déjà.")],
) -> None:
    """Écrit l'archive d'une demande en cours : page à lire, JSON, écritures en CSV."""
    if sortie.exists():
        _refuser(f"{sortie} existe déjà : choisissez un autre nom.")
    if not sortie.parent.is_dir():
        _refuser(f"{sortie.parent} n'est pas un dossier : choisissez-en un qui existe.")
    django.setup_with_base()
    from maintien.apps.dossiers.erreurs import SaisieRefuseeError  # noqa: PLC0415
    from maintien.travaux.droits.sortie import DemandeInconnueError, export_demande  # noqa: PLC0415
    from maintien.travaux.ouverture import OuvertureRefuseeError, find_organisme  # noqa: PLC0415

    try:
        contenu = export_demande(find_organisme(bailleur), demande)
    except (DemandeInconnueError, OuvertureRefuseeError, SaisieRefuseeError) as refus:
        _refuser(str(refus))
    try:
        descripteur = os.open(sortie, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as erreur:
        _refuser(f"{sortie} : l'archive ne peut pas être écrite ({erreur.strerror}).")
    with os.fdopen(descripteur, "wb") as fichier:
        fichier.write(contenu)
    typer.echo(f"Archive écrite : {sortie}. Relisez-la avant de la remettre.")


def _refuser(phrase: str) -> NoReturn:
    typer.echo(phrase, err=True)
    raise typer.Exit(RIEN_FAIT)

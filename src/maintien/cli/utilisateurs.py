"""`maintien utilisateurs`: many users at once, and what only the operator of the machine may do."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from maintien.cli import django, francais

groupe = typer.Typer(
    name="utilisateurs",
    cls=francais.Groupe,
    help="Importe des utilisateurs, suspend les comptes inutilisés, rétablit un compte.",
    no_args_is_help=True,
)
RIEN_FAIT = 2

_Organisme = Annotated[str, typer.Option("--organisme", help="Code de l'organisme.")]
_Site = Annotated[
    str, typer.Option("--site", help="Adresse du site, mise devant les liens imprimés ; celle de MAINTIEN_SITE sinon.")
]


@groupe.command("importer", cls=francais.Commande)
def importer(
    fichier: Annotated[
        Path, typer.Argument(help="Fichier CSV : courriel, role, prenom, nom, secteur.", metavar="FICHIER")
    ],
    organisme: _Organisme,
    a_blanc: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--a-blanc", help="Vérifie et dit ce qui serait créé, sans rien écrire.")
    ] = False,
    site: _Site = "",
) -> None:
    """Crée les utilisateurs d'un fichier, tous ou aucun, et imprime le lien de chacun."""
    django.setup_with_base()
    from maintien.apps.organismes.utilisateurs import CompteRefuseError  # noqa: PLC0415
    from maintien.travaux.ouverture import find_organisme  # noqa: PLC0415
    from maintien.travaux.utilisateurs import FichierUtilisateursError, import_users  # noqa: PLC0415

    try:
        bilan = import_users(find_organisme(organisme), fichier.read_bytes(), a_blanc=a_blanc)
    except OSError as erreur:
        _refuser(f"Le fichier {fichier} ne peut pas être lu ({erreur.strerror}).")
    except FichierUtilisateursError as refus:
        for erreur_lue in refus.erreurs:
            typer.echo(f"{fichier.name}, {erreur_lue}", err=True)
        _refuser("Rien n'est écrit.")
    except CompteRefuseError as refus:
        _refuser(str(refus))
    verbe = "à créer" if a_blanc else "créés"
    typer.echo(f"Accès {verbe} : {len(bilan.invitations)} ; déjà connus : {bilan.deja}.")
    if not a_blanc:
        for invitation in bilan.invitations:
            adresse = invitation.appartenance.utilisateur.email
            lien = f"{_site(site)}{invitation.chemin}" if invitation.chemin else "garde le compte qu'il a déjà"
            typer.echo(f"{adresse} : {lien}")


@groupe.command("suspendre-inactifs", cls=francais.Commande)
def suspendre_inactifs(
    jours: Annotated[
        int | None,
        typer.Option("--jours", min=1, help="Jours sans connexion ; ceux de MAINTIEN_INACTIVITE_JOURS sinon."),
    ] = None,
) -> None:
    """Suspend les comptes dont personne ne se sert ; le travailleur le fait de lui-même toutes les heures."""
    django.setup_with_base()
    from maintien.apps.organismes.inactivite import suspend_inactive  # noqa: PLC0415

    typer.echo(f"Accès suspendus : {suspend_inactive(jours)}.")


@groupe.command("retablir", cls=francais.Commande)
def retablir(
    courriel: Annotated[str, typer.Argument(help="Adresse de la personne.", metavar="ADRESSE")],
    organisme: _Organisme,
    site: _Site = "",
) -> None:
    """Efface le mot de passe et les seconds facteurs d'un compte, ferme ses sessions et imprime un nouveau lien."""
    django.setup_with_base()
    from maintien.apps.organismes.enums import MotifRetablissement  # noqa: PLC0415
    from maintien.apps.organismes.models import Appartenance  # noqa: PLC0415
    from maintien.apps.organismes.utilisateurs import CompteRefuseError, reset  # noqa: PLC0415
    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415
    from maintien.travaux.ouverture import find_organisme  # noqa: PLC0415

    try:
        with organisme_scope(find_organisme(organisme)):
            membres = Appartenance.objects.select_related("utilisateur")
            membre = membres.filter(utilisateur__email=courriel.strip().lower()).first()
            if membre is None:
                _refuser(f"Personne n'a l'adresse {courriel} dans l'organisme {organisme}.")
            chemin = reset(None, membre, MotifRetablissement.ACCES_PERDU)
    except CompteRefuseError as refus:
        _refuser(str(refus))
    typer.echo(f"Compte rétabli. Lien à remettre à {courriel}, valable sept jours et une seule fois :")
    typer.echo(f"{_site(site)}{chemin}")


def _site(site: str) -> str:
    from django.conf import settings  # noqa: PLC0415

    return (site or str(settings.MAINTIEN_SITE)).rstrip("/")


def _refuser(phrase: str) -> NoReturn:
    typer.echo(phrase, err=True)
    raise typer.Exit(RIEN_FAIT)

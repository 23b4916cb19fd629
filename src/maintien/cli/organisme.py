"""`maintien organisme`: a real start, without the demonstration."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from maintien.cli import django, francais
from maintien.coeur.calendrier import DateInvalideError, format_jour, parse_jour

if TYPE_CHECKING:
    from maintien.apps.organismes.utilisateurs import Invitation

groupe = typer.Typer(
    name="organisme",
    cls=francais.Groupe,
    help="Crée un bailleur, ses secteurs et ses utilisateurs.",
    no_args_is_help=True,
)
RIEN_FAIT = 2

_Bailleur = Annotated[str, typer.Option("--bailleur", help="Code de l'organisme.")]
_Site = Annotated[
    str,
    typer.Option("--site", help="Adresse du site, mise devant le lien imprimé ; celle de MAINTIEN_SITE sinon."),
]


@groupe.command("creer", cls=francais.Commande)
def creer(
    code: Annotated[str, typer.Option("--code", help="Code court, en capitales, par exemple HTR.")],
    nom: Annotated[str, typer.Option("--nom", help="Nom de l'organisme.")],
    administrateur: Annotated[str, typer.Option("--administrateur", help="Adresse du premier administrateur.")],
    genre: Annotated[str, typer.Option("--genre", help="Genre de l'organisme.")] = "bailleur",
    site: _Site = "",
) -> None:
    """Crée un organisme et invite son premier administrateur."""
    django.setup_with_new_base()
    from maintien.travaux.ouverture import OuvertureRefuseeError, create_organisme  # noqa: PLC0415

    try:
        invitation = create_organisme(code, nom, genre, administrateur)
    except OuvertureRefuseeError as refus:
        _refuser(refus)
    typer.echo(f"Organisme {code} créé : {nom}.")
    _imprimer(invitation, site)


@groupe.command("secteur", cls=francais.Commande)
def secteur(
    bailleur: _Bailleur,
    code: Annotated[str, typer.Option("--code", help="Code du secteur.")],
    nom: Annotated[str, typer.Option("--nom", help="Nom du secteur.")],
    rattache: Annotated[
        list[str] | None,
        typer.Option(
            "--rattache", help="Ce qui en fait partie : residence=…, commune=… ou code_postal=… ; à répéter."
        ),
    ] = None,
) -> None:
    """Crée un secteur et y rattache des résidences, des communes ou des codes postaux."""
    django.setup_with_base()
    from maintien.travaux.ouverture import OuvertureRefuseeError, create_secteur, find_organisme  # noqa: PLC0415

    rattachements = [(critere, valeur) for critere, _, valeur in (texte.partition("=") for texte in rattache or [])]
    try:
        create_secteur(find_organisme(bailleur), code, nom, rattachements)
    except OuvertureRefuseeError as refus:
        _refuser(refus)
    typer.echo(f"Secteur {code} créé chez {bailleur} : {nom} ({_nombre(len(rattachements))}).")


@groupe.command("utilisateur", cls=francais.Commande)
def utilisateur(
    bailleur: _Bailleur,
    courriel: Annotated[str, typer.Option("--courriel", help="Adresse électronique, qui sert d'identifiant.")],
    role: Annotated[
        str,
        typer.Option("--role", help="recouvrement, contentieux, cesf, responsable ou administrateur."),
    ],
    secteur: Annotated[str, typer.Option("--secteur", help="Code du secteur ; tous si rien n'est dit.")] = "",
    prenom: Annotated[str, typer.Option("--prenom", help="Prénom.")] = "",
    nom: Annotated[str, typer.Option("--nom", help="Nom.")] = "",
    minutes: Annotated[
        int,
        typer.Option("--minutes", min=5, max=600, help="Minutes de sa journée pour la liste du matin."),
    ] = 120,
    site: _Site = "",
) -> None:
    """Ajoute un utilisateur, avec son rôle et son secteur."""
    django.setup_with_base()
    from maintien.travaux.ouverture import (  # noqa: PLC0415
        OuvertureRefuseeError,
        find_organisme,
        invite_utilisateur,
    )

    try:
        invitation = invite_utilisateur(
            find_organisme(bailleur), courriel, role, secteur, prenom=prenom, nom=nom, minutes=minutes
        )
    except OuvertureRefuseeError as refus:
        _refuser(refus)
    typer.echo(f"{invitation.appartenance.utilisateur.email} : {invitation.appartenance.get_role_display()}.")
    _imprimer(invitation, site)


@groupe.command("regler", cls=francais.Commande)
def regler(
    bailleur: _Bailleur,
    reglage: Annotated[str, typer.Option("--reglage", help="journal_mois ou extraction_menages.")],
    valeur: Annotated[int, typer.Option("--valeur", help="Le nombre qui vaut désormais.")],
    depuis: Annotated[str, typer.Option("--depuis", help="Premier jour, AAAA-MM-JJ ; aujourd'hui par défaut.")] = "",
) -> None:
    """Fixe, à partir d'un jour, la durée du journal ou le nombre de ménages qu'une personne exporte seule par jour."""
    django.setup_with_base()
    from django.utils import timezone  # noqa: PLC0415

    from maintien.apps.socle.enums import NomReglage  # noqa: PLC0415
    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415
    from maintien.apps.socle.reglages import ReglageRefuseError, set_value  # noqa: PLC0415
    from maintien.travaux.ouverture import OuvertureRefuseeError, find_organisme  # noqa: PLC0415

    try:
        organisme = find_organisme(bailleur)
        jour = parse_jour(depuis) if depuis else timezone.localdate()
        with organisme_scope(organisme):
            pose = set_value(NomReglage(reglage), valeur, jour)
    except (OuvertureRefuseeError, ReglageRefuseError, DateInvalideError) as refus:
        _refuser(refus)
    except ValueError:
        _refuser(ValueError(f"Le réglage « {reglage} » n'existe pas : {', '.join(NomReglage.values)}."))
    typer.echo(f"{bailleur} : {pose.get_nom_display()}, {valeur} à partir du {format_jour(jour)}.")


def _imprimer(invitation: "Invitation", site: str) -> None:
    from django.conf import settings  # noqa: PLC0415

    adresse = invitation.appartenance.utilisateur.email
    if invitation.chemin:
        typer.echo(
            f"Lien à remettre à {adresse}, valable sept jours et une seule fois, pour choisir son mot de passe :"
        )
        typer.echo(f"{(site or settings.MAINTIEN_SITE).rstrip('/')}{invitation.chemin}")
    else:
        typer.echo(f"{adresse} garde le mot de passe qu'il a déjà.")


def _nombre(rattachements: int) -> str:
    return f"{rattachements} rattachement{'s' if rattachements > 1 else ''}"


def _refuser(refus: Exception) -> NoReturn:
    typer.echo(str(refus), err=True)
    raise typer.Exit(RIEN_FAIT)

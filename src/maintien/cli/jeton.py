"""`maintien jeton`: the tokens by which programs read a landlord."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from maintien.cli import django, francais

if TYPE_CHECKING:
    from maintien.apps.organismes.models import JetonApi, Organisme, Secteur

groupe = typer.Typer(
    name="jeton",
    cls=francais.Groupe,
    help="Crée, liste et révoque les jetons de l'API.",
    no_args_is_help=True,
)
RIEN_FAIT = 2

_Bailleur = Annotated[str, typer.Option("--bailleur", help="Code de l'organisme.")]


@groupe.command("creer", cls=francais.Commande)
def creer(
    bailleur: _Bailleur,
    nom: Annotated[str, typer.Option("--nom", help="Quel logiciel l'emploie.")],
    portee: Annotated[list[str], typer.Option("--portee", help="situations:lire ou dossiers:lire ; à répéter.")],
    secteur: Annotated[str, typer.Option("--secteur", help="Code du secteur ; tous si rien n'est dit.")] = "",
    jours: Annotated[int, typer.Option("--jours", min=1, max=365, help="Durée en jours.")] = 90,
) -> None:
    """Crée un jeton et l'imprime, une seule fois."""
    django.setup_with_base()
    from maintien.apps.organismes.jetons import JetonRefuseError, create_jeton  # noqa: PLC0415
    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415

    organisme = _organisme(bailleur)
    with organisme_scope(organisme):
        lieu = _secteur(organisme, secteur)
        try:
            cree = create_jeton(nom, portee, jours=jours, secteur=lieu)
        except JetonRefuseError as refus:
            _refuser(refus)
    typer.echo(f"Jeton {cree.jeton.prefixe} créé, valable jusqu'au {cree.jeton.expire_le.isoformat()} compris.")
    typer.echo("À copier maintenant : il ne sera plus montré.")
    typer.echo(cree.texte)


@groupe.command("lister", cls=francais.Commande)
def lister(bailleur: _Bailleur) -> None:
    """Liste les jetons : préfixe, état, portées, expiration, dernier usage, nom."""
    django.setup_with_base()
    from maintien.apps.organismes.jetons import jetons  # noqa: PLC0415
    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415

    with organisme_scope(_organisme(bailleur)):
        lignes = [_ligne(jeton) for jeton in jetons()]
    typer.echo("\n".join(lignes) or f"Aucun jeton chez {bailleur}.")


@groupe.command("revoquer", cls=francais.Commande)
def revoquer(
    bailleur: _Bailleur,
    prefixe: Annotated[str, typer.Option("--prefixe", help="Les douze signes qui suivent « mnt_ ».")],
    motif: Annotated[str, typer.Option("--motif", help="fin, remplace ou perdu.")] = "fin",
) -> None:
    """Révoque un jeton, aussitôt et pour toujours."""
    django.setup_with_base()
    from maintien.apps.organismes.jetons import JetonRefuseError, find_jeton, revoke_jeton  # noqa: PLC0415
    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415

    with organisme_scope(_organisme(bailleur)):
        jeton = find_jeton(prefixe)
        if jeton is None:
            _refuser(f"Le jeton {prefixe} n'existe pas chez {bailleur} : voir « maintien jeton lister ».")
        try:
            fait = revoke_jeton(jeton, motif)
        except JetonRefuseError as refus:
            _refuser(refus)
    typer.echo(f"Jeton {prefixe} révoqué." if fait else f"Le jeton {prefixe} était déjà révoqué.")


def _ligne(jeton: "JetonApi") -> str:
    from django.utils import timezone  # noqa: PLC0415

    from maintien.apps.organismes.jetons import is_usable  # noqa: PLC0415

    etat = "révoqué" if jeton.revoque_le else "valable" if is_usable(jeton, timezone.localdate()) else "expiré"
    usage = jeton.usage_le.isoformat() if jeton.usage_le else "jamais"
    secteur = jeton.secteur.code if jeton.secteur else "tous"
    portees = ", ".join(jeton.portees)
    return (
        f"{jeton.prefixe}  {etat}  {portees}  secteur : {secteur}  expire le {jeton.expire_le.isoformat()}  "
        f"dernier usage : {usage}  {jeton.nom}"
    )


def _organisme(code: str) -> "Organisme":
    from maintien.travaux.ouverture import OuvertureRefuseeError, find_organisme  # noqa: PLC0415

    try:
        return find_organisme(code)
    except OuvertureRefuseeError as refus:
        _refuser(refus)


def _secteur(organisme: "Organisme", code: str) -> "Secteur | None":
    from maintien.apps.organismes.models import Secteur  # noqa: PLC0415

    if not code:
        return None
    secteur = Secteur.objects.filter(code=code).first()
    if secteur is None:
        _refuser(f"Le secteur {code} n'existe pas chez {organisme.code}.")
    return secteur


def _refuser(refus: object) -> NoReturn:
    typer.echo(str(refus), err=True)
    raise typer.Exit(RIEN_FAIT)

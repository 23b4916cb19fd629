"""`maintien base`: the roles of PostgreSQL, its tables, and the proof that it holds each organisme apart."""

import re
from typing import Annotated, NoReturn

import typer

from maintien.cli import django, francais

groupe = typer.Typer(
    name="base",
    cls=francais.Groupe,
    help="Prépare les rôles de PostgreSQL, met la base à jour, vérifie son cloisonnement.",
    no_args_is_help=True,
)
AVEC_FAUTES, RIEN_FAIT = 1, 2
_NOM = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_ROLES = """\
-- À passer à psql, une fois, par un superutilisateur : psql -f roles.sql
-- Les mots de passe se donnent ensuite dans psql : \\password {proprietaire}, puis \\password {application}
CREATE ROLE {proprietaire} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
CREATE ROLE {application} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
CREATE DATABASE {base} OWNER {proprietaire} ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE {base} FROM PUBLIC;
-- TEMPORARY : un import range les lignes d'un fichier dans une table à lui, qui s'efface.
GRANT CONNECT, TEMPORARY ON DATABASE {base} TO {application};
\\connect {base}
ALTER SCHEMA public OWNER TO {proprietaire};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {application};"""


@groupe.command("roles", cls=francais.Commande)
def roles(
    application: Annotated[str, typer.Option("--application", help="Rôle de l'application.")] = "maintien",
    proprietaire: Annotated[
        str, typer.Option("--proprietaire", help="Rôle qui possède les tables.")
    ] = "maintien_proprietaire",
    base: Annotated[str, typer.Option("--base", help="Nom de la base.")] = "maintien",
) -> None:
    """Écrit les ordres SQL qui créent les deux rôles et la base ; ne se connecte à rien."""
    for nom in (application, proprietaire, base):
        if not _NOM.fullmatch(nom):
            _refuser(f"« {nom} » ne peut pas être un nom ici : minuscules sans accent, chiffres et _, 63 au plus.")
    if application == proprietaire:
        _refuser("Il faut deux rôles différents : celui de l'application ne doit rien posséder.")
    typer.echo(_ROLES.format(application=application, proprietaire=proprietaire, base=base))


@groupe.command("migrer", cls=francais.Commande)
def migrer() -> None:
    """Crée les tables ou les met à jour, et remet le cloisonnement ; sur PostgreSQL, avec le rôle propriétaire."""
    django.setup()
    django.migrate()
    django.check_wall()
    typer.echo("La base est à jour.")


@groupe.command("verifier", cls=francais.Commande)
def verifier() -> None:
    """Vérifie que la base tient chaque organisme à part ; code de retour 1 si elle ne le fait pas partout."""
    django.setup_with_base(wall=False)
    from django.db import connection  # noqa: PLC0415

    from maintien.apps.socle.controles import faults  # noqa: PLC0415
    from maintien.apps.socle.mur import scoped_models  # noqa: PLC0415

    if connection.vendor != "postgresql":
        typer.echo("Base SQLite : le filtre du logiciel tient seul les organismes à part, et un fichier a un maître.")
        return
    fautes = faults(connection)
    for faute in fautes:
        typer.echo(faute)
    if fautes:
        raise typer.Exit(AVEC_FAUTES)
    typer.echo(f"La base tient chaque organisme à part : {len(scoped_models())} tables, rôle sans privilège.")


def _refuser(phrase: str) -> NoReturn:
    typer.echo(phrase, err=True)
    raise typer.Exit(RIEN_FAIT)

"""The command line speaks French: help pages and the sentences of the library that a person can meet."""

from typing import Any

from typer.core import TyperCommand, TyperGroup

_AIDE = {
    "Usage: ": "Usage : ",
    "COMMAND [ARGS]...": "COMMANDE [ARGUMENTS]...",
    "Options:": "Options :",
    "Arguments:": "Arguments :",
    "Commands:": "Commandes :",
    "Show this message and exit.": "Montre cette aide.",
    "[required]": "[obligatoire]",
    "[default: ": "[par défaut : ",
    "; required]": " ; obligatoire]",
}


def _traduire(aide: str) -> str:
    for anglais, francais in _AIDE.items():
        aide = aide.replace(anglais, francais)
    return aide


class Commande(TyperCommand):
    """A command whose help page is in French."""

    def get_help(self, ctx: Any) -> str:
        return _traduire(super().get_help(ctx))


class Groupe(TyperGroup):
    """A group of commands whose help page is in French."""

    def get_help(self, ctx: Any) -> str:
        return _traduire(super().get_help(ctx))


def phrase(erreur: Any) -> str:
    """One French sentence for a wrong use of the command line."""
    indice = erreur.param.get_error_hint() if getattr(erreur, "param", None) is not None else ""
    match type(erreur).__name__:
        case "MissingParameter":
            return f"Il manque {indice}."
        case "BadParameter":
            return f"{indice or 'Valeur'} : {_detail(erreur.message)}"
        case "NoSuchOption":
            proches = ", ".join(sorted(erreur.possibilities or ()))
            suite = f" Vouliez-vous dire {proches} ?" if proches else ""
            return f"L'option {erreur.option_name} n'existe pas.{suite}"
        case "BadOptionUsage":
            return f"L'option {erreur.option_name} attend une valeur."
        case _:
            return _detail(str(erreur.message))


def _detail(message: str) -> str:
    """The part of a library message that says what is wrong with a value; our own messages are French already."""
    for anglais, francais in (
        ("does not match the formats", "n'est pas une date au format AAAA-MM-JJ."),
        ("does not exist", "ce fichier n'existe pas."),
        ("is a directory", "c'est un dossier, il faut un fichier."),
        ("is not a valid", "la valeur n'est pas du bon type."),
        ("is not one of", "la valeur n'est pas dans la liste permise."),
        ("is not in the range", "la valeur est hors des bornes."),
        ("No such command", "Cette commande n'existe pas."),
        ("Missing command", "Il manque une commande."),
        ("unexpected extra argument", "Il y a un argument de trop."),
    ):
        if anglais in message:
            return francais
    return message

"""The command line speaks French: help pages and the sentences of the library that a person can meet."""

import re
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperGroup

# A line may be cut anywhere between two words: spaces of the library's phrases are any white space.
_AIDE = tuple(
    (re.compile(anglais), francais)
    for anglais, francais in (
        (r"^Usage: ", "Usage : "),
        (r"COMMAND \[ARGS\]\.\.\.", "COMMANDE [ARGUMENTS]..."),
        (r"(?m)^Options:$", "Options :"),
        (r"(?m)^Arguments:$", "Arguments :"),
        (r"(?m)^Commands:$", "Commandes :"),
        (r"Show(\s+)this(\s+)message(\s+)and(\s+)exit\.", "Montre cette aide."),
        (r"\[required\]", "[obligatoire]"),
        (r"\[default:(\s)", r"[par défaut :\1"),
        (r";(\s+)required\]", r" ;\1obligatoire]"),
        (r"(\d);(\s+)(\d+)<=x<=(\d+)\]", r"\1 ;\2de \3 à \4]"),
        (r"<list\[Path\]>", "<chemins>"),
        (r"<path>", "<chemin>"),
        (r"<str>", "<texte>"),
    )
)
_GENRES: dict[Any, str] = {int: "<entier>", str: "<texte>", list[str]: "<texte>", Path: "<chemin>"}


def _traduire(aide: str) -> str:
    for anglais, francais in _AIDE:
        aide = anglais.sub(francais, aide)
    return aide


class Commande(TyperCommand):
    """A command whose help page is in French."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for param in self.params:
            _nommer(param)

    def get_help(self, ctx: Any) -> str:
        return _traduire(super().get_help(ctx))


class Groupe(TyperGroup):
    """A group of commands whose help page is in French."""

    def get_help(self, ctx: Any) -> str:
        return _traduire(super().get_help(ctx))


def _nommer(param: Any) -> None:
    """The kind of value that an option takes, in French; « int range » is the library's."""
    genre = _GENRES.get(_annotation(param))
    if param.metavar is None and genre is not None:
        param.metavar = genre


def _annotation(param: Any) -> Any:
    return getattr(getattr(param, "type_descriptor", None), "annotation", None)


def phrase(erreur: Any) -> str:
    """One French sentence for a wrong use of the command line."""
    param = getattr(erreur, "param", None)
    indice = param.get_error_hint() if param is not None else ""
    match type(erreur).__name__:
        case "MissingParameter":
            return f"Il manque {indice}."
        case "BadParameter" if param is not None:
            return f"{indice} : {_attendu(param, str(erreur.message))}"
        case "NoSuchOption":
            proches = ", ".join(sorted(erreur.possibilities or ()))
            suite = f" Vouliez-vous dire {proches} ?" if proches else ""
            return f"L'option {erreur.option_name} n'existe pas.{suite}"
        case "BadOptionUsage" if "does not take a value" in str(erreur.message):
            return f"L'option {erreur.option_name} se donne seule, sans valeur."
        case "BadOptionUsage":
            return f"L'option {erreur.option_name} attend une valeur."
        case _:
            return _usage(str(erreur.message))


def _attendu(param: Any, message: str) -> str:
    """What the option takes, whatever the library found to say of the value: its words change with its versions."""
    choix = getattr(param.type_descriptor, "choices", None)
    if choix:
        return f"la valeur n'est pas dans la liste permise ({', '.join(str(un.value) for un in choix)})."
    annotation = _annotation(param)
    if annotation is int:
        return f"il faut un nombre entier{_bornes(param.min, param.max)}."
    if annotation in (Path, list[Path]):
        return _chemin(message)
    return "la valeur ne convient pas."


def _bornes(minimum: int | None, maximum: int | None) -> str:
    return "" if minimum is None or maximum is None else f" de {minimum} à {maximum}"


def _chemin(message: str) -> str:
    for anglais, francais in (
        ("does not exist", "ce fichier n'existe pas."),
        ("is a directory", "c'est un dossier, il faut un fichier."),
        ("is a file", "c'est un fichier, il faut un dossier."),
        ("is not readable", "ce fichier ne peut pas être lu : vérifiez ses droits."),
        ("is not writable", "ce fichier ne peut pas être écrit : vérifiez ses droits."),
    ):
        if anglais in message:
            return francais
    return "ce chemin ne convient pas."


def _usage(message: str) -> str:
    for anglais, francais in (
        ("No such command", "Cette commande n'existe pas."),
        ("Missing command", "Il manque une commande."),
        ("unexpected extra argument", "Il y a un argument de trop."),
    ):
        if anglais in message:
            return francais
    return "La commande n'est pas comprise."

"""Les textes des règles : des valeurs nommées, mises en français, et rien d'autre.

Un texte de règle n'est pas un gabarit : il ne contient que des noms entre accolades. Ni attribut,
ni indice, ni format, ni expression : ce qu'un bailleur écrit dans une règle n'exécute jamais rien.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from string import Formatter
from typing import Literal, TypeAlias

from maintien.coeur.calendrier import Periode, format_jour, format_mois
from maintien.coeur.montants import Centimes, format_euros

GenreValeur: TypeAlias = Literal["montant", "date", "mois", "quantite", "texte"]
"""Ce qu'un nom de texte peut désigner."""

_NOM = re.compile(r"[a-z][a-z0-9_]*")
_EN_LETTRES = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_ESPACE_FINE = "\u202f"
_INSECABLE = "\u00a0"


class TexteInvalideError(ValueError):
    """Un texte de règle qui contient autre chose que des noms entre accolades."""


@dataclass(frozen=True, slots=True)
class Montant:
    """Un montant à écrire en euros."""

    centimes: Centimes


@dataclass(frozen=True, slots=True)
class Mois:
    """Un mois civil à écrire en toutes lettres."""

    periode: Periode


@dataclass(frozen=True, slots=True)
class Quantite:
    """Un nombre et son nom, accordés : « une fois », « deux fois », « 12 mois »."""

    nombre: int
    singulier: str
    pluriel: str
    is_feminin: bool = False


Valeur: TypeAlias = Montant | Mois | Quantite | date | str
"""Une valeur nommée ; son type décide de la façon de l'écrire."""

Alternatives: TypeAlias = tuple[str, ...]
"""Plusieurs façons de le dire : la première dont toutes les valeurs sont connues est retenue."""


def nombre_en_lettres(nombre: int, *, is_feminin: bool = False) -> str:
    """Rend un nombre en lettres jusqu'à dix, en chiffres au-delà."""
    if nombre == 1:
        return "une" if is_feminin else "un"
    return _EN_LETTRES[nombre] if 0 <= nombre < len(_EN_LETTRES) else str(nombre)


def texte_valeur(valeur: Valeur) -> str:
    """Rend une valeur écrite en français."""
    match valeur:
        case Montant(centimes):
            return format_euros(centimes)
        case Mois(periode):
            return format_mois(periode)
        case Quantite(nombre, singulier, pluriel, is_feminin):
            nom = pluriel if nombre >= 2 else singulier
            return f"{nombre_en_lettres(nombre, is_feminin=is_feminin)}{_INSECABLE}{nom}"
        case date():
            return format_jour(valeur)
        case _:
            return valeur


def genre_valeur(valeur: Valeur) -> GenreValeur:
    """Rend le genre d'une valeur, tel que les prédicats le déclarent."""
    match valeur:
        case Montant():
            return "montant"
        case Mois():
            return "mois"
        case Quantite():
            return "quantite"
        case date():
            return "date"
        case _:
            return "texte"


def json_valeur(valeur: Valeur) -> dict[str, str | int]:
    """Rend une valeur lisible par une machine, avec le texte que la personne a lu."""
    genre = genre_valeur(valeur)
    match valeur:
        case Montant(centimes):
            brut: str | int = centimes
        case Mois(periode):
            brut = f"{periode // 12:04d}-{periode % 12 + 1:02d}"
        case Quantite(nombre=nombre):
            brut = nombre
        case date():
            brut = valeur.isoformat()
        case _:
            brut = valeur
    return {"genre": genre, "valeur": brut, "texte": texte_valeur(valeur)}


@cache
def noms_du_texte(texte: str) -> frozenset[str]:
    """Rend les noms qu'un texte emploie ; refuse tout ce qui n'est pas un nom seul entre accolades."""
    noms = set()
    try:
        morceaux = list(Formatter().parse(texte))
    except ValueError as erreur:
        raise TexteInvalideError("une accolade n'est pas fermée ; écrire par exemple {montant}") from erreur
    for _litteral, nom, forme, conversion in morceaux:
        if nom is None:
            continue
        if forme or conversion or _NOM.fullmatch(nom) is None:
            raise TexteInvalideError(f"« {{{nom}}} » n'est pas un nom seul ; écrire par exemple {{montant}}")
        noms.add(nom)
    return frozenset(noms)


def rendre(texte: str, valeurs: Mapping[str, Valeur]) -> str:
    """Remplace chaque nom par sa valeur, puis met les espaces et les apostrophes du français.

    Les valeurs ne sont pas relues : une accolade dans le nom d'une personne reste une accolade.
    """
    morceaux = []
    for litteral, nom in _morceaux(texte):
        morceaux.append(litteral)
        if nom is not None:
            morceaux.append(texte_valeur(valeurs[nom]))
    phrase = "".join(morceaux).strip()
    return phrase[:1].upper() + phrase[1:]


@cache
def _morceaux(texte: str) -> tuple[tuple[str, str | None], ...]:
    """Les morceaux d'un texte de règle, typographie faite, et le nom qui suit chacun."""
    return tuple((_typographie(litteral), nom) for litteral, nom, _forme, _conversion in Formatter().parse(texte))


def choisir(alternatives: Sequence[str], valeurs: Mapping[str, Valeur]) -> str:
    """Rend la première façon de le dire dont toutes les valeurs sont connues."""
    for texte in alternatives:
        if noms_du_texte(texte) <= valeurs.keys():
            return rendre(texte, valeurs)
    manquants = ", ".join(sorted(noms_du_texte(alternatives[-1]) - valeurs.keys()))
    raise TexteInvalideError(f"aucune façon de le dire : il manque {manquants}")


def jour_bref(jour: date, au: date) -> str:
    """Rend « 5 juin » dans l'année de `au`, « 5 juin 2019 » sinon."""
    texte = format_jour(jour)
    return texte.rsplit(" ", 1)[0] if jour.year == au.year else texte


def _typographie(texte: str) -> str:
    """Met l'espace fine devant ; ! ?, l'espace insécable devant : », après «, et l'apostrophe courbe."""
    texte = texte.replace("'", "’")
    texte = re.sub(r" ([;!?])", _ESPACE_FINE + r"\1", texte)
    texte = re.sub(r" ([:»])", _INSECABLE + r"\1", texte)
    return texte.replace("« ", "«" + _INSECABLE)

"""What happened to a line that does not fit its chain: changed, moved, added, or others taken away before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Any

from django.utils import timezone

from maintien.apps.socle.chaine import CHAMPS, Chaine, digest
from maintien.apps.socle.cles import CleInconnueError

# How many ranks on each side are looked at to understand; one more than a clerk would move.
VOISINES = 25


class Genre(StrEnum):
    MODIFIEE = "modifiee"
    SUPPRIMEE = "supprimee"
    AJOUTEE = "ajoutee"
    DEPLACEE = "deplacee"
    TRONQUE = "tronque"
    TETE = "tete"
    SANS_TETE = "sans_tete"
    SCEAU = "sceau"
    CLE = "cle"
    ANCRE = "ancre"


@dataclass(frozen=True, slots=True)
class Lue:
    """A line as read: what its digest covers is in `valeurs`, in the order of `CHAMPS`."""

    rang: int
    instant: datetime
    empreinte: str
    valeurs: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Faute:
    """The first difference of a chain. `instant`: of the line, or of the one that follows the missing ones."""

    genre: Genre
    premiere: int
    derniere: int
    instant: datetime | None
    precision: str = ""


_RANG = CHAMPS.index("sequence")
_SORTES = {
    Genre.MODIFIEE: "a été modifiée après avoir été écrite",
    Genre.AJOUTEE: "a été ajoutée hors du journal",
    Genre.DEPLACEE: "a été déplacée (elle avait été écrite au rang {precision})",
}


def phrase(faute: Faute) -> str:
    """What is wrong, in one sentence without its subject: the organisme and the flux come before."""
    quand = "" if faute.instant is None else timezone.localtime(faute.instant).strftime("%d/%m/%Y à %H:%M:%S")
    match faute.genre:
        case Genre.SUPPRIMEE:
            return f"{_rangs(faute)} avant la ligne du {quand}."
        case Genre.TRONQUE:
            return f"{_rangs(faute)} à la fin du journal."
        case Genre.TETE:
            return f"la tête du journal, au rang {faute.premiere}, a été modifiée."
        case Genre.SANS_TETE:
            return f"la tête du journal a été supprimée ; la dernière ligne est au rang {faute.premiere}."
        case Genre.SCEAU:
            return f"le sceau du mois {faute.precision} (lignes {faute.premiere} à {faute.derniere}) a été modifié."
        case Genre.CLE:
            return (
                f"la clé « {faute.precision} » n'est pas dans MAINTIEN_CLE_JOURNAL : remettez-la après la clé "
                "actuelle ; si elle n'a jamais existé, une ligne a été modifiée."
            )
        case Genre.ANCRE:
            return f"{faute.precision}."
        case _:
            return f"la ligne {faute.premiere}, du {quand}, {_SORTES[faute.genre].format(precision=faute.precision)}."


def _rangs(faute: Faute) -> str:
    if faute.premiere == faute.derniere:
        return f"la ligne {faute.premiere} a été supprimée"
    return f"les lignes {faute.premiere} à {faute.derniere} ont été supprimées"


def explain(chaine: Chaine, precedente: str, ligne: Lue, voisines: Sequence[Lue]) -> Faute:
    """`ligne` stands at its rank after `precedente`, and its digest is not that of what it says."""
    rang = ligne.rang
    origine = _own_rank(chaine, ligne, voisines)
    vraie = any(_fits(chaine, precedente, autre, rang) for autre in voisines if autre is not ligne)
    if origine is not None and origine != rang:
        return Faute(Genre.DEPLACEE, rang, rang, ligne.instant, str(origine))
    if vraie:
        return Faute(Genre.AJOUTEE, rang, rang, ligne.instant)
    manquantes = _shift(chaine, ligne, voisines)
    if manquantes:
        return Faute(Genre.SUPPRIMEE, rang, rang + manquantes - 1, ligne.instant)
    return Faute(Genre.MODIFIEE, rang, rang, ligne.instant)


def _own_rank(chaine: Chaine, ligne: Lue, voisines: Sequence[Lue]) -> int | None:
    """The rank at which this line was written, when it is intact and the line that it followed is near."""
    rangs = range(max(1, ligne.rang - VOISINES), ligne.rang + VOISINES + 1)
    for precedente, rang in product((autre.empreinte for autre in voisines), rangs):
        if _fits(chaine, precedente, ligne, rang):
            return rang
    return None


def _shift(chaine: Chaine, ligne: Lue, voisines: Sequence[Lue]) -> int:
    """How many ranks were closed up: the line that follows is intact, but for a rank that was lowered."""
    suivante = next((autre for autre in voisines if autre.rang == ligne.rang + 1), None)
    if suivante is None:
        return 0
    ecarts = range(1, VOISINES + 1)
    return next((e for e in ecarts if _fits(chaine, ligne.empreinte, suivante, suivante.rang + e)), 0)


def _fits(chaine: Chaine, precedente: str, ligne: Lue, rang: int) -> bool:
    valeurs = list(ligne.valeurs)
    valeurs[_RANG] = rang
    try:
        return digest(precedente, chaine[0], valeurs) == ligne.empreinte
    except (CleInconnueError, ValueError):
        return False

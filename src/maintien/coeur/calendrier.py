"""Le calendrier du compte : mois ajoutés, âges, périodes, dates en toutes lettres (conventions, C2)."""

import re
from calendar import monthrange
from datetime import date
from typing import TypeAlias

Periode: TypeAlias = int
"""Un mois civil : année x 12 + mois - 1. Deux périodes se comparent et se soustraient."""

_FORME_JOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORME_PERIODE = re.compile(r"((?!0000)[0-9]{4})-(0[1-9]|1[0-2])")
_MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


class DateInvalideError(ValueError):
    """Un texte qui n'est ni une date AAAA-MM-JJ, ni un mois AAAA-MM."""


def parse_jour(texte: str) -> date:
    """Rend le jour écrit AAAA-MM-JJ, et rien d'autre : `date.fromisoformat` accepte aussi 20200430 et 2020-W18-4."""
    if _FORME_JOUR.fullmatch(texte):
        try:
            return date.fromisoformat(texte)
        except ValueError:
            pass
    raise DateInvalideError(f"date illisible : « {texte[:40]} » ; écrire AAAA-MM-JJ, par exemple 2020-04-30")


def parse_periode(texte: str) -> Periode:
    """Rend la période d'un mois écrit AAAA-MM."""
    trouve = _FORME_PERIODE.fullmatch(texte)
    if trouve is None:
        raise DateInvalideError(f"mois illisible : « {texte[:40]} » ; écrire AAAA-MM, par exemple 2020-04")
    return int(trouve[1]) * 12 + int(trouve[2]) - 1


def format_periode(periode: Periode) -> str:
    """Rend le mois écrit AAAA-MM."""
    return f"{periode // 12:04d}-{periode % 12 + 1:02d}"


def periode_de(jour: date) -> Periode:
    """Rend le mois d'un jour."""
    return jour.year * 12 + jour.month - 1


def fin_de_mois(periode: Periode) -> date:
    """Rend le dernier jour d'un mois."""
    annee, mois = periode // 12, periode % 12 + 1
    return date(annee, mois, monthrange(annee, mois)[1])


def ajouter_mois(jour: date, nombre: int) -> date:
    """Ajoute des mois en gardant le quantième, ramené au dernier jour du mois (conventions, C2).

    31 août + 3 = 30 novembre ; 29 février 2024 + 12 = 28 février 2025. Hors du calendrier, rend la
    borne : certains progiciels écrivent 9999-12-31 pour « sans terme ».
    """
    periode = periode_de(jour) + nombre
    if periode > periode_de(date.max):
        return date.max
    if periode < periode_de(date.min):
        return date.min
    annee, mois = periode // 12, periode % 12 + 1
    return date(annee, mois, jour.day if jour.day <= 28 else min(jour.day, monthrange(annee, mois)[1]))


def age_en_mois(echeance: date, au: date) -> int:
    """Rend le plus grand nombre entier de mois m tel que échéance + m mois <= au (conventions, C2)."""
    mois = periode_de(au) - periode_de(echeance)
    return mois if ajouter_mois(echeance, mois) <= au else mois - 1


def format_jour(jour: date) -> str:
    """Rend une date en toutes lettres : « 12 octobre 2026 », « 1er octobre 2026 »."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme} {_MOIS[jour.month - 1]} {jour.year}"


def format_mois(periode: Periode) -> str:
    """Rend un mois en toutes lettres : « octobre 2026 »."""
    return f"{_MOIS[periode % 12]} {periode // 12}"


def format_de_mois(periode: Periode) -> str:
    """Rend un mois précédé de sa préposition : « d'octobre 2026 », « de juillet 2026 »."""
    mois = format_mois(periode)
    return f"d'{mois}" if mois[0] in "ao" else f"de {mois}"

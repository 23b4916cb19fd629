"""Les montants : des centimes entiers, jamais de nombre à virgule flottante."""

import re
from collections.abc import Sequence
from typing import TypeAlias

Centimes: TypeAlias = int
"""Un montant en centimes d'euro."""

# Onze chiffres d'euros : au-delà, la valeur est une erreur de fichier et non un loyer.
_FORME_PIVOT = re.compile(r"(-?)([0-9]{1,11})(?:\.([0-9]{1,2}))?")
_ESPACE_MILLIERS = "\u202f"
_ESPACE_INSECABLE = "\u00a0"
_MOINS = "\u2212"


class MontantInvalideError(ValueError):
    """Un texte qui n'est pas un montant de la forme pivot."""


def parse_montant(texte: str) -> Centimes:
    """Rend les centimes d'un montant de la forme pivot : « 1284.50 » donne 128450.

    Chiffres ASCII, point décimal, deux décimales au plus, signe moins devant. Ni espace, ni
    séparateur de milliers, ni exposant : `float` et `int` de Python les accepteraient.
    """
    trouve = _FORME_PIVOT.fullmatch(texte)
    if trouve is None:
        raise MontantInvalideError(
            f"montant illisible : « {texte[:40]} » ; écrire par exemple 1284.50 (point décimal, sans espace)"
        )
    signe, euros, decimales = trouve.groups()
    centimes = int(euros) * 100 + int((decimales or "").ljust(2, "0"))
    return -centimes if signe else centimes


def format_pivot(centimes: Centimes) -> str:
    """Rend la forme pivot d'un montant (conventions, C11) : 128450 donne « 1284.50 »."""
    signe = "-" if centimes < 0 else ""
    return f"{signe}{abs(centimes) // 100}.{abs(centimes) % 100:02d}"


def format_euros(centimes: Centimes) -> str:
    """Rend un montant pour l'écran, typographie française : « 1 284,50 € ».

    Espace fine insécable entre les milliers, espace insécable avant le signe de l'euro, vrai signe
    moins : le montant ne se coupe jamais en fin de ligne.
    """
    signe = _MOINS if centimes < 0 else ""
    euros = f"{abs(centimes) // 100:,}".replace(",", _ESPACE_MILLIERS)
    return f"{signe}{euros},{abs(centimes) % 100:02d}{_ESPACE_INSECABLE}€"


def repartir(total: Centimes, poids: Sequence[int]) -> list[Centimes]:
    """Répartit un montant en proportion des poids, au plus fort reste (conventions, C4).

    À restes égaux, le premier de la suite est servi : l'appelant la trie. La somme des parts est
    toujours égale au total.
    """
    somme = sum(poids)
    if somme <= 0 or min(poids) < 0:
        raise ValueError("la répartition demande des poids positifs dont la somme n'est pas nulle")
    entier = abs(total)
    parts = [entier * p // somme for p in poids]
    manque = entier - sum(parts)
    par_reste = sorted(range(len(poids)), key=lambda i: (-(entier * poids[i] % somme), i))
    for i in par_reste[:manque]:
        parts[i] += 1
    return parts if total >= 0 else [-part for part in parts]


def diviser_au_plus_proche(numerateur: int, denominateur: int) -> int:
    """Rend le quotient arrondi au plus proche, la moitié vers le haut, une seule fois (conventions, C8)."""
    if denominateur <= 0:
        raise ValueError("le diviseur doit être positif")
    return (2 * numerateur + denominateur) // (2 * denominateur)

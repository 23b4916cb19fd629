"""What makes a password acceptable: long, and not one that people try first. No rule on kinds of characters.

Fifteen characters: what OWASP ASVS 5 (6.2.1) and NIST SP 800-63B-4 recommend for a password that may stand alone; with
the throttling of logins it is above the 50 bits that the CNIL asks for (deliberation 2022-100 of 21 July 2022, case
2), as long as it cannot be guessed, hence the list. The CNIL no longer asks for changes at fixed dates: none here.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

LONGUEUR_MINIMALE = 15
LONGUEUR_MAXIMALE = 128
# A password made of this many known words, or fewer, is among the first that are tried.
MOTS_CONNUS_MAXIMUM = 2
_MOT_MINIMAL = 3
_LETTRES_MINIMUM = 4
_SUBSTITUTIONS = str.maketrans("@4310!5$7€", "aaeioissté")
_NOMBRE = re.compile(r"\d+")
_SIGNES = re.compile(r"[\W_]+")
_BORDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_INSTALLATION = ("maintien",)


class LongueurValidator:
    """Fifteen characters at least; 128 at most, since hashing takes a time that follows the length."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) < LONGUEUR_MINIMALE:
            raise ValidationError(
                f"Ce mot de passe est trop court : {LONGUEUR_MINIMALE} caractères au moins, il en a {len(password)}. "
                "Quatre ou cinq mots sans lien entre eux font l’affaire.",
                code="password_too_short",
            )
        if len(password) > LONGUEUR_MAXIMALE:
            raise ValidationError(
                f"Ce mot de passe est trop long : {LONGUEUR_MAXIMALE} caractères au plus.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return (
            f"{LONGUEUR_MINIMALE} caractères au moins, espaces comprises : quatre ou cinq mots sans lien entre eux, "
            "ou ce que propose un gestionnaire de mots de passe. Ni majuscule, ni chiffre, ni signe obligatoires."
        )


class CourantValidator:
    """Refuses what is made of the words that people try first: the lists, the person's own names, the house's."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        propres = own_words(user)
        if is_guessable(password, propres):
            raise ValidationError(
                "Ce mot de passe fait partie de ceux qu’on essaie en premier : des mots très courants, votre nom, une "
                "date ou une suite du clavier. Ajoutez des mots sans lien entre eux.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return "Pas une suite de mots très courants, ni votre nom, ni votre adresse."


def fold(texte: str) -> str:
    """Small letters without accents: « Été » and « ete » are tried together."""
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    return "".join(c for c in decompose if not unicodedata.combining(c))


@cache
def known_words() -> frozenset[str]:
    """Django's list and ours; read once, at the first password that somebody chooses."""
    nos_mots = _read(Path(__file__).with_name("mots_courants.txt"))
    monde = {fold(mot) for mot in CommonPasswordValidator().passwords if len(mot) > _MOT_MINIMAL}
    return frozenset(nos_mots | {mot for mot in monde if not mot.isdecimal()})


def _read(fichier: Path) -> set[str]:
    lignes = fichier.read_text(encoding="utf-8").splitlines()
    return {mot for ligne in lignes if not ligne.startswith("#") for mot in ligne.split() if len(mot) >= _MOT_MINIMAL}


def own_words(user: Any) -> frozenset[str]:
    """Names and address of the person, in pieces; a stranger who aims at somebody knows them."""
    textes: list[str] = [*_INSTALLATION]
    if user is not None:
        textes += [str(getattr(user, champ, "") or "") for champ in ("first_name", "last_name", "email")]
    mots = {mot for texte in textes for mot in re.split(r"[^a-z0-9]+", fold(texte)) if len(mot) >= _MOT_MINIMAL}
    return frozenset(mots)


def is_guessable(password: str, propres: Iterable[str] = ()) -> bool:
    """Whether it is at most two known words, repeated or not, with numbers and signs; or four letters only."""
    mots_propres = frozenset(propres)
    plie = fold(password)
    # As typed, and with the usual disguises off, between the first letter and the last: « M0tdep@sse-26! ».
    deguise = _BORDS.sub("", plie).translate(_SUBSTITUTIONS)
    lectures = {_SIGNES.sub("", texte) for texte in (plie, deguise)}
    if len(set(plie)) <= _LETTRES_MINIMUM:
        return True
    return any(_distinct_words(lecture, mots_propres) <= MOTS_CONNUS_MAXIMUM for lecture in lectures)


def _distinct_words(texte: str, propres: frozenset[str]) -> int:
    """The fewest distinct known words that, with numbers and letters repeated, make the text; else many."""
    connus = known_words() | propres
    plus_long = max(map(len, connus))
    # For each position, the smallest sets of words that lead there; a few are enough to find one of two words.
    atteints: list[set[frozenset[str]]] = [set() for _ in range(len(texte) + 1)]
    atteints[0] = {frozenset()}
    for debut in range(len(texte)):
        if not atteints[debut]:
            continue
        for fin, mot in _pieces(texte, debut, plus_long, connus):
            suite = {ensemble | {mot} if mot else ensemble for ensemble in atteints[debut]}
            atteints[fin] |= {ensemble for ensemble in suite if len(ensemble) <= MOTS_CONNUS_MAXIMUM}
    return min((len(ensemble) for ensemble in atteints[-1]), default=len(texte) + MOTS_CONNUS_MAXIMUM + 1)


def _pieces(texte: str, debut: int, plus_long: int, connus: frozenset[str]) -> Iterable[tuple[int, str]]:
    """What may be read from a position: a number and a letter repeated count for nothing, a word for one."""
    if nombre := _NOMBRE.match(texte, debut):
        yield nombre.end(), ""
    repete = debut + 1
    while repete < len(texte) and texte[repete] == texte[debut]:
        repete += 1
    yield from ((repete, ""),) if repete - debut >= _MOT_MINIMAL else ()
    for fin in range(debut + _MOT_MINIMAL, min(len(texte), debut + plus_long) + 1):
        if texte[debut:fin] in connus:
            yield fin, texte[debut:fin]

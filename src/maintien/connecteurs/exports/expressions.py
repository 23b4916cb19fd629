"""Regular expressions written by a landlord: none may hold a worker.

The standard library cannot stop a search that has begun, and `(a+)+$` on forty letters takes years. `regex` reads the
same language and gives up after a bound; only what both read alike is an expression of a profile.
"""

import re
from functools import lru_cache
from typing import Any

import regex

from maintien.connecteurs.exports.enregistrements import montrer
from maintien.connecteurs.exports.erreurs import ExpressionTropLongueError

# Of computing, for one search in one text; an honest one takes microseconds.
SECONDES = 1.0
# `a{e<=1}` is « about a » for `regex`, and five letters for Python; only `{2}`, `{2,}` and `{2,3}` repeat.
_APPROCHEE = re.compile(r"(?<!\\)\{(?![0-9]*,?[0-9]*\})[^}]*\}")
MAL_FORMEE = (re.error, regex.error, OverflowError, RecursionError)


class Expression:
    """An expression that gives up with a sentence."""

    __slots__ = ("_regle", "groups", "pattern")

    def __init__(self, texte: str, options: int = 0) -> None:
        """Raises one of `MAL_FORMEE`."""
        if _APPROCHEE.search(texte):
            raise re.error("braces")
        self.groups = re.compile(texte, options).groups
        self._regle: Any = regex.compile(texte, regex.IGNORECASE if options & re.IGNORECASE else 0)
        self.pattern = texte

    def search(self, texte: str) -> Any:
        try:
            return self._regle.search(texte, timeout=SECONDES)
        except TimeoutError:
            raise self._trop_longue(texte) from None

    def fullmatch(self, texte: str) -> Any:
        try:
            return self._regle.fullmatch(texte, timeout=SECONDES)
        except TimeoutError:
            raise self._trop_longue(texte) from None

    def remove(self, texte: str) -> str:
        """The text without what the expression finds."""
        try:
            return str(self._regle.sub("", texte, timeout=SECONDES))
        except TimeoutError:
            raise self._trop_longue(texte) from None

    def _trop_longue(self, texte: str) -> ExpressionTropLongueError:
        return ExpressionTropLongueError(
            f"l'expression « {montrer(self.pattern)} » du profil cherche trop longtemps dans « {montrer(texte)} » ; "
            "simplifiez-la, par exemple en ôtant une répétition qui en contient une autre."
        )


@lru_cache(maxsize=512)
def expression(texte: str, options: int = 0) -> Expression:
    """Compiled once: a page that shows a profile compiles it each time it is read."""
    return Expression(texte, options)

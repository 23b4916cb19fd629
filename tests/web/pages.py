"""How tests read a page: as a person does, without tags."""

import html
import re

from django.http import HttpResponse

_MUETS = re.compile(r"<(script|style|svg|template)\b.*?</\1>", re.DOTALL)
_BALISE = re.compile(r"<[^>]+>")


def texte(reponse: HttpResponse) -> str:
    """The words of a page, spaces of every kind made plain."""
    return " ".join(texte_exact(reponse).replace("\u00a0", " ").replace("\u202f", " ").split())


def texte_exact(reponse: HttpResponse) -> str:
    """The words of a page, with its non-breaking spaces; a tag is a word boundary."""
    return html.unescape(_BALISE.sub("\n", _MUETS.sub(" ", reponse.content.decode())))

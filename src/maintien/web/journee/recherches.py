"""What was typed in the search box: names of tenants. They stay in the session; an address carries a random number.

An address goes to the history of a browser, to the logs of a proxy, to whoever it is sent to: no name may stand in it.
Each search has its own number, so that the back button, the pages and two tabs show each their list.
"""

import secrets

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

CLE = "recherches"
PARAMETRE = "recherche"
LONGUEUR = 80
# Older ones are forgotten: going back to such a page shows the list without the search.
GARDEES = 20


def propre(texte: str, longueur: int) -> str:
    """Without what no name holds: PostgreSQL refuses a NUL in a text."""
    return "".join(caractere for caractere in texte if caractere.isprintable()).strip()[:longueur]


def retenir(session: SessionBase, texte: str) -> str:
    """The number under which this search is kept; empty when nothing is searched for."""
    texte = propre(texte, LONGUEUR)
    if not texte:
        return ""
    gardees: dict[str, str] = dict(session.get(CLE) or {})
    numero = next((n for n, garde in gardees.items() if garde == texte), "") or secrets.token_hex(4)
    gardees.pop(numero, None)
    gardees[numero] = texte
    session[CLE] = dict(list(gardees.items())[-GARDEES:])
    return numero


def lire(demande: QueryDict, session: SessionBase | None) -> tuple[str, str]:
    """Number and text of the search of an address; empty when there is none, or when it is of another session."""
    numero = demande.get(PARAMETRE, "")
    gardees = session.get(CLE) if session is not None else None
    texte = (gardees or {}).get(numero, "")
    return (numero, texte) if texte else ("", "")

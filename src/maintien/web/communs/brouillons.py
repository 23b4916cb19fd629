"""Drafts of what is being typed: kept in the session, on the server; nothing of it stays in the browser.

They end with the session, at logout or after its hours, and as soon as the text is saved.
"""

from django.http import HttpRequest

CLE = "brouillons"
NOMBRE_MAX = 20
LONGUEUR_MAX = 10_000


def garder(request: HttpRequest, nom: str, texte: str) -> None:
    """Keep the latest text under `nom`; the oldest drafts go when there are too many."""
    brouillons: dict[str, str] = request.session.get(CLE, {})
    brouillons.pop(nom, None)
    if texte.strip():
        brouillons[nom] = texte[:LONGUEUR_MAX]
    for ancien in list(brouillons)[:-NOMBRE_MAX]:
        del brouillons[ancien]
    request.session[CLE] = brouillons


def lire(request: HttpRequest, nom: str) -> str:
    brouillons: dict[str, str] = request.session.get(CLE, {})
    return brouillons.get(nom, "")


def oublier(request: HttpRequest, nom: str) -> None:
    if lire(request, nom):
        garder(request, nom, "")

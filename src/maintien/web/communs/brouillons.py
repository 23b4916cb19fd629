"""Drafts of what is being typed: kept in the session, on the server; nothing of it stays in the browser.

They end with the session, at logout or after its hours, and as soon as the text is saved.
"""

from django.http import HttpRequest

from maintien.coeur.textes import texte_visible

CLE = "brouillons_de_notes"
NOMBRE_MAX = 20
LONGUEUR_MAX = 10_000


def garder(request: HttpRequest, nom: str, texte: str, mur: str = "") -> None:
    """Keep the latest text under `nom`, and who is to read it; the oldest drafts go when there are too many."""
    brouillons: dict[str, dict[str, str]] = request.session.get(CLE, {})
    brouillons.pop(nom, None)
    texte = texte_visible(texte)
    if texte.strip():
        brouillons[nom] = {"texte": texte[:LONGUEUR_MAX], "mur": mur}
    for ancien in list(brouillons)[:-NOMBRE_MAX]:
        del brouillons[ancien]
    request.session[CLE] = brouillons


def lire(request: HttpRequest, nom: str) -> dict[str, str]:
    """The text and the wall of a draft; nothing where there is none."""
    brouillons: dict[str, dict[str, str]] = request.session.get(CLE, {})
    return brouillons.get(nom, {})


def oublier(request: HttpRequest, nom: str) -> None:
    if lire(request, nom):
        garder(request, nom, "")

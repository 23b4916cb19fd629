"""What views share: the member behind a request, htmx or not, drafts, answers that carry a form to correct."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import reswap, retarget

from maintien.apps.organismes.middleware import RequeteOrganisme
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import require

# A form to correct, and a form overtaken by somebody else: maintien.js shows both in place.
A_CORRIGER = 422
DEPASSE = 409


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def membre(request: HttpRequest, permission: str) -> Appartenance:
    """The membership of whoever asks, or a refusal."""
    return require(cast("RequeteOrganisme", request).appartenance, permission)


def fragment(
    request: HttpRequest, gabarit: str, contexte: dict[str, Any], *, cible: str = "", statut: int = 200
) -> HttpResponse:
    """A piece of page for htmx, put into `cible` whatever the form had aimed at."""
    reponse = render(request, gabarit, contexte, status=statut)
    patch_vary_headers(reponse, ["HX-Request"])
    if cible:
        retarget(reponse, f"#{cible}")
        reswap(reponse, "innerHTML")
        reponse["HX-Reselect"] = f"#{cible}-contenu"
    return reponse

"""Who may see what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maintien.apps.organismes.habilitations import table, versions
from maintien.web.communs.vues import membre
from maintien.web.habilitations.presentation import NIVEAUX, roles_lus


@require_GET
def habilitations(request: HttpRequest) -> HttpResponse:
    membre(request, "habilitation.voir")
    contexte = {
        "version": table().version,
        "versions": list(reversed(versions())),
        "roles": roles_lus(table()),
        "niveaux": list(NIVEAUX.values()),
    }
    return render(request, "habilitations/table.html", contexte)

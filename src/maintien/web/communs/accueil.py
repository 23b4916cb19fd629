"""The first page: whichever the role may open."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from maintien.apps.organismes.middleware import RequeteOrganisme
from maintien.web.communs.menu import page_d_accueil


@require_GET
def accueil(request: HttpRequest) -> HttpResponse:
    page = page_d_accueil(cast("RequeteOrganisme", request).appartenance)
    if page is None:
        return render(request, "communs/sans_organisme.html", status=403)
    return redirect(page)

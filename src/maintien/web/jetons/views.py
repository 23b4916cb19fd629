"""Tokens of the API: the list, a new one whose secret is shown once, one revoked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from maintien.apps.organismes.jetons import GERER, create_jeton, is_usable, revoke_jeton
from maintien.apps.organismes.jetons import jetons as tous
from maintien.apps.organismes.models import Appartenance, JetonApi, Secteur
from maintien.apps.organismes.permissions import get_or_404, visible
from maintien.web.communs.vues import A_CORRIGER, membre
from maintien.web.jetons.forms import JetonForm, RevocationForm


@require_http_methods(["GET", "POST"])
def jetons(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, GERER)
    secteurs = list(Secteur.objects.all())
    form = JetonForm(request.POST if request.method == "POST" else None)
    form.propose(secteurs)
    if request.method == "POST" and form.is_valid():
        saisi = form.cleaned_data
        cree = create_jeton(
            saisi["nom"],
            saisi["portees"],
            jours=saisi["jours"],
            secteur=next((s for s in secteurs if str(s.pk) == saisi["secteur"]), None),
            par=appartenance.utilisateur,
        )
        # Shown by this answer alone: a redirection would have to keep the secret somewhere.
        return _page(request, appartenance, _vide(), cree=cree)
    return _page(request, appartenance, form, statut=A_CORRIGER if form.errors else 200)


@require_POST
def revoquer(request: HttpRequest, pk: int) -> HttpResponse:
    appartenance = membre(request, GERER)
    jeton = get_or_404(tous(), appartenance, GERER, pk=pk)
    form = RevocationForm(request.POST)
    if not form.is_valid():
        return _page(request, appartenance, _vide(), refuse=(jeton.pk, form), statut=A_CORRIGER)
    if revoke_jeton(jeton, form.cleaned_data["motif"], par=appartenance.utilisateur):
        messages.success(request, f"Le jeton « {jeton.nom} » est révoqué : il ne lit plus rien.")
    return HttpResponseRedirect(reverse("jetons"))


def _vide() -> JetonForm:
    form = JetonForm()
    form.propose(Secteur.objects.all())
    return form


def _page(
    request: HttpRequest,
    appartenance: Appartenance,
    form: JetonForm,
    *,
    cree: Any = None,
    refuse: tuple[int, RevocationForm] | None = None,
    statut: int = 200,
) -> HttpResponse:
    lignes = [_ligne(jeton, refuse) for jeton in visible(tous(), appartenance, GERER)]
    contexte = {
        "form": form,
        "cree": cree,
        "valables": [ligne for ligne in lignes if ligne["is_valable"]],
        "finis": [ligne for ligne in lignes if not ligne["is_valable"]],
    }
    return render(request, "jetons/jetons.html", contexte, status=statut)


def _ligne(jeton: JetonApi, refuse: tuple[int, RevocationForm] | None) -> dict[str, Any]:
    form = refuse[1] if refuse is not None and refuse[0] == jeton.pk else RevocationForm(auto_id=f"id_{jeton.pk}_%s")
    return {
        "jeton": jeton,
        "portees": ", ".join(jeton.portees),
        "is_valable": is_usable(jeton, timezone.localdate()),
        "form": form,
    }

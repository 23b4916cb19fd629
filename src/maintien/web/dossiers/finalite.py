"""Why this dossier? Asked once a session before one of somebody else's portfolio, or a protected one, is shown."""

from collections.abc import Callable
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from maintien.apps.dossiers.models import Dossier
from maintien.apps.dossiers.permissions import relation_of
from maintien.apps.dossiers.selectors import find_dossier
from maintien.apps.organismes.enums import Relation
from maintien.apps.organismes.finalites import DE_LECTURE, FinaliteRequiseError, say
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.enums import Finalite
from maintien.web.communs.formulaires import ChampChoix
from maintien.web.communs.vues import A_CORRIGER, is_htmx, membre

_SUITE = "suite"
_AUTRES = [(f.value, f.label) for f in DE_LECTURE if f is not Finalite.SUIVI]


class FinaliteForm(forms.Form):
    finalite = ChampChoix(label="Pourquoi l’ouvrez-vous ?", choices=[])

    def propose(self, choix: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields["finalite"]).choices = choix


class FinaliteMiddleware:
    """Leads whoever has not said why to the page that asks, then back to where they were going."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FinaliteRequiseError):
            return None
        dossier = reverse("dossier", args=[exception.dossier])
        # A fragment is no page to come back to, and what was posted is not posted again in one's back.
        suite = request.get_full_path() if request.method == "GET" and not is_htmx(request) else dossier
        adresse = f"{reverse('dossier_finalite', args=[exception.dossier])}?{urlencode({_SUITE: suite})}"
        return HttpResponseClientRedirect(adresse) if is_htmx(request) else HttpResponseRedirect(adresse)


@require_http_methods(["GET", "POST"])
def finalite(request: HttpRequest, pk: int) -> HttpResponse:
    appartenance = membre(request, "dossier.voir")
    dossier = find_dossier(appartenance, pk)
    form = FinaliteForm(request.POST if request.method == "POST" else None)
    form.propose(_choices(appartenance, dossier))
    if request.method == "POST" and form.is_valid():
        say(appartenance, request.session, dossier.pk, Finalite(form.cleaned_data["finalite"]))
        return HttpResponseRedirect(_suite(request, dossier))
    contexte = {
        "form": form,
        "suivi_par": dossier.referent or dossier.cesf,
        "is_nomme": relation_of(appartenance, dossier) is Relation.PORTEFEUILLE,
        "suite": _suite(request, dossier),
    }
    return render(request, "dossiers/finalite.html", contexte, status=A_CORRIGER if form.errors else 200)


def _choices(appartenance: Appartenance, dossier: Dossier) -> list[tuple[str, str]]:
    """Whoever follows the household may say so; to the others that answer is not offered."""
    if relation_of(appartenance, dossier) is Relation.PORTEFEUILLE:
        return [(Finalite.SUIVI.value, Finalite.SUIVI.label), *_AUTRES]
    return _AUTRES


def _suite(request: HttpRequest, dossier: Dossier) -> str:
    """Where the person was going, when it is a page of this site."""
    demandee = request.POST.get(_SUITE) or request.GET.get(_SUITE) or ""
    if demandee.startswith("/") and url_has_allowed_host_and_scheme(demandee, allowed_hosts=None):
        return demandee
    return reverse("dossier", args=[dossier.pk])

"""Done, put off, not agreed: from a row of the list or from the dossier, with or without script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import Canal
from maintien.apps.dossiers.erreurs import DejaTraiteeError, SaisieRefuseeError
from maintien.apps.dossiers.journee import worklist
from maintien.apps.dossiers.models import Proposition
from maintien.apps.dossiers.propositions import (
    complete_proposition,
    postpone_proposition,
    refuse_proposition,
)
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import can, get_or_404
from maintien.apps.organismes.selectors import working_day
from maintien.web.communs.vues import A_CORRIGER, fragment, is_htmx, membre
from maintien.web.dossiers.actes import contact
from maintien.web.dossiers.forms import ActeForm
from maintien.web.journee.bande import bande_de, fin_de
from maintien.web.journee.filtres import lire_filtres, lire_onglet, onglets_lus
from maintien.web.journee.forms import FAIRE, ConfirmerForm, RefuserForm, ReporterForm

PERMISSION = "dossier.agir"
Executer = Callable[[Appartenance, Proposition, Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Decision:
    titre: str
    bouton: str
    merci: str
    form: type[ActeForm]
    executer: Executer


def _faire(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> None:
    """What was said is noted and the step is done, or neither."""
    noter = {Canal.APPEL: actions.record_appel, Canal.VISITE: actions.record_visite}.get(Canal(proposition.canal))
    with transaction.atomic():
        complete_proposition(appartenance, proposition)
        if noter is not None:
            noter(appartenance, proposition.dossier, **contact(saisie))
        elif saisie["texte"]:
            actions.add_note(appartenance, proposition.dossier, **saisie)


def _reporter(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> None:
    postpone_proposition(appartenance, proposition, au=saisie["au"], motif=saisie["motif"])


def _refuser(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> None:
    refuse_proposition(appartenance, proposition, motif=saisie["motif"])


DECISIONS = {
    "faire": Decision("C’est fait", "Enregistrer", "c’est noté.", ConfirmerForm, _faire),
    "reporter": Decision("Reporter à plus tard", "Reporter", "l’étape est reportée.", ReporterForm, _reporter),
    "refuser": Decision(
        "Pas d’accord avec cette étape",
        "Enregistrer",
        "votre avis est noté, il sert à corriger les règles.",
        RefuserForm,
        _refuser,
    ),
}


@require_http_methods(["GET", "POST"])
def decider(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    appartenance = membre(request, PERMISSION)
    propositions = Proposition.objects.select_related("dossier__menage")
    proposition = get_or_404(propositions, appartenance, PERMISSION, champ="dossier__secteur", pk=pk)
    choix = DECISIONS[decision]
    classe = FAIRE.get(proposition.canal, choix.form) if decision == "faire" else choix.form
    form = classe(
        request.POST if request.method == "POST" else None,
        jour_de_travail=working_day(appartenance.organisme),
        social=can(appartenance, "note_sociale.ecrire", proposition.dossier),
        prefix=f"p{pk}",
    )
    if request.method == "POST" and form.is_valid():
        try:
            choix.executer(appartenance, proposition, form.cleaned_data)
        except SaisieRefuseeError as erreur:
            form.add_error(erreur.champ if erreur.champ in form.fields else None, str(erreur))
        except DejaTraiteeError as erreur:
            messages.warning(request, str(erreur))
            return _suite(request, appartenance, proposition)
        else:
            messages.success(request, f"{proposition.dossier.menage.libelle} : {choix.merci}")
            return _suite(request, appartenance, proposition)
    return _montrer(request, proposition, decision, form)


def _depuis_le_dossier(request: HttpRequest) -> bool:
    return request.POST.get("depuis", request.GET.get("depuis")) == "dossier"


def _suite(request: HttpRequest, appartenance: Appartenance, proposition: Proposition) -> HttpResponse:
    if _depuis_le_dossier(request):
        return HttpResponseRedirect(reverse("dossier", args=[proposition.dossier_id]))
    if is_htmx(request):
        return _apres_ligne(request, appartenance)
    return redirect("journee")


def _apres_ligne(request: HttpRequest, appartenance: Appartenance) -> HttpResponse:
    """The row goes; the strip, the tabs, the message and the end of the list follow, in one answer."""
    demande = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    onglet, filtres = lire_onglet(demande), lire_filtres(demande, request.session)
    liste = worklist(appartenance, onglet, filtres)
    contexte = {
        "bande": bande_de(liste),
        "onglets": onglets_lus(appartenance, onglet, filtres),
        "fin": fin_de(liste, filtres),
        "messages": messages.get_messages(request),
        "oob": True,
    }
    return render(request, "journee/_apres.html", contexte)


def _montrer(request: HttpRequest, proposition: Proposition, decision: str, form: ActeForm) -> HttpResponse:
    choix = DECISIONS[decision]
    depuis = "dossier" if _depuis_le_dossier(request) else "journee"
    panneau = "saisie" if depuis == "dossier" else f"panneau-{proposition.pk}"
    contexte = {
        "proposition": proposition,
        "form": form,
        "titre": choix.titre,
        "bouton": choix.bouton,
        "depuis": depuis,
        "panneau": panneau,
        "adresse": reverse(f"proposition_{decision}", args=[proposition.pk]),
        "retour": reverse("dossier", args=[proposition.dossier_id]) if depuis == "dossier" else reverse("journee"),
    }
    statut = A_CORRIGER if form.is_bound else 200
    if is_htmx(request):
        return fragment(request, "journee/_decision.html", contexte, cible=panneau, statut=statut)
    return render(request, "journee/decision.html", contexte, status=statut)

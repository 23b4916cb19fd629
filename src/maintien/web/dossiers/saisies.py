"""The acts on a dossier and on its household. In place with htmx, as a page without script."""

import re
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from maintien.apps.dossiers.actions import DOSSIER_CLOS, close_pause
from maintien.apps.dossiers.enums import EtatDossier, MurNote
from maintien.apps.dossiers.erreurs import ConflitError, SaisieRefuseeError
from maintien.apps.dossiers.models import Dossier, Pause
from maintien.apps.dossiers.permissions import can
from maintien.apps.dossiers.selectors import dossier_detail, get_dossier
from maintien.apps.dossiers.voisins import voisins
from maintien.apps.organismes.middleware import RequeteOrganisme
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.selectors import working_day
from maintien.apps.socle import journal
from maintien.web.communs import brouillons
from maintien.web.communs.vues import A_CORRIGER, DEPASSE, fragment, is_htmx, membre
from maintien.web.dossiers.actes import ACTES, ACTES_SUR_CLOS, Acte
from maintien.web.dossiers.forms import MUR_INTERDIT, ActeForm
from maintien.web.dossiers.forms_rapprochements import RapprocherForm
from maintien.web.dossiers.relecture import garder
from maintien.web.dossiers.views import page_ensemble

PANNEAU = "saisie"
_NOMBRE = re.compile("[0-9]{1,9}")


@require_http_methods(["GET", "POST"])
def saisir(request: HttpRequest, pk: int, acte: str) -> HttpResponse:
    choix = ACTES[acte]
    dossier = get_dossier(cast("RequeteOrganisme", request).appartenance, pk, choix.permission)
    appartenance = membre(request, choix.permission)
    if request.method == "POST" and "lever" in request.POST:
        return _lever(request, appartenance, dossier)
    if request.method == "POST" and "brouillon" in request.POST:
        return _brouillon(request, appartenance, dossier, choix)
    form = _form(request, appartenance, dossier, choix)
    if request.method != "POST":
        if dossier.etat != EtatDossier.OUVERT and acte not in ACTES_SUR_CLOS:
            return _refuser_clos(request, dossier)
        return _montrer(request, dossier, choix, form)
    return _enregistrer(request, appartenance, dossier, choix, form)


def _enregistrer(
    request: HttpRequest, appartenance: Appartenance, dossier: Dossier, choix: Acte, form: ActeForm
) -> HttpResponse:
    if not form.is_valid():
        return _montrer(request, dossier, choix, form, statut=A_CORRIGER)
    saisie = form.saisie_unique(dossier.pk)
    try:
        with journal.atomic():
            choix.executer(appartenance, dossier, saisie)
            garder(appartenance, dossier.menage, form.relecture, saisie.get("cle", ""))
    except SaisieRefuseeError as erreur:
        form.add_error(erreur.champ if erreur.champ in form.fields else None, str(erreur))
        return _montrer(request, dossier, choix, form, statut=A_CORRIGER)
    except ConflitError as conflit:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = str(conflit.version)  # type: ignore[index]
        return _montrer(request, dossier, choix, form, conflit=str(conflit), statut=DEPASSE)
    brouillons.oublier(request, _nom_brouillon(dossier, choix))
    messages.success(request, choix.merci)
    # Whoever hides a household from himself is led where he may go.
    return redirect("dossier", dossier.pk) if can(appartenance, "dossier.voir", dossier) else redirect("accueil")


def _refuser_clos(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """No form that would be refused: an old page, or an old link, leads back to the dossier."""
    messages.warning(request, DOSSIER_CLOS)
    adresse = reverse("dossier", args=[dossier.pk])
    return HttpResponseClientRedirect(adresse) if is_htmx(request) else redirect(adresse)


def _lever(request: HttpRequest, appartenance: Appartenance, dossier: Dossier) -> HttpResponse:
    """Lift a running pause: one button, no form."""
    pk, version = (request.POST.get(nom, "") for nom in ("lever", "version"))
    if not all(_NOMBRE.fullmatch(valeur) for valeur in (pk, version)):
        raise SuspiciousOperation("Formulaire de pause incomplet.")
    pause = get_object_or_404(Pause, pk=int(pk), dossier=dossier)
    try:
        close_pause(appartenance, pause, jour=working_day(appartenance.organisme), version=int(version))
    except (SaisieRefuseeError, ConflitError) as erreur:
        messages.warning(request, str(erreur))
    else:
        messages.success(request, "La pause est levée.")
    return redirect("dossier", dossier.pk)


def _brouillon(request: HttpRequest, appartenance: Appartenance, dossier: Dossier, choix: Acte) -> HttpResponse:
    texte, mur = (request.POST.get(nom, "") for nom in ("texte", "mur"))
    if mur not in ("", MurNote.COMMUN) and not can(appartenance, "note_sociale.ecrire", dossier):
        return HttpResponse(MUR_INTERDIT, status=A_CORRIGER, content_type="text/plain; charset=utf-8")
    brouillons.garder(request, _nom_brouillon(dossier, choix), texte, mur if mur in MurNote.values else "")
    return HttpResponse("Brouillon gardé")


def _nom_brouillon(dossier: Dossier, choix: Acte) -> str:
    return f"{dossier.pk}/{choix.cle}"


def _form(request: HttpRequest, appartenance: Appartenance, dossier: Dossier, choix: Acte) -> ActeForm:
    social = can(appartenance, "note_sociale.ecrire", dossier)
    initial: dict[str, Any] = {"version": dossier.version}
    brouillon = brouillons.lire(request, _nom_brouillon(dossier, choix)) if choix.form.brouillon else {}
    # Written behind the social wall, a draft is not proposed where it would be open to all.
    if brouillon and (social or brouillon["mur"] != MurNote.SOCIAL):
        # Taken up without its wall, a draft is proposed on the closed side.
        initial |= {"texte": brouillon["texte"], "mur": brouillon["mur"] or MurNote.SOCIAL}
    if choix.cle == "cause":
        initial |= {"cause": dossier.cause, "source": dossier.cause_source}
    if choix.cle == "reattribuer":
        initial |= {"referent": dossier.referent_id, "cesf": dossier.cesf_id}
    form = choix.form(
        request.POST if request.method == "POST" else None,
        initial=initial,
        jour_de_travail=working_day(appartenance.organisme),
        social=social,
    )
    form.prepare(dossier)
    if isinstance(form, RapprocherForm):
        form.offer(voisins(appartenance, dossier))
    if choix.form.brouillon:
        form.fields["texte"].widget.attrs |= _garde_automatique(dossier, choix)
    return form


def _garde_automatique(dossier: Dossier, choix: Acte) -> dict[str, str]:
    """htmx attributes by which the text being typed, and who will read it, are kept on the server."""
    return {
        "hx-post": reverse(choix.url, args=[dossier.pk]),
        "hx-trigger": "input changed delay:800ms, change from:closest form delay:800ms",
        "hx-vals": '{"brouillon": "1"}',
        "hx-target": "#etat-brouillon",
        "hx-swap": "innerHTML",
        "hx-select": "unset",
        "hx-select-oob": "unset",
        "hx-disabled-elt": "unset",
        "hx-sync": "closest form:drop",
        "data-brouillon": "",
    }


def _montrer(
    request: HttpRequest, dossier: Dossier, choix: Acte, form: ActeForm, *, conflit: str = "", statut: int = 200
) -> HttpResponse:
    saisie = {
        "adresse": reverse(choix.url, args=[dossier.pk]),
        "titre": choix.titre,
        "bouton": choix.bouton,
        "form": form,
        "conflit": conflit,
        "retour": reverse("dossier", args=[dossier.pk]),
        "brouillon": choix.form.brouillon,
    }
    if is_htmx(request):
        return fragment(request, "dossiers/_saisie.html", {"saisie": saisie}, cible=PANNEAU, statut=statut)
    detail = dossier_detail(cast("RequeteOrganisme", request).appartenance, dossier.pk)
    return page_ensemble(request, detail, saisie, statut)

"""« Mon compte »: name, password, second factor, sessions."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maintien.apps.organismes import facteurs, sessions
from maintien.apps.organismes.models import Utilisateur
from maintien.apps.organismes.utilisateurs import CompteRefuseError, check_fields
from maintien.coeur.textes import texte_visible
from maintien.web.communs.vues import A_CORRIGER


class NomForm(forms.Form):
    prenom = forms.CharField(
        label="Prénom",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Indiquez votre prénom."},
    )
    nom = forms.CharField(
        label="Nom",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Indiquez votre nom."},
    )


def _personne(request: HttpRequest) -> Utilisateur:
    return cast("Utilisateur", request.user)


@require_http_methods(["GET", "POST"])
def mon_compte(request: HttpRequest) -> HttpResponse:
    personne = _personne(request)
    form = NomForm(request.POST or None, initial={"prenom": personne.first_name, "nom": personne.last_name})
    if request.method == "POST":
        form = NomForm(request.POST)
        if form.is_valid() and _rename(personne, form):
            messages.success(request, "Votre nom est enregistré.")
            return redirect("mon_compte")
    contexte = {
        "form": form,
        "personne": personne,
        "facteurs": facteurs.read_factors(personne),
        "is_obligatoire": facteurs.is_required(),
        "sessions": sessions.list_sessions(personne, request.session.session_key),
    }
    return render(request, "profil/mon_compte.html", contexte, status=A_CORRIGER if form.is_bound else 200)


def _rename(personne: Utilisateur, form: NomForm) -> bool:
    personne.first_name = texte_visible(form.cleaned_data["prenom"])
    personne.last_name = texte_visible(form.cleaned_data["nom"])
    try:
        check_fields(personne)
    except CompteRefuseError as refus:
        form.add_error(None, str(refus))
        personne.refresh_from_db(fields=["first_name", "last_name"])
        return False
    personne.save(update_fields=["first_name", "last_name"])
    return True


@require_POST
def fermer(request: HttpRequest, pk: int) -> HttpResponse:
    if not sessions.end_session(_personne(request), pk):
        raise Http404
    messages.success(request, "La session est fermée.")
    return redirect("mon_compte")


@require_POST
def fermer_autres(request: HttpRequest) -> HttpResponse:
    sessions.end_sessions(_personne(request), sauf=request.session.get(sessions.SUIVIE))
    messages.success(request, "Toutes les autres sessions sont fermées.")
    return redirect("mon_compte")

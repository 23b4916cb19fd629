"""What the administrator does to one user; each answer goes back to the page of the user."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from maintien.apps.organismes import utilisateurs
from maintien.apps.organismes.courriels import send_invitation
from maintien.apps.organismes.enums import MotifReouverture, MotifRetablissement, MotifSuspension
from maintien.apps.organismes.invitations import DUREE_JOURS
from maintien.apps.organismes.models import Appartenance
from maintien.web.administration.forms import LienForm, ReouvertureForm, RetablissementForm, RoleForm, SuspensionForm
from maintien.web.administration.views import fiche, trouver

_Faire = Callable[[Appartenance, Appartenance, dict[str, Any]], str]


def _acte(request: HttpRequest, pk: int, nom: str, forme: type[forms.Form], faire: _Faire) -> HttpResponse:
    """Read the form, do, say what was done; a refusal is a sentence on top of the page."""
    moi, trouve = trouver(request, pk)
    saisie = forme(request.POST, organisme=moi.organisme) if issubclass(forme, RoleForm) else forme(request.POST)
    if not saisie.is_valid():
        return fiche(request, moi, trouve, **{nom: saisie})
    try:
        messages.success(request, faire(moi, trouve, saisie.cleaned_data))
    except utilisateurs.CompteRefuseError as refus:
        messages.warning(request, str(refus))
    return redirect("utilisateur", trouve.pk)


@require_POST
def role(request: HttpRequest, pk: int) -> HttpResponse:
    def faire(moi: Appartenance, trouve: Appartenance, saisi: dict[str, Any]) -> str:
        if utilisateurs.change_role(moi, trouve, saisi["role"], saisi["secteur"]):
            return (
                "Le rôle est changé et les sessions sont fermées : la personne se reconnecte avec ses nouveaux droits."
            )
        return "Rien n’a changé : c’est déjà ce rôle et ce secteur."

    return _acte(request, pk, "forme_role", RoleForm, faire)


@require_POST
def suspendre(request: HttpRequest, pk: int) -> HttpResponse:
    def faire(moi: Appartenance, trouve: Appartenance, saisi: dict[str, Any]) -> str:
        utilisateurs.suspend(moi, trouve, MotifSuspension(saisi["motif"]))
        return "L’accès est suspendu et les sessions sont fermées."

    return _acte(request, pk, "forme_suspension", SuspensionForm, faire)


@require_POST
def reactiver(request: HttpRequest, pk: int) -> HttpResponse:
    def faire(moi: Appartenance, trouve: Appartenance, saisi: dict[str, Any]) -> str:
        utilisateurs.reactivate(moi, trouve, MotifReouverture(saisi["motif"]))
        return "L’accès est rouvert."

    return _acte(request, pk, "forme_reouverture", ReouvertureForm, faire)


@require_POST
def lien(request: HttpRequest, pk: int) -> HttpResponse:
    def faire(moi: Appartenance, trouve: Appartenance, _: dict[str, Any]) -> str:
        return send_link(request, trouve, utilisateurs.renew_link(moi, trouve))

    return _acte(request, pk, "forme_lien", LienForm, faire)


@require_POST
def retablir(request: HttpRequest, pk: int) -> HttpResponse:
    def faire(moi: Appartenance, trouve: Appartenance, saisi: dict[str, Any]) -> str:
        chemin = utilisateurs.reset(moi, trouve, MotifRetablissement(saisi["motif"]))
        parti = send_link(request, trouve, chemin)
        return f"Le compte est rétabli : plus de mot de passe, de second facteur ni de session. {parti}"

    return _acte(request, pk, "forme_retablissement", RetablissementForm, faire)


def send_link(request: HttpRequest, membre: Appartenance, chemin: str) -> str:
    """The link goes to the person; the administrator is told that it went."""
    send_invitation(membre.utilisateur, membre.organisme, request.build_absolute_uri(chemin), DUREE_JOURS)
    return f"Un lien valable {DUREE_JOURS} jours est parti à {membre.utilisateur.email}."

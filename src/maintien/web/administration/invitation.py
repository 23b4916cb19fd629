"""Invite one person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maintien.apps.organismes import utilisateurs
from maintien.apps.organismes.courriels import tell_access
from maintien.web.administration.actes import send_link
from maintien.web.administration.forms import InvitationForm
from maintien.web.communs.vues import A_CORRIGER, membre


@require_http_methods(["GET", "POST"])
def inviter(request: HttpRequest) -> HttpResponse:
    moi = membre(request, utilisateurs.GERER)
    form = InvitationForm(request.POST if request.method == "POST" else None, organisme=moi.organisme)
    if form.is_bound and form.is_valid():
        saisi = form.cleaned_data
        try:
            invitation = utilisateurs.invite(
                saisi["courriel"],
                saisi["role"],
                saisi["secteur"],
                prenom=saisi["prenom"],
                nom=saisi["nom"],
                acteur=moi,
            )
        except utilisateurs.CompteRefuseError as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"L’accès est créé. {announce(request, invitation)}")
            return redirect("utilisateurs")
    statut = A_CORRIGER if form.is_bound else 200
    return render(request, "administration/inviter.html", {"form": form}, status=statut)


def announce(request: HttpRequest, invitation: utilisateurs.Invitation) -> str:
    """By e-mail: the link, or, to somebody who has an account already, that there is one more door."""
    appartenance = invitation.appartenance
    if invitation.chemin:
        return send_link(request, appartenance, invitation.chemin)
    tell_access(appartenance.utilisateur, appartenance.organisme)
    return f"{appartenance.utilisateur.email} garde le compte qu’il a déjà, et en est prévenu."

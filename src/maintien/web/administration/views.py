"""Users of the organisme: the list, and one of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import AccesRefuseError
from maintien.apps.organismes.utilisateurs import GERER
from maintien.web.administration.forms import LienForm, ReouvertureForm, RetablissementForm, RoleForm, SuspensionForm
from maintien.web.administration.presentation import read_members
from maintien.web.communs.vues import A_CORRIGER, membre

PAR_PAGE = 50


@require_GET
def utilisateurs(request: HttpRequest) -> HttpResponse:
    moi = membre(request, GERER)
    membres = Appartenance.objects.select_related("utilisateur", "secteur").order_by(
        "-actif", "utilisateur__last_name", "utilisateur__first_name", "utilisateur__email"
    )
    page = Paginator(membres, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "utilisateurs": read_members(list(page), moi)}
    return render(request, "administration/utilisateurs.html", contexte)


def trouver(request: HttpRequest, pk: int) -> tuple[Appartenance, Appartenance]:
    """The administrator, and the member asked for; absent and foreign are one and the same."""
    moi = membre(request, GERER)
    trouve = Appartenance.objects.select_related("utilisateur", "secteur").filter(pk=pk).first()
    if trouve is None:
        raise AccesRefuseError(GERER)
    return moi, trouve


@require_GET
def utilisateur(request: HttpRequest, pk: int) -> HttpResponse:
    return fiche(request, *trouver(request, pk))


def fiche(request: HttpRequest, moi: Appartenance, trouve: Appartenance, **formes: Any) -> HttpResponse:
    """One user; `formes` replaces a form by the one to correct."""
    [lu] = read_members([trouve], moi)
    contexte: dict[str, Any] = {
        "lu": lu,
        "membre": trouve,
        "sans_mot_de_passe": not trouve.utilisateur.has_usable_password(),
        "forme_role": RoleForm.of(trouve),
        "forme_suspension": SuspensionForm(),
        "forme_reouverture": ReouvertureForm(),
        "forme_retablissement": RetablissementForm(),
        "forme_lien": LienForm(),
    }
    contexte |= formes
    return render(request, "administration/utilisateur.html", contexte, status=A_CORRIGER if formes else 200)

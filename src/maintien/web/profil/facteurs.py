"""Second factor: the page that asks for one, and the removal of a key, which the library would always allow."""

from typing import Any

from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from maintien.apps.organismes import facteurs
from maintien.apps.organismes.adaptateur import FacteurAdapter
from maintien.apps.organismes.models import Utilisateur


@require_GET
def choisir(request: HttpRequest) -> HttpResponse:
    """Where somebody without a second factor is led; who has one has nothing to do here."""
    if isinstance(request.user, Utilisateur) and facteurs.has_factor(request.user):
        return redirect("mon_compte")
    return render(request, "profil/facteur_choisir.html", {"is_obligatoire": facteurs.is_required()})


class RetirerCle(RemoveWebAuthnView):  # type: ignore[misc]
    """Refused when nothing would be left and something must be."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *arguments: Any, **mots: Any) -> HttpResponse:
        return self._refuse() or super().get(request, *arguments, **mots)

    def post(self, request: HttpRequest, *arguments: Any, **mots: Any) -> HttpResponse:
        return self._refuse() or super().post(request, *arguments, **mots)

    def _refuse(self) -> HttpResponse | None:
        if facteurs.can_remove(self.get_object()):
            return None
        messages.warning(self.request, str(FacteurAdapter.error_messages["cannot_delete_authenticator"]))
        return redirect("mon_compte")


retirer_cle = RetirerCle.as_view()

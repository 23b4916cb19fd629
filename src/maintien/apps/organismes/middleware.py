"""Enters the scope of the logged-in user's organisme; whoever has none works without scope and reads nothing."""

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views.defaults import permission_denied

from maintien.apps.organismes import finalites
from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.apps.organismes.selectors import current_membership
from maintien.apps.socle.origine import origin_of
from maintien.apps.socle.portee import ScopeError, organisme_scope

CLE_SESSION = "appartenance"


class RequeteOrganisme(HttpRequest):
    """A request as the views see it: with the membership that the middleware found."""

    appartenance: Appartenance | None


class OrganismeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        appartenance = None
        utilisateur = request.user
        if isinstance(utilisateur, Utilisateur):
            appartenance = current_membership(utilisateur, request.session.get(CLE_SESSION))
        request.appartenance = appartenance  # type: ignore[attr-defined]
        role = "" if appartenance is None else appartenance.role
        if appartenance is not None:
            finalites.bind(appartenance, request.session)
        portee = nullcontext() if appartenance is None else organisme_scope(appartenance.organisme)
        with portee, origin_of(request, role):
            response = self.get_response(request)
        # What one user saw stays neither in the browser's cache nor behind the « back » button of a shared desk: the
        # pages of the person, the refusals and what is downloaded too. Before and after, since logging in is a page.
        if utilisateur.is_authenticated or request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A user without organisme who asks for scoped rows is refused, where a program without scope is an error."""
        if isinstance(exception, ScopeError) and getattr(request, "appartenance", None) is None:
            return permission_denied(request, exception)
        return None

"""Guards of every request: a session that is over is nobody's; without a second factor, only what gives one."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maintien.apps.organismes import facteurs, sessions
from maintien.apps.organismes.models import Utilisateur

# What somebody without a second factor may open: to take one, to leave, and what is theirs alone.
SANS_FACTEUR = frozenset(
    {
        "facteur_choisir",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_list_webauthn",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_logout",
        "account_change_password",
        "account_set_password",
        "mon_compte",
        "session_fermer",
        "sessions_fermer",
    }
)


class DureeSessionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connecte = isinstance(request.user, Utilisateur)
        if connecte and sessions.is_over(request.session):
            logout(request)
            connecte = False
        if connecte:
            sessions.touch(request.session)
        reponse = self.get_response(request)
        if connecte and sessions.OUVERTE in request.session:
            sessions.follow_key(request.session)
            sessions.touch(request.session)
        return reponse


class SecondFacteurMiddleware:
    """Where a second factor is compulsory, it comes first. Tokens of the API have no session: no concern of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, arguments: Any, mots: Any) -> HttpResponse | None:
        if not facteurs.is_required() or not isinstance(request.user, Utilisateur):
            return None
        page = request.resolver_match.url_name if request.resolver_match else None
        if page in SANS_FACTEUR or facteurs.is_satisfied(request, request.user):
            return None
        if request.headers.get("HX-Request"):
            # A fragment cannot hold the page of enrolment: the whole page goes there.
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("facteur_choisir")})
        return redirect("facteur_choisir")

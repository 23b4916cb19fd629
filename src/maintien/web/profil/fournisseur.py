"""Login by the identity provider: away, and back. A refusal is one sentence on the screen, its cause in the log."""

import hmac
import logging
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from maintien.apps.organismes import fournisseur
from maintien.apps.organismes.adaptateur import CLE_ETAPE_FOURNISSEUR
from maintien.connecteurs.oidc.client import ClientOidc, Identite
from maintien.connecteurs.oidc.reglages import OidcError, ReglagesOidc

_CLE = "oidc_depart"
_DUREE_SECONDES = 600
REFUSE = 403
_journal = logging.getLogger("maintien.fournisseur")


def _reglages() -> ReglagesOidc:
    reglages = fournisseur.reglages_oidc()
    if reglages is None:
        raise Http404
    return reglages


def _client(request: HttpRequest) -> ClientOidc:
    return ClientOidc(_reglages(), request.build_absolute_uri(reverse("fournisseur_revenir")))


@never_cache
@login_not_required
@require_GET
def partir(request: HttpRequest) -> HttpResponse:
    client = _client(request)
    if request.user.is_authenticated:
        return redirect("accueil")
    if trop := _too_many(request):
        return trop
    try:
        depart = client.start()
    except OidcError as erreur:
        return _refuse(request, erreur)
    request.session[_CLE] = {
        "etat": depart.etat,
        "nonce": depart.nonce,
        "verificateur": depart.verificateur,
        "le": int(timezone.now().timestamp()),
    }
    return HttpResponseRedirect(depart.adresse)


@never_cache
@login_not_required
@require_GET
def revenir(request: HttpRequest) -> HttpResponse:
    client = _client(request)
    if request.user.is_authenticated:
        return redirect("accueil")
    if trop := _too_many(request):
        return trop
    # Taken away at once: the same answer does not count twice.
    depart = request.session.pop(_CLE, None)
    try:
        identite = _identite(request, client, depart)
        utilisateur = fournisseur.find_user(identite)
        fournisseur.apply_rules(utilisateur, identite)
    except OidcError as erreur:
        return _refuse(request, erreur)
    fournisseur.remember(request, utilisateur, identite)
    record_authentication(request, utilisateur, method="fournisseur")
    etat = {CLE_ETAPE_FOURNISSEUR: fournisseur.vouches_for_second_factor(identite)}
    reponse: HttpResponse = perform_login(request, Login(user=utilisateur, email=utilisateur.email, state=etat))
    return reponse


def _too_many(request: HttpRequest) -> HttpResponse | None:
    """Each login costs requests to the provider: a network address has as many as for logins by password."""
    if ratelimit.consume(request, app="allauth.account", action="login", limit_get=True):
        return None
    trop: HttpResponse = ratelimit.respond_429(request)
    return trop


def _identite(request: HttpRequest, client: ClientOidc, depart: dict[str, Any] | None) -> Identite:
    recu = request.GET
    if depart is None or timezone.now().timestamp() - depart["le"] > _DUREE_SECONDES:
        raise OidcError("aucune connexion n'attend ici, ou elle a attendu plus de dix minutes")
    if not hmac.compare_digest(recu.get("state", "").encode(), depart["etat"].encode()):
        raise OidcError("l'état n'est pas celui de cette connexion")
    if "iss" in recu and recu["iss"] != client.reglages.emetteur:
        raise OidcError("la réponse vient d'un autre émetteur")
    if "error" in recu:
        raise OidcError(f"le fournisseur répond {recu['error'][:60]!r}")
    if not recu.get("code"):
        raise OidcError("la réponse n'a pas de code")
    return client.finish(recu["code"], depart["nonce"], depart["verificateur"])


def _refuse(request: HttpRequest, erreur: OidcError) -> HttpResponse:
    _journal.warning("Connexion par le fournisseur refusée : %s", erreur)
    return render(request, "profil/fournisseur_refus.html", {"fournisseur": _reglages().nom}, status=REFUSE)

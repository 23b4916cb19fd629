"""How login behaves: accounts are made by the landlord's administrator, nobody signs up, and French is spoken."""

import base64
import secrets
import time
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from maintien.apps.organismes import courriels, facteurs, fournisseur
from maintien.apps.organismes.qr import qr_svg
from maintien.apps.organismes.selectors import is_closed

APPAREIL = "maintien_appareil"
_APPAREIL_SECONDES = 90 * 24 * 3600
CLE_ETAPE_FOURNISSEUR = "second_facteur_du_fournisseur"

# Prefix of the library's message -> what is told to the person.
_CHANGEMENTS = {
    "account/email/password_changed": "Votre mot de passe a été changé.",
    "account/email/password_reset": "Un nouveau mot de passe a été choisi, par « Mot de passe oublié ».",
    "account/email/password_set": "Un mot de passe a été choisi.",
    "mfa/email/totp_activated": "Une application d’authentification a été ajoutée à votre compte.",
    "mfa/email/totp_deactivated": "L’application d’authentification a été retirée de votre compte.",
    "mfa/email/webauthn_added": "Une clé d’accès a été ajoutée à votre compte.",
    "mfa/email/webauthn_removed": "Une clé d’accès a été retirée de votre compte.",
    "mfa/email/recovery_codes_generated": "De nouveaux codes de secours ont été tirés ; les anciens ne valent plus.",
}


class CompteAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": (
            "Trop de mots de passe faux : attendez cinq minutes, puis recommencez. Choisir un nouveau mot de passe, "
            "par « Mot de passe oublié », rouvre le compte aussitôt."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **suite: Any) -> HttpResponse | None:
        reponse: HttpResponse | None = super().pre_login(request, user, **suite)
        if reponse is None and is_closed(user):
            return HttpResponseRedirect(reverse("account_inactive"))
        return reponse

    def post_login(self, request: HttpRequest, user: Any, **suite: Any) -> HttpResponse:
        """A device on which somebody got in has its own count of failures from then on."""
        reponse: HttpResponse = super().post_login(request, user, **suite)
        reponse.set_signed_cookie(
            APPAREIL,
            f"{_trace(user.email)}:{secrets.token_urlsafe(16)}",
            salt=APPAREIL,
            max_age=_APPAREIL_SECONDES,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return reponse

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What failures are counted under: the account for all strangers, the account and the device for a known one.

        So that whoever knows an address can hold back other strangers, and never its owner on the usual computer.
        """
        cle: str = super()._get_login_attempts_cache_key(request, **credentials)
        proprietaire, _, appareil = str(request.get_signed_cookie(APPAREIL, "", salt=APPAREIL)).partition(":")
        adresse = credentials.get("email", credentials.get("username", ""))
        return f"{cle}:{appareil}" if appareil and proprietaire == _trace(adresse) else cle

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A new password reopens the account everywhere."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        for_strangers = super()._get_login_attempts_cache_key(request, **credentials)
        ratelimit.clear(request, app="allauth.account", action="login_failed", key=for_strangers)

    def is_reauthentication_required(self, *, app: str, **suite: Any) -> bool:
        """Not when the password, or the factor, was given within the last five minutes, by logging in or otherwise."""
        releves = get_authentication_records(context.request, context.request.user)
        instant = time.time()
        return not any(instant - releve["at"] < REAUTHENTICATION_TIMEOUT for releve in releves)

    def get_login_stages(self) -> list[str]:
        remplacees = {"allauth.mfa.stages.AuthenticateStage": "maintien.apps.organismes.adaptateur.SecondFacteurStage"}
        return [remplacees.get(chemin, chemin) for chemin in super().get_login_stages()]

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return fournisseur.logout_address(request) or super().get_logout_redirect_url(request)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        courriels.tell_change(user, _CHANGEMENTS[template_prefix])

    def add_message(self, request: HttpRequest, level: int, message_template: Any = None, *a: Any, **s: Any) -> None:
        """« Connexion réussie » says nothing that the page does not say."""
        if message_template != "account/messages/logged_in.txt":
            super().add_message(request, level, message_template, *a, **s)


class SecondFacteurStage(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second factor, unless the provider, if settings trust it for that, has already asked for one."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not self.login.state.get(CLE_ETAPE_FOURNISSEUR) and bool(super()._should_handle(request))


class FacteurAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": (
            "C’est votre dernier second facteur, et il en faut un : ajoutez-en d’abord un autre."
        ),
        "cannot_generate_recovery_codes": "Ajoutez d’abord une application ou une clé d’accès.",
        "incorrect_code": (
            "Ce code n’est pas le bon, ou il a déjà servi : attendez le suivant, et vérifiez l’heure du téléphone."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url)

    def encrypt(self, text: str) -> str:
        """A copy of the database alone gives nobody's codes."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValidationError(
                "Votre second facteur ne peut plus être lu, car la clé du serveur a changé : demandez à votre "
                "administrateur de le rétablir."
            ) from None

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return facteurs.can_remove(authenticator)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 - the library's name
        return f"Clé d’accès du {timezone.localdate():%d/%m/%Y}"

    def _get_site_name(self) -> str:
        return "Maintien"

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entite: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entite | {"display_name": str(user)}


def _trace(adresse: str) -> str:
    """The address is not written in the clear in a cookie of a shared desk."""
    return salted_hmac(APPAREIL, adresse.strip().lower(), algorithm="sha256").hexdigest()[:32]


def _fernet() -> MultiFernet:
    cles = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(salted_hmac("facteurs", "", c, algorithm="sha256").digest())) for c in cles]
    )

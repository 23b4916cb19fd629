"""A code of the application counts once, for as long as it would be accepted; the library forgets after 30 seconds."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.utils.crypto import salted_hmac

# One period before, one after, and the one that runs (MFA_TOTP_TOLERANCE).
_DUREE_SECONDES = 120
_ATTRIBUTS = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "autofocus": True}


def spend(utilisateur_id: int, code: str) -> bool:
    """False when this code has already been used."""
    trace = salted_hmac("maintien.code", f"{utilisateur_id}:{''.join(code.split())}", algorithm="sha256").hexdigest()
    return bool(cache.add(f"code:{trace}", "1", timeout=_DUREE_SECONDES))


def _field(libelle: str) -> forms.CharField:
    return forms.CharField(
        label=libelle,
        max_length=20,
        widget=forms.TextInput(attrs=dict(_ATTRIBUTS)),
        error_messages={"required": "Saisissez le code."},
    )


class _CodeUnique:
    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        facteur = self.authenticator  # type: ignore[attr-defined]
        if facteur.type == Authenticator.Type.TOTP and not spend(facteur.user_id, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class ConnexionForm(_CodeUnique, AuthenticateForm):  # type: ignore[misc]
    code = _field("Code de l’application, ou code de secours")


class ConfirmationForm(_CodeUnique, ReauthenticateForm):  # type: ignore[misc]
    code = _field("Code de l’application, ou code de secours")


class ActivationForm(ActivateTOTPForm):  # type: ignore[misc]
    code = _field("Code à 6 chiffres affiché par l’application")

    def clean_code(self) -> Any:
        code = super().clean_code()
        spend(self.user.pk, code)
        return code

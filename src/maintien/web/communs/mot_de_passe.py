"""« Mot de passe oublié »: the same work for an address that is known and for one that is not."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from maintien.travaux.mot_de_passe import send_password_link


class MotDePasseOublieForm(ResetPasswordForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        """Nobody is looked up here: how long that takes would tell."""
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **_: Any) -> str:
        courriel = str(self.cleaned_data["email"])
        send_password_link.enqueue(courriel, f"{request.scheme}://{request.get_host()}")
        return courriel

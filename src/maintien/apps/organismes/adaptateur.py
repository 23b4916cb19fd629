"""How login behaves: accounts are made by the landlord's administrator, nobody signs up."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class CompteAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": (
            "Trop de mots de passe faux : attendez cinq minutes, puis recommencez. Choisir un nouveau mot de passe, "
            "par « Mot de passe oublié », rouvre le compte aussitôt."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

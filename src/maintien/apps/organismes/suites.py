"""What follows a login, a logout, a change of password or of factor: sessions, journal."""

import logging
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from maintien.apps.organismes import sessions
from maintien.apps.organismes.models import Utilisateur
from maintien.apps.organismes.traces import record_for

_journal = logging.getLogger("maintien.acces")


def connect() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="maintien.session")
    user_login_failed.connect(_login_failed, dispatch_uid="maintien.refus")
    authentication_failed.connect(_code_refused, dispatch_uid="maintien.refus")
    user_logged_out.connect(_logged_out, dispatch_uid="maintien.session")
    password_changed.connect(_password_changed, dispatch_uid="maintien.mot_de_passe")
    password_reset.connect(_password_changed, dispatch_uid="maintien.mot_de_passe")
    for signal, acte in (
        (authenticator_added, "utilisateur.ajouter_facteur"),
        (authenticator_removed, "utilisateur.retirer_facteur"),
        (authenticator_reset, "utilisateur.renouveler_codes"),
    ):
        signal.connect(_factor_changed(acte), dispatch_uid=f"maintien.{acte}", weak=False)


def _logged_in(request: HttpRequest, user: Utilisateur, **_: Any) -> None:
    sessions.start(request, user)
    _journal.info("Connexion de l'utilisateur %s.", user.pk)


def _login_failed(**_: Any) -> None:
    # Whose it was meant to be is not written: a password is often typed in place of the address.
    _journal.warning("Connexion refusée : adresse ou mot de passe faux.")


def _code_refused(user: Utilisateur, **_: Any) -> None:
    _journal.warning("Second facteur refusé à l'utilisateur %s.", user.pk)


def _logged_out(request: HttpRequest, **_: Any) -> None:
    sessions.forget(request.session.session_key)


def _password_changed(request: HttpRequest, user: Utilisateur, **_: Any) -> None:
    record_for(user, "utilisateur.changer_mot_de_passe")
    sessions.end_sessions(user, sauf=request.session.get(sessions.SUIVIE))


def _factor_changed(acte: str) -> Any:
    def suivre(request: HttpRequest, user: Utilisateur, authenticator: Any, **_: Any) -> None:
        record_for(user, acte, facteur=str(authenticator.type))
        # What opened the other sessions is no longer what the account asks for.
        sessions.end_sessions(user, sauf=request.session.get(sessions.SUIVIE))
        request.session.cycle_key()

    return suivre

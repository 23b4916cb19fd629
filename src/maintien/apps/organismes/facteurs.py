"""The second factor: who has one, who must, and what happens to the account when one comes or goes."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from maintien.apps.organismes.models import Utilisateur

# Recovery codes alone are no factor: they stand in for one.
TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_CLE = "facteur_ok"
CLE_FOURNISSEUR = "oidc"


@dataclass(frozen=True, slots=True)
class FacteursLus:
    """What « Mon compte » shows: the application, the keys, how many codes are left."""

    application: Authenticator | None
    cles: list[Authenticator]
    codes_restants: int | None
    peut_retirer: bool

    @property
    def is_protege(self) -> bool:
        return self.application is not None or bool(self.cles)


def is_required() -> bool:
    return bool(settings.MAINTIEN_SECOND_FACTEUR_OBLIGATOIRE)


def has_factor(utilisateur: Any) -> bool:
    return bool(Authenticator.objects.filter(user_id=utilisateur.pk, type__in=TYPES).exists())


def users_with_factor(identifiants: list[int]) -> set[int]:
    """For a list: one query whatever the number of users."""
    trouves = Authenticator.objects.filter(user_id__in=identifiants, type__in=TYPES)
    return set(trouves.values_list("user_id", flat=True))


def is_satisfied(request: HttpRequest, utilisateur: Utilisateur) -> bool:
    """Whether this session may go on: a factor is enrolled, which login then asked for, or the provider vouches.

    Remembered in the session; whoever takes a factor away also ends the sessions.
    """
    if request.session.get(_CLE) == utilisateur.pk or provider_vouches(request, utilisateur):
        return True
    if not has_factor(utilisateur):
        return False
    request.session[_CLE] = utilisateur.pk
    return True


def provider_vouches(request: HttpRequest, utilisateur: Any) -> bool:
    identite = request.session.get(CLE_FOURNISSEUR) or {}
    return bool(identite.get("second_facteur")) and identite.get("utilisateur") == utilisateur.pk


def is_last(facteur: Authenticator) -> bool:
    """Whether the account would be left without a second factor."""
    autres = Authenticator.objects.filter(user_id=facteur.user_id, type__in=TYPES).exclude(pk=facteur.pk)
    return facteur.type in TYPES and not autres.exists()


def can_remove(facteur: Authenticator) -> bool:
    return not (is_required() and is_last(facteur))


def read_factors(utilisateur: Utilisateur) -> FacteursLus:
    tous = list(Authenticator.objects.filter(user_id=utilisateur.pk).order_by("pk"))
    par_type = {type_: [f for f in tous if f.type == type_] for type_ in Authenticator.Type}
    codes = next(iter(par_type[Authenticator.Type.RECOVERY_CODES]), None)
    application = next(iter(par_type[Authenticator.Type.TOTP]), None)
    cles = par_type[Authenticator.Type.WEBAUTHN]
    return FacteursLus(
        application=application,
        cles=cles,
        codes_restants=None if codes is None else len(codes.wrap().get_unused_codes()),
        peut_retirer=not is_required() or len(cles) + bool(application) > 1,
    )


def remove_all(utilisateur: Utilisateur) -> int:
    """Factors and recovery codes; returns how many factors there were."""
    tous = Authenticator.objects.filter(user_id=utilisateur.pk)
    nombre = int(tous.filter(type__in=TYPES).count())
    tous.delete()
    return nombre

"""Who a user is, and where."""

from typing import cast

from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.apps.socle.portee import find_across


def memberships_of(utilisateur: Utilisateur) -> list[Appartenance]:
    """Active memberships of a user in every organisme. Needed before a scope can be chosen, hence outside scopes."""
    return cast("list[Appartenance]", find_across(Appartenance, utilisateur=utilisateur, actif=True))


def current_membership(utilisateur: Utilisateur, choisie: int | None) -> Appartenance | None:
    """The membership chosen in the session if it is still the user's, else the first one."""
    appartenances = memberships_of(utilisateur)
    return next((a for a in appartenances if a.pk == choisie), appartenances[0] if appartenances else None)

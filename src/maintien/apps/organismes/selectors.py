"""Who a user is, and where."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from django.db.models import Q
from django.utils import timezone

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme, Utilisateur
from maintien.apps.socle.portee import find_across
from maintien.coeur.orientation.couverture import couverture


def memberships_of(utilisateur: Utilisateur) -> list[Appartenance]:
    """Active memberships of a user in every organisme. Needed before a scope can be chosen, hence outside scopes."""
    return cast("list[Appartenance]", find_across(Appartenance, utilisateur=utilisateur, actif=True))


def current_membership(utilisateur: Utilisateur, choisie: int | None) -> Appartenance | None:
    """The membership chosen in the session if it is still the user's, else the first one."""
    appartenances = memberships_of(utilisateur)
    return next((a for a in appartenances if a.pk == choisie), appartenances[0] if appartenances else None)


def working_day(organisme: Organisme) -> date:
    """The date of the last nightly pass: what screens show and what lists are cut by. Before the first one, today."""
    return organisme.derniere_nuit or timezone.localdate()


def books_notice(organisme: Organisme) -> str:
    """What is told to all when the books stop before the last pass; empty when they do not, or before any pass."""
    if organisme.derniere_nuit is None or organisme.livres_au is None:
        return ""
    return couverture(organisme.livres_au, organisme.derniere_nuit).phrase()


def members(roles: Iterable[Role], secteur_id: int | None) -> list[Utilisateur]:
    """Active members with one of these roles who work on this sector (or on all), by name."""
    appartenances = (
        Appartenance.objects.filter(Q(secteur=None) | Q(secteur_id=secteur_id), role__in=list(roles), actif=True)
        .select_related("utilisateur")
        .order_by("utilisateur__last_name", "utilisateur__first_name", "pk")
    )
    return [appartenance.utilisateur for appartenance in appartenances]


def is_closed(utilisateur: Utilisateur) -> bool:
    """Whether every organisme that had given this user a role has suspended it: there is nothing to log in for."""
    toutes = cast("list[Appartenance]", find_across(Appartenance, utilisateur=utilisateur))
    return bool(toutes) and not any(appartenance.actif for appartenance in toutes)


def works_elsewhere(utilisateur: Utilisateur, organisme_id: int) -> bool:
    """Whether the account also opens another organisme, whose data its reset would put at stake."""
    return any(appartenance.organisme_id != organisme_id for appartenance in memberships_of(utilisateur))

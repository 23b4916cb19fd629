"""Who may: every question is answered from the table of habilitations; one that it does not know is an error.

Here, what is asked about an organisme as a whole. What is asked about a dossier is answered in
`dossiers/permissions.py`, which knows the duo, the level and who is named. An object of another organisme, or absent,
is the same thing to the asker: not found.
"""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from maintien.apps.organismes.enums import Mode
from maintien.apps.organismes.habilitations import DOSSIER, PermissionInconnueError, RoleInconnuError, table
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.portee import current_organisme_id

__all__ = [
    "AccesRefuseError",
    "PermissionInconnueError",
    "RoleInconnuError",
    "get_or_404",
    "has_permission",
    "is_open",
    "require",
    "visible",
]

_M = TypeVar("_M", bound=Model)


class AccesRefuseError(Http404):
    """The object is not for this user, who learns no more than if it did not exist."""


def has_permission(appartenance: Appartenance | None, permission: str) -> bool:
    """Whether the user may ever do this: for menus, tabs and buttons, and never in place of a check on the object."""
    if appartenance is None or not appartenance.actif:
        return False
    return is_open(appartenance.role, permission)


def is_open(role: str, permission: str) -> bool:
    """Whether any cell of the role lets this be done."""
    return any(case.mode is not Mode.NON for case in table().of(role, permission).values())


def require(appartenance: Appartenance | None, permission: str) -> Appartenance:
    """For a screen without object: the membership, or a refusal that says so (403)."""
    if appartenance is None or not has_permission(appartenance, permission):
        raise PermissionDenied(permission)
    return appartenance


def visible(queryset: QuerySet[_M], appartenance: Appartenance | None, permission: str) -> QuerySet[_M]:
    """Rows of the organisme as a whole (imports, users, registers); empty for whoever has no permission."""
    if table().permission(permission).objet == DOSSIER:
        raise PermissionInconnueError(f"{permission}: answered dossier by dossier, in dossiers/permissions.py")
    if appartenance is None or not has_permission(appartenance, permission):
        return queryset.none()
    return queryset if appartenance.organisme_id == current_organisme_id() else queryset.none()


def get_or_404(queryset: QuerySet[_M], appartenance: Appartenance | None, permission: str, **criteres: Any) -> _M:
    """The one row, or 404: absent, foreign and forbidden cannot be told apart."""
    objet = visible(queryset, appartenance, permission).filter(**criteres).first()
    if objet is None:
        raise AccesRefuseError(permission)
    return objet

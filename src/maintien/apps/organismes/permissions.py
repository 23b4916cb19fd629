"""Who may: every question is answered from `habilitations.yaml`, and a question that it does not know is an error.

An object outside the relation, of another organisme, or absent, is the same thing to the asker: not found.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.portee import current_organisme_id

_M = TypeVar("_M", bound=Model)


class Relation(StrEnum):
    AUCUNE = "aucune"
    SECTEUR = "secteur"
    ORGANISME = "organisme"


class PermissionInconnueError(LookupError):
    """The table has no such permission: a fault of the program, never an answer."""


class RoleInconnuError(LookupError):
    """The table has no such role."""


class AccesRefuseError(Http404):
    """The object is not for this user, who learns no more than if it did not exist."""


class _DansUnSecteur(Protocol):
    organisme_id: int
    secteur_id: int | None


def read_habilitations(texte: str) -> Mapping[str, Mapping[str, Relation]]:
    """The table, refused unless each role of the program states each permission, and nothing else."""
    brut = yaml.safe_load(texte)
    permissions = set(brut["permissions"])
    if set(brut["roles"]) != set(Role.values):
        raise ValueError(f"habilitations: roles {sorted(brut['roles'])} instead of {sorted(Role.values)}")
    for role, cases in brut["roles"].items():
        if set(cases) != permissions:
            raise ValueError(f"habilitations: {role} must state {sorted(permissions ^ set(cases))}")
    return {role: {nom: Relation(valeur) for nom, valeur in cases.items()} for role, cases in brut["roles"].items()}


@cache
def habilitations() -> Mapping[str, Mapping[str, Relation]]:
    return read_habilitations(Path(__file__).with_name("habilitations.yaml").read_text(encoding="utf-8"))


def relation(role: str, permission: str) -> Relation:
    try:
        cases = habilitations()[role]
    except KeyError:
        raise RoleInconnuError(role) from None
    try:
        return cases[permission]
    except KeyError:
        raise PermissionInconnueError(permission) from None


def has_permission(appartenance: Appartenance | None, permission: str) -> bool:
    """Whether the user may ever do this: for menus, tabs and buttons, and never in place of a check on the object."""
    if appartenance is None or not appartenance.actif:
        return False
    return relation(appartenance.role, permission) is not Relation.AUCUNE


def require(appartenance: Appartenance | None, permission: str) -> Appartenance:
    """For a screen without object: the membership, or a refusal that says so (403)."""
    if appartenance is None or not has_permission(appartenance, permission):
        raise PermissionDenied(permission)
    return appartenance


def _covers(appartenance: Appartenance, permission: str, organisme_id: int, secteur_id: int | None) -> bool:
    if not appartenance.actif or organisme_id != appartenance.organisme_id:
        return False
    match relation(appartenance.role, permission):
        case Relation.ORGANISME:
            return True
        case Relation.SECTEUR:
            return appartenance.secteur_id is None or appartenance.secteur_id == secteur_id
        case Relation.AUCUNE:
            return False


def can(appartenance: Appartenance | None, permission: str, objet: _DansUnSecteur) -> bool:
    """Whether the user may do this to this object, which has a sector (dossier, account, home)."""
    return appartenance is not None and _covers(appartenance, permission, objet.organisme_id, objet.secteur_id)


def check(appartenance: Appartenance | None, permission: str, objet: _DansUnSecteur) -> Appartenance:
    if appartenance is None or not can(appartenance, permission, objet):
        raise AccesRefuseError(permission)
    return appartenance


def visible(
    queryset: QuerySet[_M], appartenance: Appartenance | None, permission: str, champ: str = "secteur"
) -> QuerySet[_M]:
    """The rows that the relation lets through; `champ` leads to the sector. Empty for whoever has no permission."""
    if appartenance is None or not appartenance.actif or appartenance.organisme_id != current_organisme_id():
        return queryset.none()
    match relation(appartenance.role, permission):
        case Relation.ORGANISME:
            return queryset
        case Relation.SECTEUR:
            secteur_id = appartenance.secteur_id
            return queryset if secteur_id is None else queryset.filter(Q(**{f"{champ}_id": secteur_id}))
        case Relation.AUCUNE:
            return queryset.none()


def get_or_404(
    queryset: QuerySet[_M],
    appartenance: Appartenance | None,
    permission: str,
    champ: str = "secteur",
    **criteres: Any,
) -> _M:
    """The one row, or 404: absent, foreign and forbidden cannot be told apart."""
    objet = visible(queryset, appartenance, permission, champ).filter(**criteres).first()
    if objet is None:
        raise AccesRefuseError(permission)
    return objet

"""The table of habilitations, read whole, once, and refused at the least doubt.

`habilitations.yaml` holds the cells; `habilitations_versions.yaml` the sum of each version that was reviewed. A table
changed without a new reviewed version stops the program: nobody gives himself a right by editing a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from maintien.apps.organismes.enums import ClasseChamp, GenreOrganisme, Mode, Niveau, Relation, Role, Visiteur
from maintien.coeur.yaml_strict import ChargeurStrict

AILLEURS = "ailleurs"
DOSSIER, ORGANISME = "dossier", "organisme"
ACTEURS: tuple[str, ...] = (*Role.values, *Visiteur.values)
_ICI = Path(__file__).parent


class PermissionInconnueError(LookupError):
    """The table has no such permission: a fault of the program, never an answer."""


class RoleInconnuError(LookupError):
    """The table has no such role."""


@dataclass(frozen=True, slots=True)
class Case:
    """One cell: whether it may be done, and the classes of fields read by doing it."""

    mode: Mode
    classes: frozenset[ClasseChamp] = frozenset()


@dataclass(frozen=True, slots=True)
class Permission:
    """`objet`: what it is asked about. `lit`: whether it hands out fields of people."""

    nom: str
    libelle: str
    objet: str
    lit: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the table that somebody proposed and somebody else reviewed."""

    numero: str
    somme: str
    proposee_par: str
    relue_par: str
    le: date
    objet: str


Cases = Mapping[tuple[Relation, Niveau], Case]
NON = Case(Mode.NON)


@dataclass(frozen=True, slots=True)
class Table:
    """Every cell, by role and permission. A permission on an organisme has the same answer in all its cells."""

    version: str
    permissions: Mapping[str, Permission]
    organismes: Mapping[str, frozenset[str]]
    cases: Mapping[tuple[str, str], Cases]

    def permission(self, nom: str) -> Permission:
        try:
            return self.permissions[nom]
        except KeyError:
            raise PermissionInconnueError(nom) from None

    def of(self, role: str, permission: str) -> Cases:
        self.permission(permission)
        if role not in self.organismes:
            raise RoleInconnuError(role)
        return self.cases[role, permission]

    def case(self, role: str, permission: str, relation: Relation, niveau: Niveau) -> Case:
        return self.of(role, permission)[relation, niveau]


def read_table(texte: str) -> Table:
    """The table, refused unless each role answers each permission, relation and level, and nothing else."""
    brut = yaml.load(texte, Loader=ChargeurStrict)  # noqa: S506 - a SafeLoader
    permissions = {nom: _permission(nom, dite) for nom, dite in brut["permissions"].items()}
    if set(brut["roles"]) != set(ACTEURS):
        raise ValueError(f"habilitations: roles {sorted(brut['roles'])} instead of {sorted(ACTEURS)}")
    organismes: dict[str, frozenset[str]] = {}
    cases: dict[tuple[str, str], Cases] = {}
    for role, dits in brut["roles"].items():
        genres = dits.pop("organismes", [])
        if not genres or not set(genres) <= set(GenreOrganisme.values):
            raise ValueError(f"habilitations: {role} names no organismes, or unknown ones: {genres}")
        organismes[role] = frozenset(genres)
        if set(dits) != set(permissions):
            raise ValueError(f"habilitations: {role} must state {sorted(set(permissions) ^ set(dits))}")
        for nom, dit in dits.items():
            cases[role, nom] = _cases(f"{role}, {nom}", permissions[nom], dit)
    return Table(str(brut["version"]), permissions, organismes, cases)


def _permission(nom: str, dite: Mapping[str, Any]) -> Permission:
    if not dite.keys() <= {"libelle", "objet", "lit"} or dite["objet"] not in (DOSSIER, ORGANISME):
        raise ValueError(f"habilitations: permission {nom} is badly written")
    return Permission(nom, dite["libelle"], dite["objet"], bool(dite.get("lit", False)))


def _cases(ou: str, permission: Permission, dit: Any) -> Cases:
    if dit is False or dit == "non":
        return {(relation, niveau): NON for relation in Relation for niveau in Niveau}
    if permission.objet == ORGANISME:
        if dit is not True and dit != "oui":
            raise ValueError(f"habilitations: {ou}: oui or non, not {dit!r}")
        return {(relation, niveau): Case(Mode.OUI) for relation in Relation for niveau in Niveau}
    if not isinstance(dit, dict) or AILLEURS not in dit:
        raise ValueError(f"habilitations: {ou}: relations are missing, « {AILLEURS} » at least")
    inconnues = set(dit) - {*Relation, AILLEURS}
    if inconnues:
        raise ValueError(f"habilitations: {ou}: unknown relations {sorted(inconnues)}")
    return {
        (relation, niveau): case
        for relation in Relation
        for niveau, case in _niveaux(f"{ou}, {relation}", permission, dit.get(relation, dit[AILLEURS])).items()
    }


def _niveaux(ou: str, permission: Permission, dit: Any) -> Mapping[Niveau, Case]:
    if dit is False or dit == "non":
        return dict.fromkeys(Niveau, NON)
    if not isinstance(dit, dict) or set(dit) != set(Niveau):
        raise ValueError(f"habilitations: {ou}: every level must be stated, {sorted(Niveau)}")
    return {Niveau(niveau): _case(f"{ou}, {niveau}", permission, valeur) for niveau, valeur in dit.items()}


def _case(ou: str, permission: Permission, dit: Any) -> Case:
    """`oui ICF`, `motif ICF`, `non`; the classes only where the permission hands out fields."""
    mots = {True: "oui", False: "non"}.get(dit, dit) if isinstance(dit, bool) else str(dit)
    nom, _, lettres = str(mots).partition(" ")
    if nom not in set(Mode):
        raise ValueError(f"habilitations: {ou}: {nom!r} is none of {sorted(Mode)}")
    mode = Mode(nom)
    if bool(lettres) != (permission.lit and mode is not Mode.NON):
        raise ValueError(f"habilitations: {ou}: classes of fields are missing, or have no sense here")
    if not set(lettres) <= set(ClasseChamp) or len(set(lettres)) != len(lettres):
        raise ValueError(f"habilitations: {ou}: unknown classes in {lettres!r}")
    return Case(mode, frozenset(ClasseChamp(lettre) for lettre in lettres))


def read_versions(texte: str) -> tuple[Version, ...]:
    """Reviewed versions, latest last; nobody reviews what he proposed."""
    brut = yaml.load(texte, Loader=ChargeurStrict)  # noqa: S506 - a SafeLoader
    versions = tuple(Version(**dite) for dite in brut["versions"])
    for version in versions:
        if not version.relue_par.strip() or version.relue_par == version.proposee_par:
            raise ValueError(f"habilitations: version {version.numero} was not reviewed by somebody else")
    if len({version.numero for version in versions}) != len(versions):
        raise ValueError("habilitations: two versions bear the same number")
    return versions


def check_review(texte: str, versions: tuple[Version, ...]) -> None:
    """Refuse a table that is not the latest reviewed version, to the byte."""
    somme = sha256(texte.encode()).hexdigest()
    if not versions or somme != versions[-1].somme:
        raise ValueError(
            "habilitations: the table differs from its latest reviewed version: add a version to "
            f"habilitations_versions.yaml, with sum {somme}"
        )


@cache
def versions() -> tuple[Version, ...]:
    return read_versions((_ICI / "habilitations_versions.yaml").read_text(encoding="utf-8"))


@cache
def table() -> Table:
    texte = (_ICI / "habilitations.yaml").read_text(encoding="utf-8")
    check_review(texte, versions())
    lue = read_table(texte)
    if lue.version != versions()[-1].numero:
        raise ValueError("habilitations: the version of the table is not the one that was reviewed")
    return lue

"""The table of habilitations in words: one block a role, one line a permission, one answer a relation and level."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maintien.apps.organismes.enums import ClasseChamp, GenreOrganisme, Mode, Niveau, Relation, Role, Visiteur
from maintien.apps.organismes.habilitations import ACTEURS, DOSSIER, Case, Cases, Permission, Table

RELATIONS: Mapping[Relation, str] = {
    Relation.PORTEFEUILLE: "Son portefeuille",
    Relation.PERIMETRE: "Le portefeuille d’un collègue de son secteur",
    Relation.ORGANISME: "Les autres secteurs de l’organisme",
    Relation.PARTAGE: "Partagé par un accord",
    Relation.TERRITOIRE: "Même territoire",
    Relation.ETRANGER: "Autre organisme",
}
NIVEAUX: Mapping[Niveau, str] = {
    Niveau.ORDINAIRE: "Ordinaire",
    Niveau.SUIVI: "Suivi",
    Niveau.CLOS: "Clos",
    Niveau.PROTEGE: "Protégé",
}
CLASSES: Mapping[ClasseChamp, str] = {
    ClasseChamp.IDENTITE: "identité",
    ClasseChamp.COORDONNEES: "coordonnées",
    ClasseChamp.FINANCE: "finance",
    ClasseChamp.SOCIAL: "social",
    ClasseChamp.JURIDIQUE: "juridique",
    ClasseChamp.PROTEGE: "protégé",
}
MODES: Mapping[Mode, tuple[str, str]] = {
    Mode.OUI: ("Oui", "check"),
    Mode.MOTIF: ("En disant pourquoi", "message"),
    Mode.NON: ("Non", "ban"),
}


@dataclass(frozen=True, slots=True)
class Reponse:
    libelle: str
    icone: str
    classes: str


@dataclass(frozen=True, slots=True)
class LigneRelation:
    relation: str
    reponses: tuple[Reponse, ...]


@dataclass(frozen=True, slots=True)
class Droit:
    """What a role may do; `lignes` is empty for what does not depend on a dossier."""

    libelle: str
    lignes: tuple[LigneRelation, ...]


@dataclass(frozen=True, slots=True)
class RoleLu:
    cle: str
    libelle: str
    organismes: str
    droits: tuple[Droit, ...]
    jamais: tuple[str, ...]


def roles_lus(table: Table) -> list[RoleLu]:
    return [_role(table, role) for role in ACTEURS]


def _role(table: Table, role: str) -> RoleLu:
    ouvertes, jamais = [], []
    for permission in table.permissions.values():
        cases = table.of(role, permission.nom)
        if any(case.mode is not Mode.NON for case in cases.values()):
            ouvertes.append(_droit(permission, cases))
        else:
            jamais.append(permission.libelle)
    genres = ", ".join(GenreOrganisme(genre).label for genre in GenreOrganisme if genre in table.organismes[role])
    return RoleLu(role, _libelle(role), genres, tuple(ouvertes), tuple(jamais))


def _libelle(role: str) -> str:
    nom = Role(role).label if role in Role.values else Visiteur(role).label
    return nom[0].upper() + nom[1:]


def _droit(permission: Permission, cases: Cases) -> Droit:
    if permission.objet != DOSSIER:
        return Droit(permission.libelle, ())
    lignes = (_ligne(relation, [cases[relation, niveau] for niveau in Niveau]) for relation in Relation)
    return Droit(permission.libelle, tuple(ligne for ligne in lignes if ligne is not None))


def _ligne(relation: Relation, cases: Iterable[Case]) -> LigneRelation | None:
    """None where it is never, whatever the level: said once for all under the table."""
    cases = list(cases)
    if all(case.mode is Mode.NON for case in cases):
        return None
    return LigneRelation(RELATIONS[relation], tuple(_reponse(case) for case in cases))


def _reponse(case: Case) -> Reponse:
    libelle, icone = MODES[case.mode]
    return Reponse(libelle, icone, ", ".join(CLASSES[classe] for classe in ClasseChamp if classe in case.classes))

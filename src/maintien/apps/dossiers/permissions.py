"""Who may do what on which dossier, and which fields they read: the table of habilitations applied to the rows.

Every read of a dossier, of its household or of what hangs on them passes here: screens, lists, counts, search,
exports, API. What a role may do out of its portfolio asks first for a purpose, and the reading is written down.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from maintien.apps.comptes.models import Compte
from maintien.apps.dossiers.enums import EtatDossier, NiveauDossier
from maintien.apps.dossiers.models import Dossier, MiseSousProtection, PersonneNommee
from maintien.apps.organismes.enums import ClasseChamp, Mode, Niveau, Relation, Role
from maintien.apps.organismes.habilitations import DOSSIER, NON, Case, PermissionInconnueError, table
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import AccesRefuseError
from maintien.apps.socle.portee import current_organisme_id

_M = TypeVar("_M", bound=Model)
_LEVELS = (Niveau.ORDINAIRE, Niveau.SUIVI, Niveau.CLOS)


def niveau_of(dossier: Dossier) -> Niveau:
    """Closing never lifts a protection; otherwise a closed dossier is read as such."""
    if dossier.niveau == NiveauDossier.PROTEGE:
        return Niveau.PROTEGE
    if dossier.etat == EtatDossier.CLOS:
        return Niveau.CLOS
    return Niveau(dossier.niveau)


def named_menages(appartenance: Appartenance) -> frozenset[int]:
    """Protected households on which this user is named. One query a request: kept on the membership that it found."""
    connus: frozenset[int] | None = getattr(appartenance, "_menages_nommes", None)
    if connus is None:
        nommes = PersonneNommee.objects.filter(utilisateur_id=appartenance.utilisateur_id)
        connus = frozenset(nommes.values_list("menage_id", flat=True))
        appartenance._menages_nommes = connus  # type: ignore[attr-defined]  # noqa: SLF001
    return connus


def forget_named(appartenance: Appartenance) -> None:
    """To be called by whoever changes who is named: the answer kept for the request is no longer true."""
    if hasattr(appartenance, "_menages_nommes"):
        del appartenance._menages_nommes  # noqa: SLF001


def relation_of(appartenance: Appartenance, dossier: Dossier) -> Relation:
    if dossier.organisme_id != appartenance.organisme_id:
        return Relation.ETRANGER
    if niveau_of(dossier) is Niveau.PROTEGE and dossier.menage_id in named_menages(appartenance):
        return Relation.PORTEFEUILLE
    if not _is_in_perimeter(appartenance, dossier):
        return Relation.ORGANISME
    if niveau_of(dossier) is not Niveau.PROTEGE and _is_in_portfolio(appartenance, dossier):
        return Relation.PORTEFEUILLE
    return Relation.PERIMETRE


def _is_in_perimeter(appartenance: Appartenance, dossier: Dossier) -> bool:
    if appartenance.portefeuille_seul and not _is_in_duo(appartenance, dossier):
        return False
    return appartenance.secteur_id in (None, dossier.secteur_id)


def _is_in_duo(appartenance: Appartenance, dossier: Dossier) -> bool:
    return appartenance.utilisateur_id in (dossier.referent_id, dossier.cesf_id)


def _is_in_portfolio(appartenance: Appartenance, dossier: Dossier) -> bool:
    return getattr(dossier, _siege(appartenance)) is None or _is_in_duo(appartenance, dossier)


def _siege(appartenance: Appartenance) -> str:
    """The seat of the duo that the role may take.

    While it is empty, the dossier belongs to all those of its sector.
    """
    return "cesf_id" if appartenance.role == Role.CESF else "referent_id"


def case_of(appartenance: Appartenance | None, permission: str, dossier: Dossier) -> Case:
    """The cell that answers for this asker and this dossier."""
    if table().permission(permission).objet != DOSSIER:
        raise PermissionInconnueError(f"{permission}: not asked about a dossier")
    if appartenance is None or not appartenance.actif:
        return NON
    return table().case(appartenance.role, permission, relation_of(appartenance, dossier), niveau_of(dossier))


def can(appartenance: Appartenance | None, permission: str, dossier: Dossier) -> bool:
    """Whether the user may do this to this dossier, be it for a purpose to be said first."""
    return case_of(appartenance, permission, dossier).mode is not Mode.NON


def readable(appartenance: Appartenance | None, permission: str, dossier: Dossier) -> frozenset[ClasseChamp]:
    """Classes of the fields of this dossier that the user reads by this permission."""
    return case_of(appartenance, permission, dossier).classes


def check(appartenance: Appartenance | None, permission: str, dossier: Dossier) -> Appartenance:
    if appartenance is None or not can(appartenance, permission, dossier):
        raise AccesRefuseError(permission)
    return appartenance


class _Etendue(IntEnum):
    """How far a permission reaches at one level, from nothing to the whole organisme."""

    RIEN = 0
    PORTEFEUILLE = 1
    PERIMETRE = 2
    ORGANISME = 3


@dataclass(frozen=True, slots=True)
class _Chemins:
    """How to go from a row to its dossier."""

    prefixe: str

    def q(self, **criteres: Any) -> Q:
        return Q(**{f"{self.prefixe}{champ}": valeur for champ, valeur in criteres.items()})


def visible(
    queryset: QuerySet[_M], appartenance: Appartenance | None, permission: str, prefixe: str = ""
) -> QuerySet[_M]:
    """The rows that the table lets through, none where it says never; `prefixe` leads to the dossier."""
    if table().permission(permission).objet != DOSSIER:
        raise PermissionInconnueError(f"{permission}: not asked about a dossier")
    if appartenance is None or not appartenance.actif or appartenance.organisme_id != current_organisme_id():
        return queryset.none()
    etendues = {niveau: _etendue(appartenance, permission, niveau) for niveau in Niveau}
    if not any(etendues.values()):
        return queryset.none()
    return queryset.filter(_condition(appartenance, etendues, _Chemins(prefixe)))


def _etendue(appartenance: Appartenance, permission: str, niveau: Niveau) -> _Etendue:
    """The widest relation whose cell is not never. A table that skipped one would be refused by its tests."""
    relations = {
        Relation.PORTEFEUILLE: _Etendue.PORTEFEUILLE,
        Relation.PERIMETRE: _Etendue.PERIMETRE,
        Relation.ORGANISME: _Etendue.ORGANISME,
    }
    cases = table().of(appartenance.role, permission)
    return max(
        (etendue for relation, etendue in relations.items() if cases[relation, niveau].mode is not Mode.NON),
        default=_Etendue.RIEN,
    )


def _condition(appartenance: Appartenance, etendues: dict[Niveau, _Etendue], chemins: _Chemins) -> Q:
    """Levels that reach as far are asked at once, so that the usual question stays one condition on the sector."""
    protege = chemins.q(niveau=NiveauDossier.PROTEGE)
    memes = {etendues[niveau] for niveau in _LEVELS}
    if len(memes) == 1:
        ouverts = _reach(appartenance, memes.pop(), chemins, ~protege)
    else:
        ouverts = _any(_reach(appartenance, etendues[n], chemins, _level(n, chemins)) for n in _LEVELS)
    if etendues[Niveau.PROTEGE] is _Etendue.RIEN:
        return ouverts
    if etendues[Niveau.PROTEGE] is not _Etendue.PORTEFEUILLE:
        return ouverts | _reach(appartenance, etendues[Niveau.PROTEGE], chemins, protege)
    # Asked inside the query: one that is written once for many readers (socle/preparees.py) holds no list of one.
    nommes = PersonneNommee.objects.filter(utilisateur_id=appartenance.utilisateur_id).values("menage_id")
    return ouverts | (protege & chemins.q(menage_id__in=nommes))


def _level(niveau: Niveau, chemins: _Chemins) -> Q:
    if niveau is Niveau.CLOS:
        return chemins.q(etat=EtatDossier.CLOS) & ~chemins.q(niveau=NiveauDossier.PROTEGE)
    return chemins.q(niveau=niveau.value) & ~chemins.q(etat=EtatDossier.CLOS)


def _reach(appartenance: Appartenance, etendue: _Etendue, chemins: _Chemins, niveau: Q) -> Q:
    if etendue is _Etendue.RIEN:
        return Q(pk__in=[])
    if etendue is _Etendue.ORGANISME:
        return niveau
    utilisateur = appartenance.utilisateur_id
    duo = chemins.q(referent_id=utilisateur) | chemins.q(cesf_id=utilisateur)
    condition = niveau
    if appartenance.secteur_id is not None:
        condition &= chemins.q(secteur_id=appartenance.secteur_id)
    if appartenance.portefeuille_seul:
        return condition & duo
    return (
        condition & (duo | chemins.q(**{_siege(appartenance): None}))
        if etendue is _Etendue.PORTEFEUILLE
        else condition
    )


def _any(conditions: Iterable[Q]) -> Q:
    toutes = Q(pk__in=[])
    for condition in conditions:
        toutes |= condition
    return toutes


def visible_comptes(comptes: QuerySet[Compte], appartenance: Appartenance | None, permission: str) -> QuerySet[Compte]:
    """Accounts of one's perimeter, but those of protected households on which one is not named."""
    if table().permission(permission).objet != DOSSIER:
        raise PermissionInconnueError(f"{permission}: not asked about a dossier")
    if appartenance is None or not appartenance.actif or appartenance.organisme_id != current_organisme_id():
        return comptes.none()
    etendue = _etendue(appartenance, permission, Niveau.ORDINAIRE)
    if etendue is _Etendue.RIEN:
        return comptes.none()
    caches = Dossier.objects.filter(niveau=NiveauDossier.PROTEGE).exclude(menage_id__in=named_menages(appartenance))
    comptes = comptes.exclude(rattachement__menage_id__in=caches.values("menage_id"))
    # A household may be protected before it has a dossier: a lease that one of its people took since.
    mises = MiseSousProtection.objects.filter(levee_le=None).exclude(menage_id__in=named_menages(appartenance))
    comptes = comptes.exclude(rattachement__menage_id__in=mises.values("menage_id"))
    if etendue is _Etendue.ORGANISME:
        return comptes
    if appartenance.portefeuille_seul:
        duo = Q(referent_id=appartenance.utilisateur_id) | Q(cesf_id=appartenance.utilisateur_id)
        comptes = comptes.filter(rattachement__menage_id__in=Dossier.objects.filter(duo).values("menage_id"))
    secteur = appartenance.secteur_id
    return comptes if secteur is None else comptes.filter(secteur_id=secteur)


def get_or_404(
    queryset: QuerySet[_M], appartenance: Appartenance | None, permission: str, prefixe: str = "", **criteres: Any
) -> _M:
    """The one row, or 404: absent, foreign and forbidden cannot be told apart."""
    objet = visible(queryset, appartenance, permission, prefixe).filter(**criteres).first()
    if objet is None:
        raise AccesRefuseError(permission)
    return objet

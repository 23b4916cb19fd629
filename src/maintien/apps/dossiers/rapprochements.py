"""Which accounts are those of one household. Joining two that are not tells one person where the other lives.

Two accounts go together when the very same people hold both and the leases overlap or follow each other. When one
person of a couple also holds a lease alone, she may have left: a machine never joins these (procedure, 9.2), it names
them for a person to look at.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from maintien.apps.comptes.models import Bail, Compte, Occupation
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES

_LOT = 2000
# A move from one home to the next leaves a few months between two leases at most.
SUITE_JOURS = 184

Periode = tuple[date, date]
Personnes = tuple[int, ...]
"""The tenants of an account, each once, in the order of their keys: two equal ones are the same people."""


@dataclass(frozen=True, slots=True)
class Rapprochements:
    """`groupes`: accounts of one household, by key. `a_verifier`: pairs that share a tenant and are not joined."""

    groupes: list[list[int]]
    a_verifier: list[tuple[int, int]]


class _Groupes:
    """Union of accounts (disjoint sets, path halving)."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def find(self, compte: int) -> int:
        parents = self._parents
        parents.setdefault(compte, compte)
        while parents[compte] != compte:
            parents[compte] = parents[parents[compte]]
            compte = parents[compte]
        return compte

    def join(self, un: int, autre: int) -> None:
        racines = sorted((self.find(un), self.find(autre)))
        self._parents[racines[1]] = racines[0]

    def components(self) -> list[list[int]]:
        par_racine: dict[int, list[int]] = defaultdict(list)
        for compte in sorted(self._parents):
            par_racine[self.find(compte)].append(compte)
        return list(par_racine.values())


@dataclass(slots=True)
class _Baux:
    """`periodes`: the leases of each account, each open one to the end of time. `annexes`: account of a parking space
    and nothing else -> account of the home."""

    periodes: dict[int, list[Periode]] = field(default_factory=lambda: defaultdict(list))
    annexes: dict[int, int] = field(default_factory=dict)


def group_comptes() -> Rapprochements:
    """Never by a guarantor, who may stand for two households; an annexed lease follows its main one, and only it."""
    baux = _read_baux()
    locataires = _tenants()
    groupes = _Groupes()
    for compte in Compte.objects.values_list("pk", flat=True).iterator(chunk_size=_LOT):
        groupes.find(compte)
    propres = {compte: qui for compte, qui in locataires.items() if compte not in baux.annexes}
    for comptes in _same_people(propres).values():
        for un, autre in _chained(comptes, baux.periodes):
            groupes.join(un, autre)
    for annexe, principal in baux.annexes.items():
        groupes.join(annexe, principal)
    return Rapprochements(groupes.components(), _to_check(propres, groupes))


def _read_baux() -> _Baux:
    lus = _Baux()
    comptes = dict(Bail.objects.values_list("reference", "compte_id"))
    principaux: set[int] = set()
    rattaches: dict[int, int] = {}
    champs = ("compte_id", "bail_annexe_de", "date_entree", "date_sortie")
    lignes = Bail.objects.order_by("reference").values_list(*champs)
    for compte, annexe_de, entree, sortie in lignes.iterator(chunk_size=_LOT):
        lus.periodes[compte].append((entree, sortie or date.max))
        if annexe_de in comptes:
            rattaches.setdefault(compte, comptes[annexe_de])
        else:
            principaux.add(compte)
    lus.annexes = {c: principal for c, principal in rattaches.items() if c not in principaux and c != principal}
    return lus


def _tenants() -> dict[int, Personnes]:
    locataires: dict[int, list[int]] = defaultdict(list)
    occupations = Occupation.objects.filter(role__in=ROLES_LOCATAIRES).values_list("compte_id", "personne_id")
    for compte, personne in occupations.order_by("pk").iterator(chunk_size=_LOT):
        locataires[compte].append(personne)
    return {compte: tuple(sorted(set(personnes))) for compte, personnes in locataires.items()}


def _same_people(locataires: Mapping[int, Personnes]) -> dict[Personnes, list[int]]:
    ensemble: dict[Personnes, list[int]] = defaultdict(list)
    for compte, personnes in locataires.items():
        ensemble[personnes].append(compte)
    return ensemble


def _chained(comptes: Sequence[int], periodes: Mapping[int, Sequence[Periode]]) -> Iterable[tuple[int, int]]:
    """Pairs of accounts whose leases overlap or follow. An account without lease waits until its lease is known."""
    bornes = sorted((debut, fin, compte) for compte in comptes for debut, fin in periodes.get(compte, ()))
    for rang, (_, fin, compte) in enumerate(bornes):
        limite = date.max if fin > date.max - timedelta(days=SUITE_JOURS) else fin + timedelta(days=SUITE_JOURS)
        for debut, _, autre in bornes[rang + 1 :]:
            if debut > limite:
                break
            if autre != compte:
                yield compte, autre


def _to_check(locataires: Mapping[int, Personnes], groupes: _Groupes) -> list[tuple[int, int]]:
    """One pair a person and household: enough for somebody to look."""
    premiers: dict[int, int] = {}
    paires = set()
    for compte in sorted(locataires):
        for personne in locataires[compte]:
            premier = premiers.setdefault(personne, compte)
            if groupes.find(premier) != groupes.find(compte):
                paires.add((premier, compte))
    return sorted(paires)

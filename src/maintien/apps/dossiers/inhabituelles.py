"""Unusual readings of a week, for the DPO: each with its reasons, which are data (`inhabituelles.yaml`).

Pseudonymous as the journal is: identifiers go out, names do not. Four queries, whatever the number of readings.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from maintien.apps.comptes.models import Occupation
from maintien.apps.organismes.models import Utilisateur
from maintien.apps.organismes.secteurs import fold
from maintien.apps.socle.journal import LECTURE
from maintien.apps.socle.models import Evenement

_FICHIER = Path(__file__).with_name("inhabituelles.yaml")
_SAMEDI = 5


@dataclass(frozen=True, slots=True)
class LectureInhabituelle:
    """What one person read of one household in the week, and why it is shown."""

    acteur_id: int
    menage_id: int
    nombre: int
    premiere: datetime
    derniere: datetime
    finalites: tuple[str, ...]
    raisons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lecture:
    instant: datetime
    acteur_id: int
    menage_id: int
    finalite: str
    hors_portefeuille: bool


@dataclass(frozen=True, slots=True)
class _Semaine:
    """Everything that the rules look at."""

    lectures: Sequence[_Lecture]
    actes: frozenset[tuple[int | None, int | None]]
    noms: Mapping[int, str]
    occupants: Mapping[int, frozenset[str]]


_Cle = tuple[int, int]
# A rule: what was read in the week and its parameters -> for each (reader, household), the numbers of its sentence.
_Regle = Callable[[_Semaine, Mapping[str, Any]], dict[_Cle, dict[str, int]]]


def lectures_inhabituelles(semaine: date) -> list[LectureInhabituelle]:
    """Readings of the week of this day, Monday to Sunday, that meet at least one rule; most reasons first."""
    lundi = semaine - timedelta(days=semaine.weekday())
    vue = _read(lundi)
    raisons: dict[_Cle, list[str]] = defaultdict(list)
    for regle in rules():
        for cle, nombres in _GENRES[regle["genre"]](vue, regle).items():
            raisons[cle].append(_phrase(regle, nombres))
    par_cle: dict[_Cle, list[_Lecture]] = defaultdict(list)
    for lecture in vue.lectures:
        par_cle[lecture.acteur_id, lecture.menage_id].append(lecture)
    trouvees = [_found(cle, par_cle[cle], dites) for cle, dites in raisons.items()]
    return sorted(trouvees, key=lambda vue: (-len(vue.raisons), -vue.nombre, vue.acteur_id, vue.menage_id))


@cache
def rules() -> tuple[Mapping[str, Any], ...]:
    """The rules in force; one of a kind that the program does not know stops it."""
    lues = yaml.safe_load(_FICHIER.read_text(encoding="utf-8"))["regles"]
    for regle in lues:
        if regle["genre"] not in _GENRES:
            raise ValueError(f"inhabituelles.yaml: unknown rule {regle['genre']}")
    return tuple(lues)


def _found(cle: _Cle, lectures: Sequence[_Lecture], raisons: Sequence[str]) -> LectureInhabituelle:
    return LectureInhabituelle(
        acteur_id=cle[0],
        menage_id=cle[1],
        nombre=len(lectures),
        premiere=lectures[0].instant,
        derniere=lectures[-1].instant,
        finalites=tuple(sorted({lecture.finalite for lecture in lectures})),
        raisons=tuple(raisons),
    )


def _phrase(regle: Mapping[str, Any], nombres: Mapping[str, int]) -> str:
    pluriel = "s" if nombres.get("nombre", 0) > 1 else ""
    return str(regle["phrase"]).format(**{**regle, **nombres, "s": pluriel})


def _read(lundi: date) -> _Semaine:
    debut, fin = (timezone.make_aware(datetime.combine(j, time.min)) for j in (lundi, lundi + timedelta(days=7)))
    de_la_semaine = Evenement.objects.filter(
        instant__gte=debut, instant__lt=fin, acteur__isnull=False, menage_ref__isnull=False
    )
    champs = ("instant", "acteur_id", "menage_ref", "finalite", "details")
    lectures = [
        _Lecture(instant, acteur, menage, finalite, bool(details.get("hors_portefeuille")))
        for instant, acteur, menage, finalite, details in (
            de_la_semaine.filter(acte=LECTURE).order_by("instant", "pk").values_list(*champs)
        )
    ]
    actes = de_la_semaine.exclude(acte=LECTURE).values_list("acteur_id", "menage_ref").distinct()
    lecteurs = Utilisateur.objects.filter(pk__in={lecture.acteur_id for lecture in lectures})
    noms = {pk: fold(nom) for pk, nom in lecteurs.values_list("pk", "last_name")}
    return _Semaine(lectures, frozenset(actes), noms, _occupants({lecture.menage_id for lecture in lectures}))


def _occupants(menages: Iterable[int]) -> dict[int, frozenset[str]]:
    noms: dict[int, set[str]] = defaultdict(set)
    occupations = Occupation.objects.filter(compte__rattachement__menage_id__in=list(menages))
    for menage, nom in occupations.values_list("compte__rattachement__menage_id", "personne__nom"):
        noms[menage].add(fold(nom))
    return {menage: frozenset(lus) for menage, lus in noms.items()}


def _counted(lectures: Iterable[_Lecture]) -> dict[_Cle, dict[str, int]]:
    nombres: dict[_Cle, dict[str, int]] = {}
    for lecture in lectures:
        nombres.setdefault((lecture.acteur_id, lecture.menage_id), {"nombre": 0})["nombre"] += 1
    return nombres


def _outside(vue: _Semaine, _: Mapping[str, Any]) -> dict[_Cle, dict[str, int]]:
    return _counted(lecture for lecture in vue.lectures if lecture.hors_portefeuille)


def _off_hours(vue: _Semaine, regle: Mapping[str, Any]) -> dict[_Cle, dict[str, int]]:
    def is_off(instant: datetime) -> bool:
        local = timezone.localtime(instant)
        return local.weekday() >= _SAMEDI or not regle["debut"] <= local.hour < regle["fin"]

    return _counted(lecture for lecture in vue.lectures if is_off(lecture.instant))


def _same_name(vue: _Semaine, regle: Mapping[str, Any]) -> dict[_Cle, dict[str, int]]:
    """A common name is common: the rule asks, it does not conclude."""

    def is_same(lecture: _Lecture) -> bool:
        nom = vue.noms.get(lecture.acteur_id, "")
        return len(nom) >= regle["longueur"] and nom in vue.occupants.get(lecture.menage_id, frozenset())

    return _counted(filter(is_same, vue.lectures))


def _repeated(vue: _Semaine, regle: Mapping[str, Any]) -> dict[_Cle, dict[str, int]]:
    return {
        cle: nombres
        for cle, nombres in _counted(vue.lectures).items()
        if nombres["nombre"] >= regle["lectures"] and cle not in vue.actes
    }


def _burst(vue: _Semaine, regle: Mapping[str, Any]) -> dict[_Cle, dict[str, int]]:
    """Households read in the busiest window of each reader, when it holds many."""
    par_lecteur: dict[int, list[_Lecture]] = defaultdict(list)
    for lecture in vue.lectures:
        par_lecteur[lecture.acteur_id].append(lecture)
    duree = timedelta(minutes=regle["minutes"])
    trouvees: dict[_Cle, dict[str, int]] = {}
    for acteur, lectures in par_lecteur.items():
        menages = max((_window(lectures, rang, duree) for rang in range(len(lectures))), key=len)
        if len(menages) >= regle["menages"]:
            trouvees |= {(acteur, menage): {"nombre": len(menages)} for menage in menages}
    return trouvees


def _window(lectures: Sequence[_Lecture], rang: int, duree: timedelta) -> set[int]:
    fin = bisect_left(lectures, lectures[rang].instant + duree, key=lambda lecture: lecture.instant)
    return {lecture.menage_id for lecture in lectures[rang:fin]}


_GENRES: Mapping[str, _Regle] = {
    "hors_portefeuille": _outside,
    "rafale": _burst,
    "hors_horaires": _off_hours,
    "meme_nom": _same_name,
    "repetition": _repeated,
}

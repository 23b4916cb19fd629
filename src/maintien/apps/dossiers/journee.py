"""The worklist. Identifiers first, by an index; then what the page shows, in a number of queries that never grows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from maintien.apps.dossiers.enums import EtatProposition
from maintien.apps.dossiers.lignes import TAILLE, DossierListe, EtapeListe, read_dossiers, read_figures, running_pauses
from maintien.apps.dossiers.listes import (
    COMPTE_MAX,
    JOURNEE,
    JOURS_MAX,
    MOI,
    Filtres,
    Onglet,
    read_begun,
    read_counts,
    read_ids,
    read_kinds,
    read_settled,
)
from maintien.apps.dossiers.models import Pause
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import has_permission
from maintien.apps.organismes.selectors import working_day
from maintien.coeur.orientation.classement import Classement, decouper

__all__ = [
    "COMPTE_MAX",
    "JOURS_MAX",
    "MOI",
    "DossierListe",
    "EtapeListe",
    "Filtres",
    "LigneListe",
    "Liste",
    "Onglet",
    "genres_proposes",
    "tab_counts",
    "worklist",
]


class LigneListe(NamedTuple):
    """One household of a list, its figures summed over its accounts, the step that comes first and the others."""

    dossier: DossierListe
    proposition: EtapeListe | None
    suites: tuple[EtapeListe, ...] = ()
    pause: Pause | None = None
    dette_locative_centimes: int = 0
    dette_exigible_centimes: int = 0
    date_plus_ancien: date | None = None

    @property
    def etapes(self) -> tuple[EtapeListe, ...]:
        return self.suites if self.proposition is None else (self.proposition, *self.suites)

    @property
    def minutes(self) -> int:
        return sum(etape.minutes for etape in self.etapes)


@dataclass(frozen=True, slots=True)
class Liste:
    """A page of the worklist. `has_suite`: there is more, on the next page or beyond the minutes of the day.

    `nb_faits` are households, `nb_etapes` the steps that were dealt with, in whatever household.
    """

    au: date
    onglet: Onglet
    lignes: tuple[LigneListe, ...]
    is_coupee: bool
    has_suite: bool
    minutes_par_jour: int
    minutes_faites: int
    nb_faits: int
    nb_etapes: int

    @property
    def minutes_prevues(self) -> int:
        """Minutes of the day, those already spent included."""
        return self.minutes_faites + sum(ligne.minutes for ligne in self.lignes)


def worklist(appartenance: Appartenance, onglet: Onglet, filtres: Filtres) -> Liste:
    jour = working_day(appartenance.organisme)
    bilan = _settled_today(appartenance, jour)
    is_coupee = onglet == Onglet.A_FAIRE and not filtres.tout and not filtres.recherche
    debut = 0 if is_coupee else (filtres.page - 1) * TAILLE
    page = (debut, debut + TAILLE + 1)
    ids = read_ids(appartenance, onglet, filtres, jour, page)
    # The kind that is asked for shows first in the list of what is to do.
    genre = filtres.genre if onglet == Onglet.A_FAIRE else ""
    lignes = _rows(ids[:TAILLE], genre, has_classement=is_coupee)
    if is_coupee:
        lignes = _cut(lignes, appartenance.minutes_par_jour, bilan)
        commences = bilan.commences - {ligne.dossier.pk for ligne in lignes}
        if commences:
            lignes += _begun_today(appartenance, filtres, commences)
    montres = {ligne.dossier.pk for ligne in lignes}
    return Liste(
        au=jour,
        onglet=onglet,
        lignes=tuple(_complete(lignes, jour if onglet == Onglet.EN_PAUSE else None)),
        is_coupee=is_coupee,
        has_suite=any(pk not in montres for pk in ids),
        minutes_par_jour=appartenance.minutes_par_jour,
        minutes_faites=bilan.minutes,
        nb_faits=bilan.menages,
        nb_etapes=bilan.etapes,
    )


def tab_counts(appartenance: Appartenance, filtres: Filtres) -> dict[Onglet, int]:
    """How many households each tab holds, `COMPTE_MAX` meaning « at least »."""
    nombres = read_counts(appartenance, filtres, working_day(appartenance.organisme))
    return dict(zip(Onglet, nombres, strict=True))


def genres_proposes(appartenance: Appartenance) -> list[str]:
    """Kinds of steps to do in the dossiers that this person may see, for the filter."""
    if not has_permission(appartenance, JOURNEE):
        return []
    return read_kinds(appartenance, working_day(appartenance.organisme))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What the cut of the core looks at: minutes of a household, those that the law imposes, whether it presses."""

    ligne: LigneListe
    minutes: int
    classement: Classement
    minutes_loi: int


def _cut(lignes: Sequence[LigneListe], minutes_par_jour: int, faites: "_BilanDuJour") -> list[LigneListe]:
    """The first households that fit in the minutes left. When none are left, only those for which the law presses."""
    candidates = [_candidate(ligne) for ligne in lignes]
    minutes = minutes_par_jour - faites.minutes
    if minutes <= 0:
        gardees = [candidate for candidate in candidates if candidate.classement.palier == 0]
    else:
        menages = faites.minutes - faites.minutes_loi
        gardees = decouper(candidates, minutes, faites_loi=faites.minutes_loi, faites_menages=menages)[0]
    return [candidate.ligne for candidate in gardees]


def _begun_today(appartenance: Appartenance, filtres: Filtres, commences: Collection[int]) -> list[LigneListe]:
    """Households that this user helped today and whose legal step is left: below the list, in the order of ranks.

    Whoever has just called knows what there is to report; at its own rank the step would be out of sight by tonight.
    """
    return _rows(read_begun(appartenance, filtres, commences)[:TAILLE], filtres.genre, has_classement=True)


def _candidate(ligne: LigneListe) -> _Candidate:
    palier = min(int(etape.classement.get("palier", 1)) for etape in ligne.etapes)
    minutes_loi = sum(etape.minutes for etape in ligne.etapes if etape.imposee)
    return _Candidate(ligne, ligne.minutes, Classement(palier, 0, 0, 0, 0, None), minutes_loi)


@dataclass(frozen=True, slots=True)
class _BilanDuJour:
    """`minutes_loi`: those of the steps that the law asks of the landlord, counted in `minutes` too.

    `commences`: the dossiers where this user did one step and others are left.
    """

    menages: int
    etapes: int
    commences: frozenset[int]
    minutes: int
    minutes_loi: int


def _settled_today(appartenance: Appartenance, jour: date) -> _BilanDuJour:
    """What this user dealt with today: households with nothing left to do, steps, and the minutes of those done.

    A household whose step was put off, or tried without an answer, is not behind one: it comes back.

    A step is dated by the day on which the list stood, or by the calendar when the night of today has not run.
    """
    traitees = read_settled(appartenance.utilisateur_id, (jour, timezone.localdate()))
    faites = [etape for etape in traitees if etape.etat == EtatProposition.FAITE]
    finis = {etape.dossier_id for etape in traitees if not etape.has_reste and etape.etat != EtatProposition.REPORTEE}
    return _BilanDuJour(
        menages=len(finis),
        etapes=len(traitees),
        commences=frozenset(etape.dossier_id for etape in faites if etape.has_reste),
        minutes=sum(etape.minutes for etape in faites),
        minutes_loi=sum(etape.minutes for etape in faites if etape.imposee),
    )


def _rows(dossier_ids: Sequence[int], genre: str, *, has_classement: bool) -> list[LigneListe]:
    """One row a dossier, in this order."""
    if not dossier_ids:
        return []
    trouves = read_dossiers(dossier_ids, has_classement=has_classement)
    return [_row(*trouves[pk], genre) for pk in dossier_ids if pk in trouves]


def _row(dossier: DossierListe, etapes: Sequence[EtapeListe], genre: str) -> LigneListe:
    """The step asked for by its kind, else the first; then what the law asks, and one step of the household in all."""
    principale = next((etape for etape in etapes if genre in ("", etape.genre)), None)
    suites: list[EtapeListe] = []
    has_libre = principale is not None and not principale.imposee
    for etape in etapes:
        if etape is not principale and (etape.imposee or not has_libre):
            suites.append(etape)
            has_libre = has_libre or not etape.imposee
    return LigneListe(dossier, principale, tuple(suites))


def _complete(lignes: list[LigneListe], jour: date | None) -> list[LigneListe]:
    """Add the figures of the household, and on this day the running pause: a query each, however many rows."""
    if not lignes:
        return []
    figures = read_figures([ligne.dossier.menage_id for ligne in lignes])
    pauses = {} if jour is None else running_pauses([ligne.dossier.pk for ligne in lignes], jour)
    return [
        ligne._replace(pause=pauses.get(ligne.dossier.pk), **figures.get(ligne.dossier.menage_id, {}))
        for ligne in lignes
    ]

"""The journal: who did what, on what, for whom, why. Written in the transaction of the act itself, or not at all.

An act opens its transaction with `journal.atomic()`: its lines are then written last of all, so that the head of the
chain, which everybody of the organisme needs, is locked for the shortest time and after every other row. In a plain
transaction a line is written where it stands: `record` should then be the last thing that the transaction does.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from maintien.apps.socle import chaine
from maintien.apps.socle.chaine import frozen
from maintien.apps.socle.enums import Finalite, Flux
from maintien.apps.socle.models import Evenement, EvenementPlateforme, LigneJournal
from maintien.apps.socle.origine import current_origin

LECTURE = "dossier.lecture"
_MENAGE = "dossiers.menage"
# The lines of the acts under way in this thread; nothing when none is.
_ATTENTE: ContextVar[list[LigneJournal] | None] = ContextVar("journal", default=None)


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of a lot written by a job, which has no author."""

    acte: str
    objet: models.Model
    details: Mapping[str, Any] = field(default_factory=dict)
    motif: str = ""


@contextmanager
def atomic() -> Iterator[None]:
    """A transaction, or a savepoint in one, whose lines of journal are written at the end of the outermost of these.

    A block that fails takes its own lines with it, as its savepoint takes its rows.
    """
    dehors = _ATTENTE.get()
    lignes: list[LigneJournal] = []
    jeton = _ATTENTE.set(lignes)
    try:
        with transaction.atomic():
            yield
            # A trial is to be rolled back: it must not hold the head until then.
            if dehors is None and lignes and not transaction.get_rollback():
                chaine.append(lignes)
        if dehors is not None:
            dehors.extend(lignes)
    finally:
        _ATTENTE.reset(jeton)


def record(
    acte: str,
    objet: models.Model | None = None,
    *,
    acteur: AbstractBaseUser | None = None,
    motif: str = "",
    finalite: Finalite | None = None,
    **details: Any,
) -> Evenement:
    """Write one line for the organisme in scope.

    `details` and `motif` hold identifiers, codes, counts and sentences of the program only: no name, no coordinate, no
    text that somebody typed, since the journal outlives the erasure of a person. The household concerned is that of
    `objet`; an object that does not lead to one says it by `menage`.
    """
    menage = details.get("menage")
    evenement = Evenement(
        objet_type="" if objet is None else _genre(objet),
        objet_id=None if objet is None else objet.pk,
        menage_ref=_menage_of(objet) or (menage if isinstance(menage, int) else None),
        **_common(acte, acteur, motif, finalite, details),
    )
    evenement.check_scope()
    _write([evenement])
    return evenement


def record_lecture(
    dossier: models.Model,
    finalite: Finalite,
    *,
    acteur: AbstractBaseUser,
    hors_portefeuille: bool = False,
    **details: Any,
) -> Evenement:
    """Write that somebody read a dossier, and to what end. The weekly list of unusual readings starts from these."""
    return record(
        LECTURE, dossier, acteur=acteur, finalite=Finalite(finalite), hors_portefeuille=hors_portefeuille, **details
    )


def record_plateforme(
    acte: str, objet: models.Model | None = None, *, acteur: AbstractBaseUser | None = None, **details: Any
) -> EvenementPlateforme:
    """Write one line of what belongs to no organisme: a login, a change of the platform itself."""
    evenement = EvenementPlateforme(
        objet_type="" if objet is None else _genre(objet),
        objet_id=None if objet is None else objet.pk,
        **{**_common(acte, acteur, "", None, details), "flux": Flux.PLATEFORME.value},
    )
    _write([evenement])
    return evenement


def record_many(lignes: Iterable[Ligne]) -> None:
    """Write the lines of a lot, in few statements; same rules as `record`."""
    evenements = [
        Evenement(
            objet_type=_genre(ligne.objet),
            objet_id=ligne.objet.pk,
            menage_ref=_menage_of(ligne.objet),
            **_common(ligne.acte, None, ligne.motif, None, ligne.details),
        )
        for ligne in lignes
    ]
    for evenement in evenements:
        evenement.check_scope()
    _write(evenements)


def _common(
    acte: str,
    acteur: AbstractBaseUser | None,
    motif: str,
    finalite: Finalite | None,
    details: Mapping[str, Any],
) -> dict[str, Any]:
    origine = current_origin()
    return {
        "instant": timezone.now(),
        "acteur_id": None if acteur is None else acteur.pk,
        "role": origine.role if acteur is not None else "",
        "acte": frozen(acte),
        "finalite": "" if finalite is None else finalite.value,
        "motif": frozen(motif),
        "details": frozen(details),
        "session": origine.session,
        "adresse": origine.adresse,
        "flux": (Flux.ACTES if acteur is not None or origine.is_requete else Flux.TRAVAUX).value,
    }


def _write(evenements: list[Any]) -> None:
    if not evenements:
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"journal: « {evenements[0].acte} » must be recorded in the transaction of the act.")
    attente = _ATTENTE.get()
    if attente is None:
        chaine.append(evenements)
    else:
        attente.extend(evenements)


def _genre(objet: models.Model) -> str:
    return objet._meta.label_lower  # noqa: SLF001


def _menage_of(objet: models.Model | None) -> int | None:
    """The household of a dossier, of a fact, of a step whose dossier was read, or the household itself."""
    if objet is None:
        return None
    if _genre(objet) == _MENAGE:
        return int(objet.pk)
    menage = getattr(objet, "menage_id", None)
    if menage is None:
        dossier = objet._state.fields_cache.get("dossier")  # noqa: SLF001
        menage = getattr(dossier, "menage_id", None)
    return menage

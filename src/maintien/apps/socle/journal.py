"""The journal: who did what, on what, why. Written in the transaction of the act itself, or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from maintien.apps.socle.models import Evenement


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of a lot written by a job, which has no author."""

    acte: str
    objet: models.Model
    details: Mapping[str, Any] = field(default_factory=dict)
    motif: str = ""


def record(
    acte: str,
    objet: models.Model | None = None,
    *,
    acteur: AbstractBaseUser | None = None,
    motif: str = "",
    **details: Any,
) -> Evenement:
    """Write one line for the organisme in scope.

    `details` and `motif` hold identifiers, codes, counts and sentences of the program only: no name, no coordinate, no
    text that somebody typed, since the journal outlives the erasure of a person.
    """
    _check_transaction(acte)
    return Evenement.objects.create(
        acte=acte,
        acteur_id=acteur.pk if acteur is not None else None,
        objet_type="" if objet is None else _genre(objet),
        objet_id=None if objet is None else objet.pk,
        motif=motif,
        details=details,
    )


def record_many(lignes: Iterable[Ligne]) -> None:
    """Write the lines of a lot, in few statements; same rules as `record`."""
    evenements = [
        Evenement(
            acte=ligne.acte,
            objet_type=_genre(ligne.objet),
            objet_id=ligne.objet.pk,
            motif=ligne.motif,
            details=dict(ligne.details),
        )
        for ligne in lignes
    ]
    if evenements:
        _check_transaction(evenements[0].acte)
    Evenement.objects.bulk_create(evenements, batch_size=1000)


def _genre(objet: models.Model) -> str:
    return objet._meta.label_lower  # noqa: SLF001


def _check_transaction(acte: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"journal: « {acte} » must be recorded in the transaction of the act.")

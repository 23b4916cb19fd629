"""The journal: who did what, on what, why. Written in the transaction of the act itself, or not at all."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from maintien.apps.socle.models import Evenement


def record(
    acte: str,
    objet: models.Model | None = None,
    *,
    acteur: AbstractBaseUser | None = None,
    motif: str = "",
    **details: Any,
) -> Evenement:
    """Write one line for the organisme in scope.

    `details` holds identifiers, codes and counts only: no name, no coordinate, no text of a note, since the journal
    outlives the erasure of a person.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"journal: « {acte} » must be recorded in the transaction of the act.")
    return Evenement.objects.create(
        acte=acte,
        acteur_id=acteur.pk if acteur is not None else None,
        objet_type="" if objet is None else objet._meta.label_lower,  # noqa: SLF001
        objet_id=None if objet is None else objet.pk,
        motif=motif,
        details=details,
    )

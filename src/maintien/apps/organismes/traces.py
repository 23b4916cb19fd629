"""Acts of a person on the account itself belong to no organisme: each one where the person works gets its line."""

from typing import Any

from maintien.apps.organismes.models import Utilisateur
from maintien.apps.organismes.selectors import memberships_of
from maintien.apps.socle import journal
from maintien.apps.socle.portee import organisme_scope


def record_for(utilisateur: Utilisateur, acte: str, **details: Any) -> None:
    for appartenance in memberships_of(utilisateur):
        with journal.atomic(), organisme_scope(appartenance.organisme):
            journal.record(acte, appartenance, acteur=utilisateur, utilisateur=utilisateur.pk, **details)

"""Why somebody opens a dossier that is not of his portfolio: said once a session, and kept with it.

The session keeps identifiers and codes only. Nobody is asked twice in one session for the same dossier.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.enums import Finalite

CLE_SESSION = "finalites"
# A session that opens more dossiers than this out of its portfolio is asked again for the oldest.
FINALITES_MAX = 500


# What a reading may be for; an export or the journal may have other reasons.
DE_LECTURE = (
    Finalite.APPEL,
    Finalite.REMPLACEMENT,
    Finalite.REPRISE,
    Finalite.REUNION,
    Finalite.ENCADREMENT,
    Finalite.DROITS,
    Finalite.SUIVI,
)


class FinaliteRequiseError(Exception):
    """The dossier may be opened once a purpose is said. `dossier`: its key."""

    def __init__(self, dossier: int) -> None:
        super().__init__(f"Le dossier {dossier} s'ouvre après avoir dit pourquoi.")
        self.dossier = dossier


def bind(appartenance: Appartenance, session: Mapping[str, Any]) -> None:
    """Give the membership of a request the purposes that its session holds for this organisme."""
    dites = session.get(CLE_SESSION, {}).get(str(appartenance.organisme_id), {})
    appartenance.finalites = {int(dossier): Finalite(code) for dossier, code in dites.items()}


def say(appartenance: Appartenance, session: MutableMapping[str, Any], dossier: int, finalite: Finalite) -> None:
    toutes = dict(session.get(CLE_SESSION, {}))
    dites = dict(toutes.get(str(appartenance.organisme_id), {}))
    dites.pop(str(dossier), None)
    dites[str(dossier)] = finalite.value
    for ancien in list(dites)[:-FINALITES_MAX]:
        del dites[ancien]
    toutes[str(appartenance.organisme_id)] = dites
    session[CLE_SESSION] = toutes
    bind(appartenance, session)


def said(appartenance: Appartenance, dossier: int) -> Finalite | None:
    code = appartenance.finalites.get(dossier)
    return None if code is None else Finalite(code)

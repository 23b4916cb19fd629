"""What changed in a dossier since a person read it, in words, from the journal."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from maintien.apps.dossiers.enums import CauseImpaye, MotifPause
from maintien.apps.dossiers.models import Dossier
from maintien.apps.socle.models import Evenement
from maintien.coeur.calendrier import format_jour

_MAX = 20


def changes_since(dossier: Dossier, version: int) -> list[str]:
    """One sentence for each change after `version`, oldest first. Identifiers of the journal become names here."""
    evenements = (
        Evenement.objects.filter(objet_type="dossiers.dossier", objet_id=dossier.pk, details__version__gt=version)
        .select_related("acteur")
        .order_by("pk")[:_MAX]
    )
    return [f"{_quoi(e.acte, e.details.get('donnees', {}))}{_qui(e)}" for e in evenements]


def _qui(evenement: Evenement) -> str:
    return f" par {evenement.acteur}" if evenement.acteur else ""


def _quoi(acte: str, details: Mapping[str, Any]) -> str:
    dire = _PHRASES.get(acte)
    return dire(details) if dire else "dossier modifié"


def _cause(details: Mapping[str, Any]) -> str:
    return f"cause « {CauseImpaye(details['cause']).label} » notée"


def _pause(details: Mapping[str, Any]) -> str:
    if details.get("levee"):
        return "pause levée"
    fin = format_jour(date.fromisoformat(details["au"]))
    return f"pause « {MotifPause(details['motif']).label} » posée jusqu'au {fin}"


def _duo(_: Mapping[str, Any]) -> str:
    return "duo changé"


def _fixe(phrase: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda _: phrase


def _nuit(_: Mapping[str, Any]) -> str:
    return "niveau ou cause mis à jour par la passe de nuit"


_PHRASES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "dossier.cause": _cause,
    "dossier.pause": _pause,
    "dossier.reattribution": _duo,
    "dossier.changement": _nuit,
    "dossier.secteur": _fixe("secteur changé avec celui du logement"),
    "menage.deces": _fixe("décès noté"),
    "menage.protection": _fixe("mesure de protection notée"),
    "menage.restriction": _fixe("contact restreint posé"),
    "menage.rapprochement": _fixe("ménages rapprochés ou distingués"),
    "protection.placer": _fixe("conditions de contact revues"),
    "protection.nommes": _fixe("conditions de contact revues"),
    "protection.voies": _fixe("conditions de contact revues"),
    "protection.levee_demandee": _fixe("conditions de contact à revoir"),
    "protection.levee_confirmee": _fixe("conditions de contact revues"),
    "protection.levee_refusee": _fixe("conditions de contact gardées"),
    "menage.correction": _fixe("décès ou mesure de protection corrigés"),
}

"""How the scenarios of the protected household place it, name on it and lift it."""

from datetime import date
from typing import Any

from maintien.apps.dossiers import attention, levees
from maintien.apps.dossiers.enums import (
    MotifLevee,
    MotifRestriction,
)
from maintien.apps.dossiers.models import (
    Dossier,
    PersonneNommee,
)
from maintien.apps.organismes.models import Appartenance


def placer(membre: Appartenance, dossier: Dossier, **champs: Any) -> Dossier:
    dossier.refresh_from_db()
    duo = [pk for pk in (dossier.referent_id, dossier.cesf_id) if pk]
    ordinaire: dict[str, Any] = {
        "motif": MotifRestriction.VIOLENCES,
        "depuis": date(2026, 11, 20),
        "nommes": duo,
        "voies": {},
        "version": dossier.version,
    }
    return attention.place(membre, dossier, **ordinaire | champs)


def nommes(menage_id: int) -> set[int]:
    return set(PersonneNommee.objects.filter(menage_id=menage_id).values_list("utilisateur_id", flat=True))


def lever(demandeur: Appartenance, repondeur: Appartenance, dossier: Dossier) -> None:
    levees.ask_lifting(demandeur, dossier, motif=MotifLevee.DEMANDE, version=dossier.version)
    dossier.refresh_from_db()
    levees.answer_lifting(repondeur, dossier, accord=True, version=dossier.version)
    dossier.refresh_from_db()

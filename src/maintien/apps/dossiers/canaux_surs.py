"""By which way each person of a protected household may be reached; and whose coordinates no file may touch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from maintien.apps.comptes.models import Occupation
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES
from maintien.apps.dossiers.enums import VoieContact
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.apps.dossiers.models import CanalSur

LONGUEUR_MAX = 200


@dataclass(frozen=True, slots=True)
class Voie:
    """What a person of the team says of one occupant: the way, the number or the third person, and when."""

    voie: VoieContact = VoieContact.AUCUNE
    valeur: str = ""
    horaires: str = ""


def tenants_of(menage_ids: Collection[int]) -> set[int]:
    """Everybody named as a tenant there, on whatever lease: whoever left may be found through it."""
    tenues = Occupation.objects.filter(compte__rattachement__menage_id__in=menage_ids, role__in=ROLES_LOCATAIRES)
    return set(tenues.values_list("personne_id", flat=True))


def kept_people_query() -> QuerySet[CanalSur, int]:
    """Keys of those whose coordinates stay aside until somebody says that those of the file are good."""
    return CanalSur.objects.exclude(voie=VoieContact.FICHIER).values_list("personne_id", flat=True)


def kept_people() -> set[int]:
    return set(kept_people_query())


def kept_menages(menage_ids: Collection[int]) -> set[int]:
    """Households whose place is not said, for one of their people at least."""
    gardes = CanalSur.objects.filter(menage_id__in=menage_ids).exclude(voie=VoieContact.FICHIER)
    return set(gardes.values_list("menage_id", flat=True))


def check_voies(voies: Mapping[int, Voie], tenants: Collection[int], *, is_protege: bool) -> None:
    """One way a person; refused when it says nothing of how, or when the file would be believed too early."""
    for personne, dite in voies.items():
        if personne not in tenants:
            raise SaisieRefuseeError("Choisissez une personne de ce ménage.")
        if dite.voie == VoieContact.FICHIER and is_protege:
            raise SaisieRefuseeError(
                "Tant que la protection dure, les coordonnées du progiciel restent de côté.", f"voie_{personne}"
            )
        is_a_dire = dite.voie in (VoieContact.TELEPHONE, VoieContact.COURRIEL, VoieContact.TIERS)
        if is_a_dire and not dite.valeur.strip():
            raise SaisieRefuseeError("Écrivez le numéro, l'adresse ou qui joindre.", f"valeur_{personne}")
        for champ, texte in (("valeur", dite.valeur), ("horaires", dite.horaires)):
            if len(texte.strip()) > LONGUEUR_MAX:
                raise SaisieRefuseeError(f"Ce texte dépasse {LONGUEUR_MAX} caractères.", f"{champ}_{personne}")

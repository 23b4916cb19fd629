"""Whether the telephone numbers of a household are those that proved wrong: compared, never copied into a fact."""

from collections import defaultdict
from collections.abc import Collection

from django.utils.crypto import salted_hmac

from maintien.apps.comptes.models import Occupation
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES

_SEL = "maintien.dossiers.coordonnees"
_LONGUEUR = 16


def telephone_marks(menage_ids: Collection[int]) -> dict[int, str]:
    """A keyed mark of the numbers of the tenants of each household; it changes when one of them does."""
    numeros: dict[int, set[str]] = defaultdict(set)
    occupations = Occupation.objects.filter(
        compte__rattachement__menage_id__in=menage_ids, role__in=ROLES_LOCATAIRES
    ).values_list("compte__rattachement__menage_id", "personne__telephone")
    for menage_id, telephone in occupations:
        numeros[menage_id].add("".join(caractere for caractere in telephone if caractere.isdecimal()))
    return {menage_id: _mark(siens) for menage_id, siens in numeros.items()}


def _mark(numeros: Collection[str]) -> str:
    return salted_hmac(_SEL, "|".join(sorted(numeros)), algorithm="sha256").hexdigest()[:_LONGUEUR]

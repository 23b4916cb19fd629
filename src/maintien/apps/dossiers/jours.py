"""Days that a person types: neither to come, nor so old that the year must be wrong."""

from datetime import date

from django.db.models import Min
from django.utils import timezone

from maintien.apps.comptes.models import Bail
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.coeur.calendrier import format_jour

JOURS_D_UN_AN = 366


def refuse_strange_day(jour: date, champ: str, *, menage: int, jours: int) -> None:
    """A day on which something happened to a household: at most so many days ago, and not before its first lease."""
    aujourd_hui = timezone.localdate()
    if jour > aujourd_hui:
        raise SaisieRefuseeError(f"Le {format_jour(jour)} est à venir : indiquez le jour où cela s'est passé.", champ)
    if (aujourd_hui - jour).days > jours:
        duree = "d'un an" if jours <= JOURS_D_UN_AN else f"de {jours // JOURS_D_UN_AN} ans"
        raise SaisieRefuseeError(f"Le {format_jour(jour)} remonte à plus {duree} : vérifiez l'année.", champ)
    baux = Bail.objects.filter(compte__rattachement__menage_id=menage)
    entree = baux.aggregate(premiere=Min("date_entree"))["premiere"]
    if entree is not None and jour < entree <= aujourd_hui:
        raise SaisieRefuseeError(
            f"Le {format_jour(jour)} précède l'entrée du ménage, le {format_jour(entree)} : vérifiez ce jour.", champ
        )

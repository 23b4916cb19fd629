"""Numbers that an organisme sets for itself, each from a day on."""

from datetime import date
from typing import Any

from maintien.apps.socle import journal
from maintien.apps.socle.enums import NomReglage
from maintien.apps.socle.models import Reglage

DEFAUTS = {NomReglage.JOURNAL_MOIS: 12, NomReglage.EXTRACTION_MENAGES: 200}
BORNES = {NomReglage.JOURNAL_MOIS: (6, 60), NomReglage.EXTRACTION_MENAGES: (0, 10_000)}
"""The journal: six months are what the CNIL expects at least, and what the database holds on to (declencheurs.py)."""


class ReglageRefuseError(ValueError):
    """The number is out of its bounds; the message says them."""


def set_value(nom: NomReglage, valeur: int, depuis: date) -> Reglage:
    """From this day on, for the organisme in scope. A former value keeps its days, and the journal its trace."""
    bas, haut = BORNES[nom]
    if not bas <= valeur <= haut:
        raise ReglageRefuseError(f"« {nom.label} » : un nombre de {bas} à {haut}, pas {valeur}.")
    with journal.atomic():
        avant = setting(nom, depuis)
        reglage = Reglage.objects.create(nom=nom, valeur=valeur, depuis=depuis)
        details: dict[str, Any] = {"nom": nom.value, "avant": avant, "valeur": valeur, "depuis": depuis.isoformat()}
        journal.record("organisme.regler", reglage, **details)
    return reglage


def setting(nom: NomReglage, au: date) -> int:
    """The value that holds on this day for the organisme in scope."""
    poses = Reglage.objects.filter(nom=nom, depuis__lte=au).order_by("-depuis", "-pk")
    valeur = poses.values_list("valeur", flat=True).first()
    return DEFAUTS[nom] if valeur is None else valeur

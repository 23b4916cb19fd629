"""How old the situation on screen is, and from which day delays are counted."""

from datetime import date

from django.utils import timezone

from maintien.coeur.calendrier import format_jour
from maintien.web.communs.typographie import pluriel

SITUATION_ANCIENNE_JOURS = 7
"""A pass runs every night: the longest run of closed days (a Friday to the Wednesday after Easter or Christmas) leaves
five days between two of them. After a week, nights are missing, or the files are those of another time."""


def age_de_la_situation(au: date) -> int:
    """Days between the situation shown and the reader."""
    return max(0, (timezone.localdate() - au).days)


def is_ancienne(au: date) -> bool:
    return age_de_la_situation(au) > SITUATION_ANCIENNE_JOURS


def jour_des_delais(au: date) -> date:
    """The day that delays are counted from. Today: a delay does not wait for the next pass.

    When the situation is old, its own day: « late by 2 150 days » would be said of people who paid long ago.
    """
    return au if is_ancienne(au) else max(au, timezone.localdate())


def avis_ancienne(au: date) -> str:
    """What is told to whoever reads an old situation; empty when it is of these days."""
    if not is_ancienne(au):
        return ""
    return (
        f"Situation ancienne : elle est du {format_jour(au)}, "
        f"il y a {pluriel(age_de_la_situation(au), 'jour,jours')}. "
        "Les délais sont comptés de ce jour-là, et ce qui a été payé depuis n’est pas connu. Avant de joindre "
        "quelqu’un, importez les derniers exports, puis lancez la passe de nuit (maintien nuit)."
    )

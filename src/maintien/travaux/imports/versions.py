"""Which of two files has the last word on a lease, a person or a plan: the one established last, not read last.

A card is dated by its own column (`etabli_le`), else by the name of its file, through the group `periode` of the
profile: a month stands for its last day. Nothing dates it: it replaces the known one, since it was delivered last, and
the report says so.
"""

from dataclasses import dataclass
from datetime import date

from maintien.coeur.calendrier import fin_de_mois, parse_periode

_MOIS, _JOUR = 6, 8


@dataclass(slots=True)
class Versions:
    """The day on which the file in hand was established; how many known cards it replaced with nothing to date it, and
    how many were kept against it."""

    etabli_le: date | None = None
    remplacees: int = 0
    depassees: int = 0

    def phrase(self) -> str:
        """What the report says; nothing when no card was at stake."""
        phrases = []
        if self.depassees:
            quoi = "Une fiche vient" if self.depassees == 1 else f"{self.depassees} fiches viennent"
            gardees = "gardée" if self.depassees == 1 else "gardées"
            phrases.append(f"{quoi} d'un fichier plus récent déjà livré : {gardees} en l'état.")
        if self.remplacees:
            quoi = "une fiche connue a" if self.remplacees == 1 else f"{self.remplacees} fiches connues ont"
            phrases.append(
                f"Rien ne date ce fichier : {quoi} pris ses valeurs, parce qu'il est livré en dernier ; "
                "mettez le mois ou le jour dans son nom."
            )
        return " ".join(phrases)


def is_older(jour: date | None, connue: date | None) -> bool:
    """The known card was established after this one."""
    return jour is not None and connue is not None and jour < connue


def established_on(periode: str) -> date | None:
    """The day that the name of a file tells: « 202610 » is the end of October, « 20261012 » that day."""
    if not (periode.isascii() and periode.isdigit()):
        return None
    try:
        if len(periode) == _MOIS:
            return fin_de_mois(parse_periode(f"{periode[:4]}-{periode[4:]}"))
        if len(periode) == _JOUR:
            return date(int(periode[:4]), int(periode[4:6]), int(periode[6:]))
    except ValueError:
        return None
    return None

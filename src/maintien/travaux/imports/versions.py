"""Which of two files has the last word on a lease, a person or a plan: the one established last, not read last.

A file is dated by its name, through the group `periode` of its profile: a month stands for its last day. Nothing
dates it: its cards replace the known ones, since it was delivered last, and the report says so.
"""

from dataclasses import dataclass
from datetime import date

from maintien.coeur.calendrier import fin_de_mois, parse_periode

_MOIS, _JOUR = 6, 8


@dataclass(slots=True)
class Versions:
    """The day on which the file in hand was established, and what that decided."""

    etabli_le: date | None = None
    remplacees: int = 0
    depassees: int = 0

    def is_depassee(self, origine_le: date | None) -> bool:
        """The known card comes from a file that was established after this one."""
        return self.etabli_le is not None and origine_le is not None and self.etabli_le < origine_le

    def origine(self, connue: date | None) -> date | None:
        """The day that the card keeps: an undated file takes none away."""
        return connue if self.etabli_le is None else self.etabli_le

    def phrase(self) -> str:
        """What the report says; nothing when no card was at stake."""
        phrases = []
        if self.depassees:
            quoi = "Une fiche vient" if self.depassees == 1 else f"{self.depassees} fiches viennent"
            gardees = "gardée" if self.depassees == 1 else "gardées"
            phrases.append(f"{quoi} d'un fichier plus récent déjà livré : {gardees} en l'état.")
        if self.etabli_le is None and self.remplacees:
            quoi = "une fiche connue a" if self.remplacees == 1 else f"{self.remplacees} fiches connues ont"
            phrases.append(
                f"Rien ne date ce fichier : {quoi} pris ses valeurs, parce qu'il est livré en dernier ; "
                "mettez le mois ou le jour dans son nom."
            )
        return " ".join(phrases)


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

"""First step: the mirror holds every delivery."""

from maintien.travaux.miroir import catch_up
from maintien.travaux.nuit.passage import Passage


def bring_mirror(passage: Passage) -> int:
    """Bring the mirror up to date, or make it again; returns the last delivery that it holds."""
    passage.tell("miroir")
    return catch_up(passage.organisme)

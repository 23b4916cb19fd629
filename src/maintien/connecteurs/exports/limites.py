"""Bounds of everything that is read from outside."""

from dataclasses import dataclass

OCTETS_PROFIL = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limites:
    """A profile may lower or raise these within `PLAFONDS`; a file beyond them is refused."""

    octets: int = 512 * 1024 * 1024
    lignes: int = 5_000_000
    longueur_ligne: int = 8_192
    longueur_champ: int = 1_000
    refus: int = 20_000
    secondes: int = 1_800


PLAFONDS = Limites(
    octets=8 * 1024**3,
    lignes=100_000_000,
    longueur_ligne=65_536,
    longueur_champ=8_192,
    refus=200_000,
    secondes=21_600,
)

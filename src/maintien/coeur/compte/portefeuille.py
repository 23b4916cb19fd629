"""Les situations de tous les comptes d'un bailleur (conventions, C1 et C11)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from maintien.coeur.compte.ecritures import BailCompte, Ecriture, sans_doublons
from maintien.coeur.compte.situation import Situation, situation


@dataclass(frozen=True, slots=True)
class SituationsPortefeuille:
    """Une situation par compte des baux, triées par compte, et les écritures refusées faute de bail."""

    situations: tuple[Situation, ...]
    refusees: tuple[Ecriture, ...]


def situations(ecritures: Iterable[Ecriture], baux: Iterable[BailCompte], au: date) -> SituationsPortefeuille:
    """Rend la situation de chaque compte qui a un bail ; une référence est unique chez un bailleur (C1)."""
    baux_du_compte: dict[str, list[BailCompte]] = defaultdict(list)
    for bail in baux:
        baux_du_compte[bail.compte].append(bail)
    ecritures_du_compte: dict[str, list[Ecriture]] = defaultdict(list)
    refusees: list[Ecriture] = []
    for ecriture in sans_doublons(ecritures):
        if ecriture.compte in baux_du_compte:
            ecritures_du_compte[ecriture.compte].append(ecriture)
        else:
            refusees.append(ecriture)
    return SituationsPortefeuille(
        tuple(situation(ecritures_du_compte[c], baux_du_compte[c], au) for c in sorted(baux_du_compte)),
        tuple(refusees),
    )

"""Les annulations : rejets et extournes qui retirent du calcul une écriture et elles-mêmes (conventions, C3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from maintien.coeur.compte.ecritures import Ecriture

_Annulantes: TypeAlias = Mapping[str, list[Ecriture]]


@dataclass(frozen=True, slots=True)
class Annulation:
    """Une écriture retirée du calcul (`annulee`) et celle qui la retire (`annulante`)."""

    annulante: Ecriture
    annulee: Ecriture


@dataclass(frozen=True, slots=True)
class EcrituresRetenues:
    """Ce qui reste des écritures une fois les annulations faites, et les couples retirés."""

    conservees: tuple[Ecriture, ...]
    annulations: tuple[Annulation, ...]


def retirer_annulees(ecritures: Iterable[Ecriture]) -> EcrituresRetenues:
    """Retire les couples annulante et annulée d'un même compte (C3).

    Une écriture n'agit qu'après celles qui l'annulent : l'annulation d'une annulation rend la première.
    De deux écritures qui annulent la même, la plus tardive (date comptable, puis référence) la prend.
    Dans une boucle, chacune attend ses seules annulantes extérieures, puis de la plus tardive à la première.
    Les écritures à zéro et les doublons sont déjà écartés (`ecritures_connues`).
    Invariant : les couples retirés se compensent, le solde ne change pas.
    """
    toutes = tuple(ecritures)
    par_reference = {ecriture.reference: ecriture for ecriture in toutes}
    annulantes: dict[str, list[Ecriture]] = defaultdict(list)
    for ecriture in toutes:
        if ecriture.reference_annulee != ecriture.reference and ecriture.reference_annulee in par_reference:
            annulantes[ecriture.reference_annulee].append(ecriture)
    if not annulantes:
        return EcrituresRetenues(toutes, ())

    retirees: set[str] = set()
    couples: list[Annulation] = []
    rangees, en_boucle = _cibles_apres_leurs_annulantes(par_reference, annulantes)
    for reference in (*rangees, *en_boucle):
        candidates = [e for e in annulantes[reference] if e.reference not in en_boucle]
        _retirer(par_reference[reference], candidates, retirees, couples)
    for ecriture in sorted((par_reference[r] for r in en_boucle), key=_rang, reverse=True):
        _retirer(par_reference[ecriture.reference_annulee], [ecriture], retirees, couples)
    return EcrituresRetenues(tuple(e for e in toutes if e.reference not in retirees), tuple(couples))


def _rang(ecriture: Ecriture) -> tuple[date, str]:
    return ecriture.date_comptable, ecriture.reference


def _retirer(cible: Ecriture, candidates: list[Ecriture], retirees: set[str], couples: list[Annulation]) -> None:
    """Retire la cible avec la plus tardive des annulantes encore debout et exactement opposées, s'il en est une."""
    possibles = [
        e for e in candidates if e.reference not in retirees and e.montant_centimes == -cible.montant_centimes
    ]
    if possibles and cible.reference not in retirees:
        annulante = max(possibles, key=_rang)
        retirees.update((annulante.reference, cible.reference))
        couples.append(Annulation(annulante, cible))


def _cibles_apres_leurs_annulantes(
    par_reference: Mapping[str, Ecriture], annulantes: _Annulantes
) -> tuple[list[str], frozenset[str]]:
    """Range les écritures visées, aucune avant celles qui l'annulent ; rend à part celles qui s'annulent en boucle.

    Une écriture n'en annule qu'une : ce qui n'est jamais prêt est donc dans une boucle, et non derrière elle.
    """
    attendues = {cible: sum(e.reference in annulantes for e in liste) for cible, liste in annulantes.items()}
    rangees = [cible for cible, nombre in attendues.items() if nombre == 0]
    for reference in rangees:
        suivante = par_reference[reference].reference_annulee
        if suivante in attendues and suivante != reference:
            attendues[suivante] -= 1
            if attendues[suivante] == 0:
                rangees.append(suivante)
    return rangees, frozenset(attendues.keys() - set(rangees))

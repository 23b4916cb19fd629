"""Running the kernel over lots of accounts, several at once, in bounded memory."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np

from maintien.moteurs.colonnes.decoupe import nombre_de_fils
from maintien.moteurs.colonnes.droit import droit, jours
from maintien.moteurs.colonnes.noyau.boucle import situer
from maintien.moteurs.colonnes.noyau.structures import COLONNES, I64, U8, Lignes, etablir_atelier

_local = threading.local()


@dataclass(frozen=True, slots=True)
class Lot:
    """Accounts to compute: where their entries are in `lignes`, and at which places of the result they go."""

    lignes: Lignes
    debuts: I64
    nombres: I64
    presents: U8
    locataires: U8
    places: I64


def calculer(lots: Iterable[Callable[[], Lot]], au: date, sortie: I64, *, avec_impaye: bool = True) -> None:
    """Fill `sortie`, a row a quantity, one lot a thread.

    Each lot is read in the thread that computes it: Arrow reads and the compiled kernel runs without the interpreter
    lock, and one more lot than threads waits, so that no thread does.
    """
    fils = nombre_de_fils()
    en_cours: deque[Future[None]] = deque()
    with ThreadPoolExecutor(fils) as executeur:
        for lot in lots:
            en_cours.append(executeur.submit(_calculer_lot, lot, jours(au), sortie, avec_impaye))
            if len(en_cours) > fils:
                en_cours.popleft().result()
        while en_cours:
            en_cours.popleft().result()


def _calculer_lot(lire: Callable[[], Lot], au: int, sortie: I64, avec_impaye: bool) -> None:  # noqa: FBT001
    lot = lire()
    resultat = np.empty((len(lot.debuts), len(COLONNES)), dtype=np.int64)
    if len(lot.debuts):
        situer(
            Lignes(*(_figer(tableau) for tableau in lot.lignes)),
            _figer(lot.debuts),
            _figer(lot.nombres),
            _figer(lot.presents),
            _figer(lot.locataires),
            au,
            droit(),
            _atelier(int(lot.nombres.max())),
            avec_impaye,
            resultat,
        )
        sortie[:, lot.places] = resultat.T


def _figer(tableau: np.ndarray) -> np.ndarray:
    """A read-only view: arrays of Arrow are read-only, and the kernel is compiled for one kind only."""
    vue = np.ascontiguousarray(tableau).view()
    vue.flags.writeable = False
    return vue


def _atelier(lignes_par_compte: int) -> I64:
    """The room of this thread, made larger when an account needs it."""
    atelier: I64 | None = getattr(_local, "atelier", None)
    if atelier is None or atelier.shape[1] < 2 * lignes_par_compte:
        atelier = etablir_atelier(lignes_par_compte)
        _local.atelier = atelier
    return atelier

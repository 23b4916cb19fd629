"""The months of a portfolio as columns: column 0 is the month before the opening, the last one the month of `au`."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from maintien.coeur.calendrier import Periode, periode_de
from maintien.connecteurs.fictif.tableaux import Entiers, Jours

EPOQUE = 1970 * 12
JOUR_APPEL = 22
JOUR_CAF = 25
MOIS_AU_PLUS = 240


class PeriodeImpossibleError(ValueError):
    """A span of months that cannot be generated."""


def premiers_jours(periodes: Entiers) -> Jours:
    """The first day of each month, in days since 1970-01-01."""
    mois = (np.asarray(periodes) - EPOQUE).astype("datetime64[M]")
    return mois.astype("datetime64[D]").astype(np.int32)


def jour_entier(jour: date) -> int:
    """Days since 1970-01-01."""
    return jour.toordinal() - date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Horizon:
    """From the month `du`; households are as they should be on the day `au`; the books go on to the day `fin`.

    `premiers` has one column more than the others: the month after.
    """

    du: Periode
    au: int
    fin: int
    premiers: Jours

    @property
    def colonnes(self) -> int:
        return len(self.premiers) - 1

    @property
    def mois(self) -> Entiers:
        """The month in which each column is billed."""
        return np.arange(self.du - 1, self.du - 1 + self.colonnes, dtype=np.int64)

    @property
    def ouverture(self) -> int:
        return int(self.premiers[1])


def horizon(du: Periode, au: date, fin: date) -> Horizon:
    """The columns from the month before `du` to the month of `fin`."""
    dernier = periode_de(fin)
    if not (du <= periode_de(au) and au <= fin and dernier - du < MOIS_AU_PLUS):
        raise PeriodeImpossibleError(
            f"période impossible : les livres vont du premier mois à la date d'arrêté ({au.isoformat()}), "
            f"puis au dernier jour connu ({fin.isoformat()}), sur {MOIS_AU_PLUS} mois au plus."
        )
    return Horizon(du, jour_entier(au), jour_entier(fin), premiers_jours(np.arange(du - 1, dernier + 2)))

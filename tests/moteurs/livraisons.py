"""Deliveries made from a seed, the same in every process, for the tests of the mirror."""

import random
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from maintien.moteurs.colonnes.miroir import Miroir
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES

COMPTES_PAR_SEAU = 8


@dataclass(frozen=True)
class Livraisons:
    """Delivery n of a landlord whose accounts grow in number: 60 entries, some on new accounts."""

    graine: int = 1

    def table(self, numero: int) -> Any:
        hasard = random.Random(self.graine * 1_000 + numero)  # noqa: S311 - a test
        lignes = []
        for rang in range(60):
            jour = date(2026, 1, 1) + timedelta(hasard.randint(0, 300))
            credit = hasard.choice((0, 0, 250_00))
            lignes.append(
                {
                    "reference_ecriture": f"E{hasard.randint(0, 9)}-{numero:03d}-{rang:02d}",
                    "reference_compte": f"C{hasard.randint(0, 10 + 2 * numero):04d}",
                    "date_comptable": jour,
                    "date_valeur": jour if credit else None,
                    "date_exigibilite": None if credit else jour + timedelta(20),
                    "periode": None if credit else 2026 * 12 + jour.month - 1,
                    "code": "PAI" if credit else "LOY",
                    "debit": 0 if credit else 300_00,
                    "credit": credit,
                    "reference_annulee": "",
                    "affectation": hasard.choice(("", "", "2026-03", "2026-04|2026-02", "avril")),
                    "ordre": numero * 100 + rang,
                }
            )
        return pa.Table.from_pylist(lignes, schema=SCHEMA_ECRITURES)

    def toutes(self, dernier: int) -> list[Any]:
        return [self.table(numero) for numero in range(1, dernier + 1)]


def main(dossier: str, graine: str) -> None:
    """Deliver without end, and make the mirror again every fifth time: somebody will kill this process."""
    livraisons, miroir = Livraisons(int(graine)), Miroir(Path(dossier), COMPTES_PAR_SEAU)
    print("pret", flush=True)  # noqa: T201 - the signal that the tests wait for
    while True:
        suivant = miroir.numero + 1
        if suivant % 5 == 0:
            miroir.reconstruire(suivant, livraisons.toutes(suivant))
        else:
            miroir.ajouter(suivant - 1, suivant, livraisons.table(suivant))


if __name__ == "__main__":
    main(*sys.argv[1:])

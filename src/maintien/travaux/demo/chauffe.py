"""`python -m maintien.travaux.demo.chauffe`: compiles the account kernel on the spare core during the first import.

Machine code is kept on disk, so the first pass finds it. Nothing here needs Django.
"""

import tempfile
from datetime import date
from pathlib import Path

from maintien.coeur.calendrier import periode_de
from maintien.connecteurs.fictif import engendrer
from maintien.moteurs.colonnes.miroir import Miroir
from maintien.moteurs.colonnes.passe import passe_complete
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_ECRITURES, normaliser


def main() -> None:
    """One pass over a landlord of a few leases."""
    au = date(2026, 1, 31)
    portefeuille = engendrer(5, 1, periode_de(au) - 3, au)
    with tempfile.TemporaryDirectory() as dossier:
        miroir = Miroir(Path(dossier) / "miroir")
        miroir.reconstruire(1, iter([normaliser(portefeuille.ecritures, SCHEMA_ECRITURES)]))
        passe_complete(miroir, normaliser(portefeuille.baux, SCHEMA_BAUX), au)


if __name__ == "__main__":
    main()

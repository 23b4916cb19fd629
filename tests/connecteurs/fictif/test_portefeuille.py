"""The same seed gives the same landlord, whole or block by block, in this process or in another."""

import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from maintien.coeur.calendrier import parse_periode
from maintien.connecteurs.fictif import NombreDeBauxError, ecrire_pivot, engendrer, engendrer_par_lots
from maintien.connecteurs.fictif.horizon import PeriodeImpossibleError

DU = parse_periode("2023-12")
AU = date(2026, 11, 23)

_PROGRAMME = """
import sys
from datetime import date
from pathlib import Path
from maintien.connecteurs.fictif import ecrire_pivot, engendrer
ecrire_pivot(engendrer(40, 5, 2023 * 12 + 11, date(2026, 11, 23)), Path(sys.argv[1]))
"""


def _empreintes(dossier: Path) -> dict[str, str]:
    return {chemin.name: hashlib.sha256(chemin.read_bytes()).hexdigest() for chemin in sorted(dossier.iterdir())}


def test_la_meme_graine_donne_les_memes_octets_dans_un_autre_processus(tmp_path: Path) -> None:
    ecrire_pivot(engendrer(40, 5, DU, AU), tmp_path / "ici")

    environnement = {"PYTHONHASHSEED": "77", "PYTHONPATH": "src"}
    subprocess.run(
        [sys.executable, "-c", _PROGRAMME, str(tmp_path / "ailleurs")],
        check=True,
        env=environnement,
        cwd=Path(__file__).parents[3],
    )

    assert _empreintes(tmp_path / "ici") == _empreintes(tmp_path / "ailleurs")
    assert len(_empreintes(tmp_path / "ici")) == 4


def test_une_autre_graine_donne_un_autre_bailleur() -> None:
    assert not engendrer(40, 5, DU, AU).ecritures.equals(engendrer(40, 6, DU, AU).ecritures)


def test_les_lots_bout_a_bout_sont_le_portefeuille_entier() -> None:
    du = parse_periode("2026-06")
    lots = list(engendrer_par_lots(5_040, 3, du, AU))
    entier = engendrer(5_040, 3, du, AU)

    assert [lot.baux.filter(pa.compute.not_equal(lot.baux["type_logement"], "PARKING")).num_rows >= n
            for lot, n in zip(lots, (5_000, 40), strict=True)] == [True, True]  # fmt: skip
    assert pa.concat_tables(lot.ecritures for lot in lots).equals(entier.ecritures)
    assert entier.ecritures["ordre"].to_pylist() == list(range(entier.ecritures.num_rows))
    comptes = [set(lot.ecritures["reference_compte"].to_pylist()) for lot in lots]
    assert not comptes[0] & comptes[1]


@pytest.mark.parametrize("nombre", [0, -3, 9_600_001])
def test_un_nombre_de_baux_impossible_est_refuse(nombre: int) -> None:
    with pytest.raises(NombreDeBauxError, match="nombre de baux impossible"):
        engendrer(nombre, 1, DU, AU)


def test_une_periode_a_l_envers_est_refusee() -> None:
    with pytest.raises(PeriodeImpossibleError, match="période impossible"):
        engendrer(10, 1, parse_periode("2027-01"), AU)


@pytest.mark.parametrize("nombre", [1, 2, 7])
def test_les_tres_petits_portefeuilles_existent(nombre: int) -> None:
    petit = engendrer(nombre, 1, DU, AU)

    assert len(set(petit.baux["reference_compte"].to_pylist())) == nombre


def test_un_seul_mois_suffit() -> None:
    court = engendrer(50, 1, parse_periode("2026-11"), AU)

    dates = court.ecritures["date_comptable"].to_pylist()
    assert min(dates) == date(2026, 11, 1)
    assert max(dates) <= AU

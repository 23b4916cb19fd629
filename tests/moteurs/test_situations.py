"""The columnar engine against the published results and against the core, to the centime."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import TOUT
from tests.moteurs.tables import lignes, lignes_de, reunir, table_baux, table_ecritures
from tests.strategies import GrandLivre, PortefeuilleTire, grands_livres, portefeuilles

from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.portefeuille import situations as situations_du_coeur
from maintien.connecteurs.fictif import engendrer
from maintien.moteurs import reference
from maintien.moteurs.colonnes.lecture import lire_baux, lire_ecritures
from maintien.moteurs.colonnes.passe import situations
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_ECRITURES, normaliser
from maintien.moteurs.colonnes.sortie import ecrire_situations

pytestmark = pytest.mark.moteurs
NOVEMBRE = 2023 * 12 + 10
"""November 2023, the first month of the seeded portfolios."""


def _c11(dossier: Path, au: str, sortie: Path) -> str:
    table = situations(
        lire_ecritures(dossier / "ecritures.csv"), lire_baux(dossier / "baux.csv"), date.fromisoformat(au)
    )
    ecrire_situations(table, sortie)
    return sortie.read_bytes().decode()


@pytest.mark.parametrize(
    ("dossier", "au"),
    [
        ("pivot_reduit", "2020-04-30"),
        ("pivot_reduit", "2020-10-31"),
        ("2027_reduit", "2026-12-31"),
        ("2027_reduit", "2027-04-30"),
    ],
)
def test_the_reduced_sample_is_reproduced(donnees_reduites: Path, tmp_path: Path, dossier: str, au: str) -> None:
    attendu = (donnees_reduites / dossier / f"attendu_{au}.csv").read_bytes().decode()

    assert _c11(donnees_reduites / dossier, au, tmp_path / "sortie.csv") == attendu


@pytest.mark.parametrize(
    ("dossier", "nom", "au"),
    [
        ("bailleur_pivot", "pivot", "2020-04-30"),
        ("bailleur_pivot", "pivot", "2020-10-31"),
        ("bailleur_2027", "2027", "2026-12-31"),
        ("bailleur_2027", "2027", "2027-04-30"),
    ],
)
def test_the_full_sample_is_reproduced(
    donnees_completes: Path, tmp_path: Path, dossier: str, nom: str, au: str
) -> None:
    attendu = (donnees_completes / f"attendu_{nom}_{au}.csv").read_bytes().decode()

    assert _c11(donnees_completes / dossier, au, tmp_path / "sortie.csv") == attendu


@given(st.lists(grands_livres(doublons=True), min_size=1, max_size=6))
@settings(max_examples=400 if TOUT else 30)
def test_nasty_accounts_give_what_the_core_gives(livres: list[GrandLivre]) -> None:
    ecritures, baux = reunir(livres)
    au = livres[0].au

    table = situations(table_ecritures(ecritures), table_baux(baux), au)

    assert lignes_de(table) == lignes(situations_du_coeur(ecritures, baux, au).situations)


@given(portefeuilles())
@settings(max_examples=400 if TOUT else 20)
def test_cancellations_across_accounts_give_what_the_core_gives(tire: PortefeuilleTire) -> None:
    table = situations(table_ecritures(tire.ecritures), table_baux(tire.baux), tire.au)

    assert lignes_de(table) == lignes(situations_du_coeur(tire.ecritures, tire.baux, tire.au).situations)


def test_a_reference_seen_on_two_accounts_belongs_to_the_first_delivered() -> None:
    terme = Ecriture(
        "E1", "C2", date(2026, 7, 1), None, date(2026, 7, 31), 2026 * 12 + 6, "LOY", debit_centimes=450_00
    )
    ailleurs = replace(terme, compte="C1", debit_centimes=300_00)
    baux = [BailCompte(f"B{n}", f"C{n}", date(2020, 1, 1)) for n in (1, 2)]

    table = situations(table_ecritures([terme, ailleurs, terme]), table_baux(baux), date(2026, 8, 31))

    assert table.column("solde").to_pylist() == [0, 450_00]


def test_entries_without_lease_are_left_out_and_leases_without_entry_have_zeros() -> None:
    ecriture = Ecriture("E1", "C9", date(2026, 7, 1), code="LOY", debit_centimes=450_00)
    baux = [BailCompte("B1", "C1", date(2026, 8, 1))]

    [ligne] = situations(table_ecritures([ecriture]), table_baux(baux), date(2026, 7, 31)).to_pylist()

    assert (ligne["reference_compte"], ligne["statut"], ligne["solde"]) == ("C1", "futur", 0)
    assert ligne["mois_de_dette"] is None
    assert ligne["date_plus_ancien"] is None


def test_dates_of_another_age_give_what_the_core_gives() -> None:
    """Before 1970, and the far end of the calendar that some software writes for « never »."""
    jours = [date(1, 1, 1), date(1964, 2, 29), date(1969, 12, 31), date(2026, 1, 31), date(9999, 12, 31)]
    ecritures = [
        Ecriture(
            f"E{n}", "C1", saisie, valeur, exigible, None, code, debit_centimes=debit, credit_centimes=200 - debit
        )
        for n, (saisie, valeur, exigible, code, debit) in enumerate(
            (saisie, valeur, exigible, code, debit)
            for saisie in jours[:-1]
            for valeur in (None, jours[1], jours[-1])
            for exigible in (None, jours[0], jours[-1])
            for code, debit in (("LOY", 200), ("PAI", 0), ("FRA", 200))
        )
    ]
    baux = [BailCompte("B1", "C1", jours[0], jours[-1], "locataire")]

    for au in (date(1970, 1, 1), date(2026, 1, 31), date(9999, 12, 31)):
        table = situations(table_ecritures(ecritures), table_baux(baux), au)
        assert lignes_de(table) == lignes(situations_du_coeur(ecritures, baux, au).situations)


def test_no_lease_and_no_entry_give_an_empty_table() -> None:
    assert len(situations(SCHEMA_ECRITURES.empty_table(), SCHEMA_BAUX.empty_table(), date(2026, 7, 31))) == 0


def _portefeuille(nombre: int) -> tuple[Any, Any]:
    portefeuille = engendrer(nombre, 7, NOVEMBRE, date(2026, 11, 18), date(2027, 3, 31))
    return normaliser(portefeuille.ecritures, SCHEMA_ECRITURES), normaliser(portefeuille.baux, SCHEMA_BAUX)


@pytest.mark.parametrize("au", [date(2024, 2, 29), date(2026, 11, 18), date(2026, 12, 31), date(2027, 1, 1)])
def test_a_seeded_portfolio_gives_what_the_core_gives(au: date) -> None:
    ecritures, baux = _portefeuille(20_000 if TOUT else 150)

    assert situations(ecritures, baux, au).equals(reference.situations(ecritures, baux, au))


def test_the_order_of_rows_changes_nothing() -> None:
    ecritures, baux = _portefeuille(60)
    melange = list(range(len(ecritures)))
    random.Random(3).shuffle(melange)  # noqa: S311 - a test
    melangees, a_l_envers = ecritures.take(pa.array(melange)), baux.take(pa.array(range(len(baux) - 1, -1, -1)))

    assert situations(melangees, a_l_envers, date(2026, 10, 31)).equals(
        situations(ecritures, baux, date(2026, 10, 31))
    )


def test_an_account_of_many_entries_out_of_order_is_sorted() -> None:
    """Past the patience of the insertion sort: 4,000 terms delivered and named from the last to the first."""
    jours = [date(2020, 1, 1) + timedelta(n) for n in range(4_000)]
    ecritures = [
        Ecriture(f"E{4_000 - n:04d}", "C1", date(2019, 1, 1), None, jour, jour.year * 12 + jour.month - 1, "LOY")
        for n, jour in enumerate(jours)
    ]
    ecritures = [replace(e, debit_centimes=100 + n % 7) for n, e in enumerate(ecritures)]
    ecritures += [Ecriture(f"P{n:04d}", "C1", jours[-n], code="PAI", credit_centimes=77) for n in range(1, 2_000)]
    baux = [BailCompte("B1", "C1", date(2019, 1, 1))]
    au = date(2029, 1, 1)

    table = situations(table_ecritures(ecritures), table_baux(baux), au)

    assert lignes_de(table) == lignes(situations_du_coeur(ecritures, baux, au).situations)

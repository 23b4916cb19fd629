"""Passes on the mirror: a full one gives what the table gives, an incremental one what a full one gives."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import TOUT
from tests.moteurs.tables import reunir, table_baux, table_ecritures
from tests.strategies import GrandLivre, grands_livres

from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.connecteurs.fictif import engendrer
from maintien.moteurs.colonnes.etat import Etat, lire_etat
from maintien.moteurs.colonnes.miroir import Miroir
from maintien.moteurs.colonnes.passe import Passe, passe_complete, passe_incrementale, situations
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_ECRITURES, SCHEMA_SITUATION, normaliser

pytestmark = pytest.mark.moteurs

LOYER = Ecriture("E1", "C1", date(2026, 7, 1), None, date(2026, 7, 31), 2026 * 12 + 6, "LOY", debit_centimes=450_00)
BAIL = BailCompte("B1", "C1", date(2020, 1, 1))


class Suivi:
    """A landlord followed from pass to pass: what a database would hold after each."""

    def __init__(self, dossier: Path, comptes_par_seau: int = 100_000) -> None:
        self.miroir = Miroir(dossier, comptes_par_seau)
        self.livrees: list[Any] = []
        self.lignes: dict[str, dict[str, Any]] = {}
        self.etat: Etat | None = None

    def livrer(self, table: Any) -> None:
        if len(table):
            self.livrees.append(table)
            self.miroir.ajouter(len(self.livrees) - 1, len(self.livrees), table)

    def passer(self, baux: Any, au: date) -> Passe:
        passe = passe_incrementale(self.miroir, baux, au, self.etat)
        for ligne in passe.situations.to_pylist():
            self.lignes[ligne["reference_compte"]] = ligne
        for compte in passe.disparus:
            del self.lignes[compte]
        passe.etat.enregistrer(self.miroir.dossier)
        self.etat = lire_etat(self.miroir.dossier)
        return passe

    def table(self, au: date) -> Any:
        """The rows held, as a full pass at `au` would give them."""
        lignes = [{**self.lignes[compte], "date": au} for compte in sorted(self.lignes)]
        return pa.Table.from_pylist(lignes, schema=SCHEMA_SITUATION)

    def attendue(self, baux: Any, au: date) -> Any:
        return situations(pa.concat_tables([SCHEMA_ECRITURES.empty_table(), *self.livrees]), baux, au)


def _ecritures(*ecritures: Ecriture) -> Any:
    return table_ecritures(ecritures)


def test_a_full_pass_gives_what_the_table_gives(tmp_path: Path) -> None:
    portefeuille = engendrer(120, 3, 2024 * 12, date(2026, 11, 18))
    ecritures, baux = normaliser(portefeuille.ecritures, SCHEMA_ECRITURES), portefeuille.baux
    miroir = Miroir(tmp_path, comptes_par_seau=50)
    miroir.reconstruire(1, [ecritures.slice(debut, 3_000) for debut in range(0, len(ecritures), 3_000)])

    passe = passe_complete(miroir, baux, date(2026, 11, 18))

    assert passe.is_complete
    assert passe.situations.equals(situations(ecritures, baux, date(2026, 11, 18)))
    assert len(passe.situations) == passe.nombre_de_comptes == passe.nombre_de_calculs == 120


def test_accounts_without_lease_are_counted_and_not_computed(tmp_path: Path) -> None:
    suivi = Suivi(tmp_path)
    suivi.livrer(
        _ecritures(LOYER, replace(LOYER, reference="E2", compte="C2"), replace(LOYER, reference="E3", compte="C2"))
    )

    passe = suivi.passer(table_baux([BAIL]), date(2026, 8, 1))

    assert passe.sans_bail == {"C2": 2}
    assert passe.situations.column("reference_compte").to_pylist() == ["C1"]


def test_nothing_is_computed_again_when_nothing_moves(tmp_path: Path) -> None:
    """450.00 due on 31/07: from 01/08 nothing moves before the age of one month, on 31/08."""
    suivi = Suivi(tmp_path)
    suivi.livrer(_ecritures(LOYER))
    baux = table_baux([BAIL])
    calculs = {}
    for jour in (1, 2, 15, 30, 31):
        calculs[jour] = suivi.passer(baux, date(2026, 8, jour)).nombre_de_calculs

    assert calculs == {1: 1, 2: 0, 15: 0, 30: 0, 31: 1}
    assert suivi.lignes["C1"]["tranche_1_3"] == 450_00


@pytest.mark.parametrize(
    ("ecriture", "veille", "jour"),
    [
        (LOYER, "2026-07-30", "2026-07-31"),  # due date, also the end of the month of reference
        (replace(LOYER, date_exigibilite=date(2026, 7, 5)), "2026-07-30", "2026-07-31"),  # month of reference
        (LOYER, "2026-08-30", "2026-08-31"),  # one month old
        (LOYER, "2026-10-30", "2026-10-31"),  # three months old
        (LOYER, "2027-01-30", "2027-01-31"),  # six months old
        (LOYER, "2027-07-30", "2027-07-31"),  # twelve months old
        (LOYER, "2026-12-31", "2027-01-01"),  # the text of 2027
        (
            replace(LOYER, date_exigibilite=None, date_comptable=date(2026, 9, 7)),
            "2026-09-06",
            "2026-09-07",
        ),  # booking
    ],
)
def test_what_moves_with_time_alone_is_computed_on_its_day(
    tmp_path: Path, ecriture: Ecriture, veille: str, jour: str
) -> None:
    suivi = Suivi(tmp_path)
    suivi.livrer(_ecritures(ecriture))
    baux = table_baux([BailCompte("B1", "C1", date(2020, 1, 1), None, "locataire")])
    suivi.passer(baux, date.fromisoformat(veille))

    suivi.passer(baux, date.fromisoformat(jour))

    assert suivi.table(date.fromisoformat(jour)).equals(suivi.attendue(baux, date.fromisoformat(jour)))
    assert suivi.lignes["C1"]["date"] == date.fromisoformat(jour)


def test_a_value_date_to_come_is_looked_at_every_day(tmp_path: Path) -> None:
    suivi = Suivi(tmp_path)
    paiement = Ecriture("P1", "C1", date(2026, 8, 1), date(2026, 8, 20), code="PAI", credit_centimes=450_00)
    suivi.livrer(_ecritures(LOYER, paiement))
    baux = table_baux([BAIL])
    calculs = [suivi.passer(baux, date(2026, 8, 18) + timedelta(n)).nombre_de_calculs for n in range(4)]

    assert calculs == [1, 1, 1, 0]


def test_a_lease_that_ends_or_changes_makes_its_account_computed(tmp_path: Path) -> None:
    suivi = Suivi(tmp_path)
    suivi.livrer(_ecritures(LOYER, replace(LOYER, reference="E2", compte="C2")))
    autres = [BailCompte("B2", "C2", date(2020, 1, 1))]
    suivi.passer(table_baux([replace(BAIL, date_sortie=date(2026, 8, 20)), *autres]), date(2026, 8, 19))

    parti = suivi.passer(table_baux([replace(BAIL, date_sortie=date(2026, 8, 20)), *autres]), date(2026, 8, 20))
    locataire = suivi.passer(table_baux([replace(BAIL, apl_mode="locataire"), *autres]), date(2026, 8, 21))
    nouveau = suivi.passer(table_baux([BAIL, BailCompte("B3", "C3", date(2026, 8, 1))]), date(2026, 8, 22))

    assert parti.situations.column("statut").to_pylist() == ["parti"]
    assert locataire.situations.column("apl_concerne").to_pylist() == [True]
    assert nouveau.situations.column("reference_compte").to_pylist() == ["C1", "C3"]
    assert nouveau.disparus == ("C2",)


def test_a_rebuilt_mirror_or_an_earlier_day_starts_afresh(tmp_path: Path) -> None:
    suivi = Suivi(tmp_path)
    suivi.livrer(_ecritures(LOYER))
    baux = table_baux([BAIL])
    suivi.passer(baux, date(2026, 8, 2))

    assert suivi.passer(baux, date(2026, 8, 1)).is_complete
    assert not suivi.passer(baux, date(2026, 8, 1)).is_complete
    suivi.miroir.reconstruire(1, [replace_debit(400_00)])
    passe = suivi.passer(baux, date(2026, 8, 1))

    assert passe.is_complete
    assert passe.situations.column("solde").to_pylist() == [400_00]


def replace_debit(centimes: int) -> Any:
    return _ecritures(replace(LOYER, debit_centimes=centimes))


@pytest.mark.parametrize("contenu", [b"", b"ARROW1", b"{}"])
def test_a_state_that_cannot_be_read_is_no_state(tmp_path: Path, contenu: bytes) -> None:
    (tmp_path / "etat.arrow").write_bytes(contenu)

    assert lire_etat(tmp_path) is None


def test_a_state_of_another_version_is_no_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suivi = Suivi(tmp_path)
    suivi.livrer(_ecritures(LOYER))
    suivi.passer(table_baux([BAIL]), date(2026, 8, 2))
    monkeypatch.setattr("maintien.moteurs.colonnes.etat.version", lambda: "autre")

    assert lire_etat(tmp_path) is None


def test_an_unsaved_pass_gives_the_same_again(tmp_path: Path) -> None:
    suivi = Suivi(tmp_path)
    suivi.livrer(_ecritures(LOYER))
    baux = table_baux([BAIL])
    suivi.passer(baux, date(2026, 7, 30))

    premiere = passe_incrementale(suivi.miroir, baux, date(2026, 7, 31), lire_etat(tmp_path))
    seconde = passe_incrementale(suivi.miroir, baux, date(2026, 7, 31), lire_etat(tmp_path))

    assert premiere.nombre_de_calculs == 1
    assert premiere.situations.equals(seconde.situations)


def _livrer_au_hasard(hasard: random.Random, table: Any, livraisons: int) -> Iterable[Any]:
    """Each entry in one of the deliveries, most of them in the order of the books, some late or early."""
    triee = table.sort_by("date_comptable")
    parts: list[list[int]] = [[] for _ in range(livraisons)]
    for rang in range(len(triee)):
        prevue = rang * livraisons // max(len(triee), 1)
        ecart = hasard.choice((0, 0, 0, 0, 0, 1, 3, -1))
        parts[min(max(prevue + ecart, 0), livraisons - 1)].append(rang)
    for part in parts:
        hasard.shuffle(part)
        yield triee.take(pa.array(part, type=pa.int64()))


def _changer_baux(hasard: random.Random, baux: Any, au: date) -> Any:
    """Now and then a lease ends, starts again or changes its APL."""
    lignes = baux.to_pylist()
    for ligne in hasard.sample(lignes, len(lignes) // 20):
        ligne["date_sortie"] = hasard.choice((None, au, au + timedelta(hasard.randint(1, 40))))
        ligne["apl_mode"] = hasard.choice(("bailleur", "locataire", "sans"))
    return pa.Table.from_pylist(lignes, schema=SCHEMA_BAUX)


@pytest.mark.parametrize("graine", range(20 if TOUT else 2))
def test_incremental_passes_of_a_portfolio_give_what_full_ones_give(tmp_path: Path, graine: int) -> None:
    hasard = random.Random(graine)  # noqa: S311 - a test
    portefeuille = engendrer(300 if TOUT else 60, graine, 2025 * 12 + 9, date(2026, 11, 18), date(2027, 4, 30))
    ecritures = normaliser(portefeuille.ecritures, SCHEMA_ECRITURES)
    baux = normaliser(portefeuille.baux, SCHEMA_BAUX)
    suivi = Suivi(tmp_path, comptes_par_seau=25)
    au, economies = date(2026, 10, 1), 0
    for livraison in _livrer_au_hasard(hasard, ecritures, 40 if TOUT else 16):
        suivi.livrer(livraison)
        for _ in range(hasard.choice((0, 1, 1, 2))):
            baux = _changer_baux(hasard, baux, au)
            passe = suivi.passer(baux, au)
            economies += passe.nombre_de_comptes - passe.nombre_de_calculs
            assert suivi.table(au).equals(suivi.attendue(baux, au))
            au += timedelta(hasard.choice((0, 1, 1, 2, 5, 9, 31)))

    assert economies > 0


@given(
    st.lists(grands_livres(), min_size=4, max_size=8),
    st.lists(st.integers(0, 25), min_size=3, max_size=8),
    st.randoms(),
)
@settings(max_examples=150 if TOUT else 10)
def test_incremental_passes_of_nasty_accounts_give_what_full_ones_give(
    tmp_path_factory: pytest.TempPathFactory, livres: list[GrandLivre], pas: list[int], hasard: random.Random
) -> None:
    ecritures, baux = reunir(livres)
    suivi = Suivi(tmp_path_factory.mktemp("miroir"), comptes_par_seau=3)
    au = min((e.date_comptable for e in ecritures), default=date(2026, 1, 1))
    table = table_baux(baux)
    for nombre, livraison in zip(pas, _livrer_au_hasard(hasard, table_ecritures(ecritures), len(pas)), strict=True):
        suivi.livrer(livraison)
        for jours in (nombre, 1):
            au += timedelta(jours)
            suivi.passer(table, au)
            assert suivi.table(au).equals(suivi.attendue(table, au))

"""`maintien travailleur`: a database that someone else holds is waited for; any other failure ends it."""

import pytest
from django.db import OperationalError

from maintien.cli import travailleur


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the worker logs."""
    phrases: list[str] = []
    monkeypatch.setattr(travailleur, "_PAUSE", 0.0)
    monkeypatch.setattr(travailleur._journal, "warning", lambda phrase, *_: phrases.append(phrase))
    return phrases


@pytest.mark.parametrize("message", ["database is locked", "canceling statement due to lock timeout"])
@pytest.mark.parametrize("une_fois", [True, False])
@pytest.mark.django_db
def test_une_base_occupee_n_arrete_pas_le_travailleur(
    monkeypatch: pytest.MonkeyPatch, journal: list[str], message: str, *, une_fois: bool
) -> None:
    erreurs = [OperationalError(message), OperationalError(message)]
    appels: list[bool] = []

    def travailler(*, batch: bool = False) -> None:
        appels.append(batch)
        if erreurs:
            raise erreurs.pop()

    monkeypatch.setattr(travailleur, "_work", travailler)
    monkeypatch.setattr("maintien.travaux.taches.start_sweeping", lambda _fin: None)
    travailleur.commande(une_fois=une_fois)
    assert appels == [une_fois] * 3
    assert len(journal) == 2
    assert journal[0].startswith("La base est occupée par un autre depuis longtemps")


@pytest.mark.django_db
def test_une_autre_panne_de_la_base_arrete_le_travailleur(monkeypatch: pytest.MonkeyPatch, journal: list[str]) -> None:
    def travailler(*, batch: bool = False) -> None:
        raise OperationalError(f"disk I/O error {batch}")

    monkeypatch.setattr(travailleur, "_work", travailler)
    with pytest.raises(OperationalError, match="disk I/O error"):
        travailleur.commande(une_fois=True)
    assert journal == []

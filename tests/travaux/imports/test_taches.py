"""The doorbell: a deposit is done by a worker, an abandoned one too, and a ring too many changes nothing."""

import signal
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.travaux.imports.aides import ECRITURES, ecrire, ecriture

from maintien.apps.comptes.models import Ecriture
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.executions import claim, open_execution
from maintien.apps.socle.models import Execution
from maintien.travaux import taches
from maintien.travaux.imports import deposit


def travailler() -> None:
    """The worker takes the signals of its process: they are given back to pytest."""
    avant = {numero: signal.getsignal(numero) for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    try:
        call_command("db_worker", batch=True, reload=False, startup_delay=False, verbosity=0)
    finally:
        for numero, action in avant.items():
            signal.signal(numero, action)


def deposer(organisme: Organisme, dossier: Path, *, sonner: bool = True) -> int:
    importation = deposit(
        organisme, "pivot", [ecrire(dossier, "ecritures.csv", ECRITURES + ecriture("E1"))], sonner=sonner
    )
    assert importation.execution is not None
    return importation.execution.pk


def etat_de(execution_id: int) -> str:
    return Execution.objects.get(pk=execution_id).etat


@pytest.mark.django_db(transaction=True)
def test_un_depot_est_importe_par_le_travailleur(bailleur: Organisme, tmp_path: Path) -> None:
    execution_id = deposer(bailleur, tmp_path)
    taches.ring(execution_id)
    travailler()
    assert etat_de(execution_id) == EtatExecution.TERMINEE
    assert Ecriture.objects.count() == 1
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_un_import_abandonne_est_repris_au_balayage(bailleur: Organisme, tmp_path: Path) -> None:
    execution_id = deposer(bailleur, tmp_path, sonner=False)
    assert claim(execution_id) is not None
    assert taches.ring_abandoned() == 0
    Execution.objects.filter(pk=execution_id).update(bail_jusqua=timezone.now() - timedelta(seconds=1))
    assert taches.ring_abandoned() == 1
    taches.run_execution.call(execution_id)
    assert etat_de(execution_id) == EtatExecution.TERMINEE


def test_on_ne_sonne_pas_deux_fois_pour_le_meme_travail(bailleur: Organisme, tmp_path: Path) -> None:
    """No worker runs: a task waits already, whatever the number of sweeps."""
    execution_id = deposer(bailleur, tmp_path)
    assert taches.ring_abandoned() == 0
    assert DBTaskResult.objects.count() == 1
    # As a worker killed in the middle leaves it: its task says « running » for ever.
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    assert taches.ring_abandoned() == 1
    assert taches.ring_abandoned() == 0
    assert [ligne.args_kwargs["args"] for ligne in DBTaskResult.objects.all()] == [[execution_id]] * 2


def test_les_vieilles_taches_s_oublient(bailleur: Organisme, tmp_path: Path) -> None:
    maintenant = timezone.now()
    cas = (("SUCCESSFUL", 8), ("FAILED", 8), ("RUNNING", 8), ("SUCCESSFUL", 6), ("RUNNING", 6), ("READY", None))
    for etat, jours in cas:
        taches.ring(1)
        ligne = DBTaskResult.objects.get(status="READY", started_at=None, priority=0)
        instant = None if jours is None else maintenant - timedelta(days=jours)
        fini = instant if etat in {"SUCCESSFUL", "FAILED"} else None
        DBTaskResult.objects.filter(pk=ligne.pk).update(status=etat, started_at=instant, finished_at=fini, priority=1)

    assert taches.prune_tasks(maintenant) == 3
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "RUNNING", "SUCCESSFUL"]


def test_le_menage_se_fait_une_fois_par_heure(bailleur: Organisme, monkeypatch: pytest.MonkeyPatch) -> None:
    purges: list[None] = []
    monkeypatch.setattr("maintien.travaux.imports.purge.purge", lambda: purges.append(None))
    monkeypatch.setattr(taches, "_prochain_menage", [0.0])

    taches.sweep_all()
    taches.sweep_all()
    assert len(purges) == 1

    monkeypatch.setattr(taches, "_prochain_menage", [0.0])
    taches.sweep_all()
    assert len(purges) == 2


def test_les_sessions_expirees_partent_avec_leurs_brouillons(
    bailleur: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maintien.travaux.imports.purge.purge", lambda: None)
    monkeypatch.setattr(taches, "_prochain_menage", [0.0])
    maintenant = timezone.now()
    for cle, heures in (("expiree", -1), ("vivante", 1)):
        Session.objects.create(session_key=cle, session_data="x", expire_date=maintenant + timedelta(hours=heures))

    taches.sweep_all()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["vivante"]


def test_un_coup_de_sonnette_de_trop_ne_fait_rien(bailleur: Organisme, tmp_path: Path) -> None:
    execution_id = deposer(bailleur, tmp_path, sonner=False)
    for _ in range(2):
        taches.run_execution.call(execution_id)
    assert Ecriture.objects.count() == 1
    assert Execution.objects.get(pk=execution_id).tentatives == 1


def test_un_travail_inconnu_ou_disparu_ne_casse_rien(bailleur: Organisme) -> None:
    autre = open_execution("horoscope", "2026")
    assert taches.ring_abandoned() == 0
    taches.run_execution.call(autre.pk)
    taches.run_execution.call(autre.pk + 1000)
    assert etat_de(autre.pk) == EtatExecution.EN_ATTENTE


def test_une_passe_de_nuit_abandonnee_est_reprise(bailleur: Organisme, monkeypatch: pytest.MonkeyPatch) -> None:
    reprises: list[tuple[str, date]] = []
    monkeypatch.setattr("maintien.travaux.nuit.run", lambda organisme, au: reprises.append((organisme.code, au)))
    execution = open_execution("nuit", "2026-11-20")
    assert taches.ring_abandoned() == 1
    taches.run_execution.call(execution.pk)
    assert reprises == [("BAILLEUR", date(2026, 11, 20))]

"""Long jobs: one holder at a time, taken over when it is gone, never twice."""

import os
import socket
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import executions
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.executions import BailPerduError, ExecutionInconnueError
from maintien.apps.socle.models import Execution
from maintien.apps.socle.portee import current_organisme_id, organisme_scope

T0 = datetime(2026, 11, 20, 2, 0, tzinfo=ZoneInfo("Europe/Paris"))
PLUS_TARD = T0 + executions.DUREE_BAIL + timedelta(seconds=1)


def _prise(cle: str = "2026-11-20") -> Execution:
    execution = executions.claim(executions.open_execution("nuit", cle).pk, instant=T0)
    assert execution is not None
    return execution


def test_un_travail_demande_deux_fois_est_le_meme(bailleur: Organisme) -> None:
    premiere = executions.open_execution("nuit", "2026-11-20")

    assert executions.open_execution("nuit", "2026-11-20") == premiere
    assert executions.open_execution("nuit", "2026-11-21") != premiere


def test_un_seul_prend_le_travail(bailleur: Organisme) -> None:
    execution = _prise()

    assert execution.etat == EtatExecution.EN_COURS
    assert execution.started_at == T0
    assert executions.claim(execution.pk, instant=T0 + timedelta(seconds=1)) is None


def test_un_bail_expire_est_repris_et_l_ancien_detenteur_ne_peut_plus_ecrire(bailleur: Organisme) -> None:
    ancien = _prise()

    nouveau = executions.claim(ancien.pk, instant=PLUS_TARD)

    assert nouveau is not None
    assert nouveau.tentatives == 2
    assert nouveau.started_at == T0
    for ecrire in (
        lambda: executions.renew(ancien, instant=PLUS_TARD),
        lambda: executions.finish(ancien, {}),
        lambda: executions.fail(ancien, "panne"),
    ):
        with pytest.raises(BailPerduError):
            ecrire()
    assert Execution.objects.get().jeton == nouveau.jeton


MACHINE = socket.gethostname()
MORT = 2**22 + 1  # beyond the greatest identifier that Linux gives


def test_qui_prend_un_travail_y_laisse_son_nom(bailleur: Organisme) -> None:
    execution = executions.open_execution("nuit", "2026-11-20")
    Execution.objects.filter(pk=execution.pk).update(resultat={"partiel": 12})

    executions.claim(execution.pk, instant=T0)

    assert Execution.objects.get().resultat == {
        "partiel": 12,
        "detenteur": {"machine": MACHINE, "processus": os.getpid()},
    }


def test_la_prise_et_le_nom_sont_ecrits_ensemble_ou_pas_du_tout(
    bailleur: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution = executions.open_execution("nuit", "2026-11-20")
    monkeypatch.setattr(Execution, "save", _tuer)

    with pytest.raises(KeyboardInterrupt):
        executions.claim(execution.pk, instant=T0)

    assert Execution.objects.get().etat == EtatExecution.EN_ATTENTE


def _tuer(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("machine", "processus", "libre"),
    [
        (MACHINE, MORT, True),
        (MACHINE, os.getpid(), True),  # what an interrupted attempt of this very process left
        (MACHINE, os.getppid(), False),
        (MACHINE, 0, True),
        ("une-autre-machine", MORT, False),
    ],
    ids=["mort", "le nôtre", "vivant", "aucun", "ailleurs"],
)
def test_un_travail_dont_le_processus_est_mort_est_libre_aussitot(
    bailleur: Organisme, machine: str, processus: int, libre: bool
) -> None:
    execution = executions.open_execution("nuit", "2026-11-20")
    pris = executions.claim(execution.pk, holder={"machine": machine, "processus": processus})
    assert pris is not None

    assert executions.free_if_dead(pris) is libre
    assert (executions.claim(execution.pk) is not None) is libre


def test_un_bail_renouvele_n_est_pas_repris(bailleur: Organisme) -> None:
    execution = _prise()

    executions.renew(execution, instant=PLUS_TARD, etape="situations", fait=20, total=100)

    assert executions.claim(execution.pk, instant=PLUS_TARD + timedelta(seconds=1)) is None
    relue = Execution.objects.get()
    assert (relue.etape, relue.fait, relue.total) == ("situations", 20, 100)
    assert relue.battement_le == PLUS_TARD


def test_l_avancement_n_ecrit_que_ses_champs(bailleur: Organisme) -> None:
    with pytest.raises(TypeError):
        executions.renew(_prise(), etat="terminee")


def test_un_travail_fini_ne_se_reprend_pas_sans_le_rouvrir(bailleur: Organisme) -> None:
    execution = _prise()
    executions.finish(execution, {"situations": 12})

    assert executions.claim(execution.pk, instant=PLUS_TARD) is None
    assert executions.reopen(execution.pk)
    assert not executions.reopen(execution.pk)
    reprise = executions.claim(execution.pk, instant=PLUS_TARD)
    assert reprise is not None
    assert reprise.tentatives == 1


def test_un_echec_garde_sa_phrase(bailleur: Organisme) -> None:
    execution = _prise()
    executions.fail(execution, "Le fichier a changé pendant la lecture : le déposer à nouveau.")

    relue = Execution.objects.get()
    assert relue.etat == EtatExecution.ECHOUEE
    assert relue.message == "Le fichier a changé pendant la lecture : le déposer à nouveau."
    assert relue.finished_at is not None


@pytest.mark.django_db
def test_le_balayage_sonne_chez_tous_les_bailleurs(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    abandonnee = _prise("abandonnee")
    attente = executions.open_execution("nuit", "attente")
    finie = _prise("finie")
    executions.finish(finie, {})
    with organisme_scope(autre_bailleur):
        etrangere = executions.open_execution("import", "1")

    assert executions.sweep(instant=T0) == [attente.pk, etrangere.pk]
    assert executions.sweep(instant=PLUS_TARD) == [abandonnee.pk, attente.pk, etrangere.pk]


def test_un_travail_qui_tue_son_ouvrier_finit_par_attendre_quelqu_un(bailleur: Organisme) -> None:
    execution = executions.open_execution("nuit", "mortelle")
    instant = T0
    for _ in range(executions.TENTATIVES_MAX):
        assert executions.claim(execution.pk, instant=instant) is not None
        instant += executions.DUREE_BAIL + timedelta(seconds=1)

    assert executions.sweep(instant=instant) == []
    assert Execution.objects.get().etat == EtatExecution.ECHOUEE
    assert "5 fois" in Execution.objects.get().message


def test_l_ouvrier_entre_dans_la_portee_du_travail(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        execution = executions.open_execution("import", "1")

    with executions.scope_of(execution.pk):
        assert current_organisme_id() == autre_bailleur.pk
    with pytest.raises(ExecutionInconnueError), executions.scope_of(0):
        pass


def test_un_travail_d_un_autre_bailleur_ne_se_prend_pas(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        execution = executions.open_execution("import", "1")

    assert executions.claim(execution.pk, instant=T0) is None
    assert not executions.reopen(execution.pk)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL tient ses statistiques lui-même")
def test_un_travail_fini_rafraichit_les_statistiques(bailleur: Organisme) -> None:
    executions.finish(_prise(), {})

    with connection.cursor() as curseur:
        curseur.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'socle_execution'")
        assert curseur.fetchone()[0] > 0

"""For whom a statement is: PostgreSQL is told with each one, and keeps nothing of it."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import fabriques
from tests.lignes import ecrire, lire

from maintien.apps.comptes.models import Compte, Logement
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.socle.executions import open_execution
from maintien.apps.socle.models import Execution
from maintien.apps.socle.portee import find_across, find_organisme_id, organisme_scope
from maintien.apps.socle.statistiques import refresh_statistics

Deux = tuple[Organisme, Organisme]
seulement_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite n'a pas cette barrière")


def compter() -> int:
    """Accounts that the database gives, whatever the filter would say."""
    return int(lire("SELECT count(*) FROM comptes_compte")[0][0])


@pytest.fixture
def inegaux(transactional_db: None) -> Iterator[Deux]:
    """One account in the first, two in the second, committed: statements are then each in their own transaction."""
    un, autre = fabriques.organisme("UN"), fabriques.organisme("DEUX")
    for organisme, nombre in ((un, 1), (autre, 2)):
        with organisme_scope(organisme):
            for _ in range(nombre):
                fabriques.compte()
    return un, autre


@seulement_postgresql
@pytest.mark.parametrize("bloc", [False, True], ids=["chacune sa transaction", "une transaction"])
def test_la_portee_suit_chaque_requete(bloc: bool, inegaux: Deux) -> None:
    un, autre = inegaux
    vus = []
    with transaction.atomic() if bloc else nullcontext():
        with organisme_scope(un):
            vus.append(compter())
            with organisme_scope(autre):
                vus.append(compter())
            vus.append(compter())
        vus.append(compter())
    vus.append(compter())

    assert vus == [1, 2, 1, 0, 0]


@seulement_postgresql
def test_un_point_de_reprise_defait_ne_laisse_pas_de_portee(inegaux: Deux) -> None:
    un, autre = inegaux
    with transaction.atomic():
        with organisme_scope(autre):
            assert compter() == 2
            with pytest.raises(DatabaseError), transaction.atomic():
                lire("SELECT 1 / 0")
        assert compter() == 0
        with organisme_scope(un):
            assert compter() == 1


@seulement_postgresql
def test_une_connexion_reprise_n_a_rien_garde(inegaux: Deux) -> None:
    """Neither after a scope, nor after a transaction of it, nor after somebody set it for the session."""
    with organisme_scope(inegaux[0]):
        compter()
        with transaction.atomic():
            compter()
    assert compter() == 0
    ecrire(f"SET maintien.organisme = '{inegaux[1].pk}'")
    assert compter() == 0
    assert lire("SHOW maintien.organisme") == [("",)]


@seulement_postgresql
def test_un_autre_fil_n_a_pas_la_portee(inegaux: Deux) -> None:
    vus = []

    def travail() -> None:
        vus.append(compter())
        connection.close()

    with organisme_scope(inegaux[1]):
        fil = threading.Thread(target=travail)
        fil.start()
        fil.join()

    assert vus == [0]


@seulement_postgresql
@pytest.mark.parametrize("bloc", [False, True], ids=["chacune sa transaction", "une transaction"])
def test_une_lecture_par_lots_garde_la_sienne(bloc: bool, inegaux: Deux) -> None:
    """A named cursor is read by and by; another scope in between neither cuts it short nor widens it."""
    un, autre = inegaux
    with organisme_scope(autre):
        attendus = [compte.pk for compte in Compte.objects.order_by("pk")]
        with transaction.atomic() if bloc else nullcontext():
            lus = []
            for cle in Compte.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=1):
                lus.append(cle)
                with organisme_scope(un):
                    assert compter() == 1
    with connection.chunked_cursor() as curseur:
        curseur.execute("SELECT count(*) FROM comptes_compte")
        assert curseur.fetchone() == (0,)

    assert lus == attendus


@seulement_postgresql
def test_une_requete_en_lot_dit_sa_portee_aussi(inegaux: Deux) -> None:
    with organisme_scope(inegaux[1]), connection.cursor() as curseur:
        curseur.executemany("UPDATE comptes_compte SET reference = reference || %s", [("A",), ("B",)])
    with organisme_scope(inegaux[1]):
        assert Compte.objects.filter(reference__endswith="AB").count() == 2
    with organisme_scope(inegaux[0]):
        assert Compte.objects.filter(reference__endswith="AB").count() == 0


@seulement_postgresql
def test_une_copie_hors_portee_ne_donne_rien(inegaux: Deux) -> None:
    with transaction.atomic(), organisme_scope(inegaux[1]):
        compter()
        with connection.cursor() as curseur, curseur.copy("COPY comptes_compte TO STDOUT") as copie:
            assert list(copie) == []


@seulement_postgresql
def test_les_statistiques_se_font_sans_etre_proprietaire(inegaux: Deux) -> None:
    """A temporary table of the same name does not take the place of ours."""
    with transaction.atomic():
        ecrire("CREATE TEMPORARY TABLE comptes_compte (id bigint) ON COMMIT DROP")
        refresh_statistics()

    assert lire("SELECT reltuples FROM pg_class WHERE oid = 'public.comptes_compte'::regclass") == [(3.0,)]


@seulement_postgresql
def test_le_journal_des_requetes_montre_la_requete_seule(bailleur: Organisme) -> None:
    with CaptureQueriesContext(connection) as requetes:
        Logement.objects.exists()
        find_across(Appartenance, fabriques.utilisateur())

    assert {requete["sql"][:6] for requete in requetes.captured_queries} <= {"SELECT", "INSERT"}
    assert "maintien." not in str(requetes.captured_queries)


# --- what is found before any scope -------------------------------------------------------------------------------


def test_une_personne_retrouve_ses_appartenances_et_elles_seules(
    bailleur: Organisme, autre_bailleur: Organisme
) -> None:
    personne = fabriques.utilisateur()
    ici = fabriques.membre(utilisateur=personne)
    fabriques.membre()
    with organisme_scope(autre_bailleur):
        ailleurs = fabriques.membre(utilisateur=personne)
        fabriques.membre()

    assert find_across(Appartenance, personne) == [ici, ailleurs]


@seulement_postgresql
def test_designer_une_ligne_n_en_ouvre_pas_d_autre(inegaux: Deux) -> None:
    """Named for reading only, and what names it is gone with the statement."""
    with organisme_scope(inegaux[0]):
        execution = open_execution("import", "1")
        open_execution("import", "2")
    assert find_organisme_id(Execution, execution.pk) == inegaux[0].pk

    with transaction.atomic():
        assert find_organisme_id(Execution, execution.pk) == inegaux[0].pk
        assert lire("SELECT count(*) FROM socle_execution") == [(0,)]
        ecrire(f"SET LOCAL maintien.execution = '{execution.pk}'")
        assert lire("SELECT id FROM socle_execution") == [(execution.pk,)]
        assert lire("SELECT count(*) FROM comptes_compte") == [(0,)]
        assert ecrire("UPDATE socle_execution SET message = 'x'") == 0

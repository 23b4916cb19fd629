"""What a start refuses: a role that the policies do not hold, a wall with a hole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from tests import fabriques
from tests.lignes import lire

from maintien.apps.socle import controles, mur
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.proprietaire import as_owner

seulement_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite n'a pas cette barrière")


@seulement_postgresql
@pytest.mark.django_db(transaction=True)
def test_le_proprietaire_sans_ce_reglage_ne_voit_rien_non_plus() -> None:
    """FORCE: a shell opened under the wrong role reads nothing by mistake."""
    with organisme_scope(fabriques.organisme()):
        fabriques.compte()

    with as_owner() as proprietaire, proprietaire.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM comptes_compte")
        assert curseur.fetchone() == (1,)
        curseur.execute("RESET maintien.transverse; SET maintien.transverse = ''")
        curseur.execute("SELECT count(*) FROM comptes_compte")
        assert curseur.fetchone() == (0,)


@pytest.fixture
def proprietaire(transactional_db: None) -> Iterator[Any]:
    """Undoes the wall here and there; it is put back afterwards."""
    with as_owner() as connexion:
        yield connexion
        mur.install(connexion)


FAUTES = {
    "ALTER TABLE comptes_bail NO FORCE ROW LEVEL SECURITY": "La sécurité par ligne de comptes_bail ne tient pas",
    "ALTER TABLE comptes_bail DISABLE ROW LEVEL SECURITY": "La table comptes_bail n'a pas de sécurité par ligne",
    "DROP POLICY mur_organisme ON comptes_bail": "La table comptes_bail n'a pas sa politique mur_organisme",
    "ALTER POLICY mur_organisme ON comptes_bail USING (true)": "La table comptes_bail n'a pas sa politique",
    "CREATE POLICY tout ON comptes_bail USING (true)": "La politique tout de comptes_bail n'est pas de ce logiciel",
    "CREATE VIEW vue AS SELECT * FROM comptes_bail": "La vue vue lit avec les droits de son propriétaire",
    "CREATE MATERIALIZED VIEW vue AS SELECT * FROM comptes_bail": "La vue matérialisée vue garde des lignes",
    "CREATE FUNCTION lire() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM comptes_bail'": (
        "La fonction lire agit avec les droits de son propriétaire"
    ),
}
DEFAIRE = (
    "DROP POLICY IF EXISTS tout ON comptes_bail",
    "DROP FUNCTION IF EXISTS lire()",
)


@seulement_postgresql
@pytest.mark.parametrize("ordre", FAUTES)
def test_une_barriere_ebrechee_se_dit(ordre: str, proprietaire: Any) -> None:
    with proprietaire.cursor() as curseur:
        curseur.execute(ordre)
    try:
        with connection_application() as application:
            fautes = controles.faults(application)
    finally:
        with proprietaire.cursor() as curseur:
            for defaire in (*DEFAIRE, *_sans_vue(ordre)):
                curseur.execute(defaire)

    assert len(fautes) == 1
    assert fautes[0].startswith(FAUTES[ordre])


def _sans_vue(ordre: str) -> list[str]:
    genre = "MATERIALIZED VIEW" if "MATERIALIZED" in ordre else "VIEW"
    return [f"DROP {genre} IF EXISTS vue"] if "VIEW" in ordre else []


@contextmanager
def connection_application() -> Iterator[Any]:
    """A connection of the application beside that of the owner."""
    connexion = connection.copy()
    connexion.en_proprietaire = False
    try:
        yield connexion
    finally:
        connexion.close()


@seulement_postgresql
@pytest.mark.django_db(transaction=True)
def test_une_vue_qui_lit_avec_les_droits_de_qui_la_lit_est_admise() -> None:
    with as_owner() as proprietaire, proprietaire.cursor() as curseur:
        curseur.execute("CREATE VIEW vue WITH (security_invoker = true) AS SELECT * FROM comptes_bail")
        try:
            with connection_application() as application:
                assert controles.faults(application) == []
        finally:
            curseur.execute("DROP VIEW vue")


@seulement_postgresql
@pytest.mark.django_db
def test_remettre_la_barriere_ne_change_rien() -> None:
    contraintes = "SELECT count(*) FROM pg_constraint"
    avant = lire(contraintes), lire("SELECT count(*) FROM pg_policy")

    with as_owner() as proprietaire:
        mur.install(proprietaire)

    assert (lire(contraintes), lire("SELECT count(*) FROM pg_policy")) == avant


def test_sur_sqlite_rien_n_est_a_verifier(db: None) -> None:
    if connection.vendor != "postgresql":
        mur.install(connection)
    assert controles.faults(connection) == []

"""The second wall: what PostgreSQL itself refuses to the role of the application, in plain SQL, without the filter."""
# The text of these orders is made of the names of our own tables; every value is a parameter.
# ruff: noqa: S608

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, models, transaction
from pytest_django import DjangoDbBlocker
from tests import fabriques
from tests.lignes import ecrire, lire, une_ligne

from maintien.apps.comptes.models import Bail
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import controles, declencheurs, mur
from maintien.apps.socle.models import ScopedModel
from maintien.apps.socle.portee import organisme_scope

POSTGRESQL = connection.vendor == "postgresql"
seulement_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="la seconde barrière est celle de PostgreSQL")
TABLES = mur.scoped_models()


Deux = tuple[Organisme, Organisme]


@pytest.fixture(scope="module")
def planter(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Deux]:
    """One row of every scoped table in each of two organismes, made once; nothing of it outlives the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        organismes = fabriques.organisme("MUR1"), fabriques.organisme("MUR2")
        # The foreign rows first: their numbers are then below and, made in a test, above those of the first.
        for organisme in reversed(organismes):
            with organisme_scope(organisme):
                for modele in TABLES.values():
                    une_ligne(modele)
        yield organismes
        transaction.set_rollback(True)


@pytest.fixture
def deux(planter: Deux, django_db_blocker: DjangoDbBlocker) -> Iterator[Deux]:
    with django_db_blocker.unblock():
        yield planter


# --- what the models must look like, on both databases ------------------------------------------------------------


# Nobody chooses them, and nobody guesses one.
TIREES_AU_SORT = {("socle_extraction", "code")}


@pytest.mark.parametrize("table", TABLES)
def test_une_cle_est_propre_a_son_organisme(table: str) -> None:
    """A key common to all would tell one landlord what another one holds, and refuse it the same reference."""
    modele = TABLES[table]
    liens = {lien.name for lien in modele._meta.concrete_fields if lien.column in dict_liens(modele)} | {"organisme"}
    cles = [contrainte.fields for contrainte in modele._meta.total_unique_constraints]
    cles += [c.fields for c in modele._meta.constraints if isinstance(c, models.UniqueConstraint)]
    cles += [(champ.name,) for champ in modele._meta.concrete_fields if champ.unique and not champ.primary_key]

    assert [cle for cle in cles if not liens & set(cle) and (table, *cle) not in TIREES_AU_SORT] == []
    assert modele._meta.unique_together == ()


def dict_liens(modele: type[ScopedModel]) -> dict[str, str]:
    return {colonne: cible for colonne, cible, _ in mur.scoped_links(modele)}


def test_aucune_table_de_liaison_n_echappe_a_la_portee() -> None:
    """A many-to-many of its own making has no organisme: name the link, as a scoped model."""
    echappees = [champ.name for modele in TABLES.values() for champ in modele._meta.local_many_to_many]

    assert echappees == []


def test_un_modele_a_portee_ne_partage_pas_sa_table() -> None:
    """A child table of inheritance would hold rows without organisme."""
    assert [m.__name__ for m in TABLES.values() if m._meta.parents] == []


def test_les_noms_de_contraintes_tiennent_dans_63_lettres() -> None:
    noms = [nom for modele in TABLES.values() for _, _, nom in mur.scoped_links(modele)]

    assert max(map(len, noms)) <= 63
    assert len(noms) == len(set(noms))


# --- what the database holds -------------------------------------------------------------------------------------


@seulement_postgresql
@pytest.mark.django_db
def test_chaque_table_a_portee_a_sa_barriere_forcee() -> None:
    lues = lire(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = ANY (%s)", [list(TABLES)]
    )

    assert dict(lues) == dict.fromkeys(TABLES, True)
    assert controles.faults(connection) == []


# Nobody's organisme is in them: accounts of persons, their sessions, queues of numbers, counters, Django's own lists.
# The heads and the seals of the journals are ranks and digests (ADR 0043).
DE_LA_PLATEFORME = (
    *("organismes_organisme", "organismes_utilisateur", "socle_cache"),
    *("socle_evenementplateforme", "socle_tetejournal", "socle_sceaujournal"),
    # A person's own: links, sessions and identities (docs/adr/0042).
    *("organismes_invitationcompte", "organismes_sessionouverte", "organismes_identiteexterne"),
)
DES_BIBLIOTHEQUES = ("account_", "auth_", "axes_", "django_", "mfa_", "socialaccount_", "usersessions_")


@seulement_postgresql
@pytest.mark.django_db
def test_toute_autre_table_est_de_la_plateforme() -> None:
    """A table that is neither walled nor known here fails: whoever adds one says which it is."""
    tables = {nom for (nom,) in lire("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    libres = {t for t in tables - set(TABLES) if not t.startswith(DES_BIBLIOTHEQUES)}

    assert libres == {*DE_LA_PLATEFORME, "organismes_utilisateur_groups", "organismes_utilisateur_user_permissions"}


@seulement_postgresql
@pytest.mark.parametrize("table", TABLES)
def test_sans_portee_la_base_ne_donne_rien(table: str, deux: Deux) -> None:
    assert lire(f"SELECT count(*) FROM {table}") == [(0,)]
    with organisme_scope(deux[0]):
        assert lire(f"SELECT DISTINCT organisme_id FROM {table}") == [(deux[0].pk,)]
    assert lire(f"SELECT count(*) FROM {table}") == [(0,)]


@seulement_postgresql
@pytest.mark.parametrize("table", TABLES)
def test_on_ne_touche_pas_aux_lignes_d_un_autre(table: str, deux: Deux) -> None:
    un, autre = deux
    with organisme_scope(autre):
        [(cle,)] = lire(f"SELECT max(id) FROM {table}")

    with organisme_scope(un):
        assert ecrire(f"UPDATE {table} SET organisme_id = %s WHERE id = %s", [un.pk, cle]) == 0
        assert ecrire(f"DELETE FROM {table} WHERE id = %s", [cle]) == 0
    with organisme_scope(autre):
        assert lire(f"SELECT organisme_id FROM {table} WHERE id = %s", [cle]) == [(autre.pk,)]


@seulement_postgresql
@pytest.mark.parametrize("table", TABLES)
def test_on_n_ecrit_pas_chez_un_autre(table: str, deux: Deux) -> None:
    un, autre = deux
    colonnes = ", ".join(
        c.column for c in TABLES[table]._meta.concrete_fields if c.column not in {"id", "organisme_id"}
    )
    copie = f"INSERT INTO {table} (organisme_id, {colonnes}) SELECT %s, {colonnes} FROM {table}"

    with organisme_scope(un), pytest.raises(ProgrammingError, match="row-level security"):
        ecrire(copie, [autre.pk])
    with pytest.raises(DatabaseError, match=r"row-level security|null value"):
        ecrire(f"INSERT INTO {table} (organisme_id) VALUES (%s)", [un.pk])


@seulement_postgresql
def test_une_ligne_ne_change_pas_d_organisme(deux: Deux) -> None:
    un, autre = deux

    with organisme_scope(un), pytest.raises(DatabaseError, match=r"row-level security|foreign key"):
        ecrire("UPDATE organismes_secteur SET organisme_id = %s", [autre.pk])


LIENS = [(table, *lien) for table, modele in TABLES.items() for lien in mur.scoped_links(modele)]


@seulement_postgresql
@pytest.mark.parametrize(("table", "colonne", "cible", "nom"), LIENS, ids=str)
def test_aucun_lien_ne_joint_deux_organismes(table: str, colonne: str, cible: str, nom: str, deux: Deux) -> None:
    """Foreign keys are checked beside the policies: known by its number alone, a foreign row could be linked to."""
    un, autre = deux
    with organisme_scope(autre):
        etrangeres = lire(f"SELECT min(id) FROM {cible}")[0][0], une_ligne(TABLES[cible]).pk

    refus = []
    for etrangere in etrangeres:
        with organisme_scope(un), pytest.raises(IntegrityError) as erreur:
            _lier(table, colonne, etrangere)
        refus.append(str(erreur.value))
    # Another constraint may be seen first: the order of a pair, or a link that exists once.
    assert any(nom in message for message in refus)


def _lier(table: str, colonne: str, cible: int) -> None:
    """Change one row; a ledger takes new lines only."""
    if table not in declencheurs.TABLES:
        ecrire(f"UPDATE {table} SET {colonne} = %s WHERE id = (SELECT max(id) FROM {table})", [cible])
        return
    garde = [c.column for c in TABLES[table]._meta.concrete_fields if c.column not in {"id", colonne, "reference"}]
    lues = ", ".join(garde)
    copie = f"SELECT %s, 'COPIE', {lues} FROM {table} LIMIT 1"
    ecrire(f"INSERT INTO {table} ({colonne}, reference, {lues}) {copie}", [cible])


@seulement_postgresql
@pytest.mark.parametrize(
    "ordre",
    [
        "ALTER TABLE comptes_compte DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE comptes_compte NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY mur_organisme ON comptes_compte",
        "CREATE POLICY tout ON comptes_compte USING (true)",
        "ALTER TABLE comptes_ecriture DISABLE TRIGGER ALL",
        "DROP TRIGGER comptes_ecriture_ajout_seul ON comptes_ecriture",
        "TRUNCATE comptes_compte CASCADE",
        "CREATE TABLE public.copie AS SELECT * FROM comptes_compte",
        "CREATE VIEW public.vue AS SELECT * FROM comptes_compte",
        "SET ROLE maintien_proprietaire",
        "SET SESSION AUTHORIZATION maintien_proprietaire",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('socle', '9999', now())",
        "COPY comptes_compte FROM STDIN",
        "SET LOCAL session_replication_role = replica",
    ],
)
def test_l_application_ne_peut_pas_defaire_la_barriere(ordre: str, db: None) -> None:
    with pytest.raises(DatabaseError, match=r"must be owner|permission denied|not supported with row-level"):
        ecrire(ordre)


@seulement_postgresql
def test_couper_la_securite_par_ligne_ne_donne_rien(deux: Deux) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        ecrire("SET LOCAL row_security = off; SELECT count(*) FROM comptes_compte")


@seulement_postgresql
def test_le_reglage_des_migrations_ne_sert_qu_au_proprietaire(deux: Deux) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL maintien.transverse = 'oui'")
        curseur.execute("SELECT count(*) FROM comptes_compte")
        assert curseur.fetchone() == (0,)


@pytest.mark.django_db
def test_les_lignes_liees_sont_celles_de_l_organisme(bailleur: Organisme) -> None:
    """The links themselves still work, on both databases."""
    bail = fabriques.bail(fabriques.compte("C1"))

    assert Bail.objects.select_related("compte").get(pk=bail.pk).compte.reference == "C1"

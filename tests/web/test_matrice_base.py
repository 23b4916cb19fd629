"""The matrix once more with the application's filter taken away: on PostgreSQL, row-level security alone holds.

The same routes, methods and actors as test_matrice.py; the answers compared are those for rows of another landlord.
Nobody has a sector here, so that nothing but the organisme can refuse. On SQLite the same removal is shown to open
the doors: otherwise these tests would prove nothing.
"""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker
from tests.sans_filtre import sans_filtre
from tests.web import test_matrice as matrice

from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.models import Menage, Proposition
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.socle.portee import organisme_scope

pytestmark = [pytest.mark.matrice, pytest.mark.django_db]
seulement_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite n'a que le filtre")
seulement_sqlite = pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL tient sans le filtre")
MARQUE = "Marqueterie"
AVEC_OBJET = [
    nom for nom, r in matrice.ATTENDU["routes"].items() if "autre_bailleur" in matrice.ATTENDU["relations"][r["objet"]]
]
SANS_OBJET = [nom for nom, r in matrice.ATTENDU["routes"].items() if r["objet"] == "aucun"]


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[matrice.Monde]:
    with django_db_blocker.unblock(), transaction.atomic():
        construit = matrice._construire()
        with organisme_scope(Organisme.objects.get(code="MATRICE")):
            Appartenance.objects.update(secteur=None)
        with organisme_scope(Organisme.objects.get(code="MATRICE2")):
            Menage.objects.update(libelle=MARQUE, lieu=MARQUE, recherche=MARQUE.lower())
            Personne.objects.update(nom=MARQUE, prenom=MARQUE)
            # Ahead of all: the first row of any list that it would be in.
            Proposition.objects.update(rang=0)
        yield construit
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _sans_filtre() -> Iterator[None]:
    with sans_filtre():
        yield


def _reponse(monde: matrice.Monde, acteur: str, nom: str, methode: str, relation: str) -> int | str:
    cle = monde.cles[acteur][matrice.ATTENDU["routes"][nom]["objet"]][relation]
    with transaction.atomic():
        lue = matrice._lire(matrice._client(monde, acteur).generic(methode, matrice._adresse(nom, cle)))
        transaction.set_rollback(True)
    return lue


@seulement_postgresql
@pytest.mark.parametrize("methode", matrice.METHODES)
@pytest.mark.parametrize("nom", AVEC_OBJET)
def test_la_base_seule_refuse_la_ligne_d_un_autre(nom: str, methode: str, monde: matrice.Monde) -> None:
    route = matrice.ATTENDU["routes"][nom]
    relations = matrice.ATTENDU["relations"][route["objet"]]
    attendu = {
        acteur: dict(zip(relations, matrice._reponses(route, methode, acteur), strict=True))["autre_bailleur"]
        for acteur in matrice.ATTENDU["acteurs"]
    }

    obtenu = {acteur: _reponse(monde, acteur, nom, methode, "autre_bailleur") for acteur in attendu}

    assert obtenu == attendu


@seulement_postgresql
@pytest.mark.parametrize("nom", SANS_OBJET)
def test_la_base_seule_ne_montre_rien_d_un_autre(nom: str, monde: matrice.Monde) -> None:
    for acteur in matrice.ATTENDU["acteurs"]:
        adresse = matrice._adresse(nom, None) + "?tout=1"
        with transaction.atomic():
            reponse = matrice._client(monde, acteur).get(adresse)
            transaction.set_rollback(True)
        lu = reponse.content.decode() if not reponse.streaming else ""
        assert MARQUE not in lu, acteur


@seulement_sqlite
def test_le_filtre_est_vraiment_retire(monde: matrice.Monde) -> None:
    """Without the second wall, these very requests open the dossier of another landlord and show its names."""
    liste = matrice._client(monde, "responsable").get(matrice._adresse("journee", None) + "?tout=1")

    assert _reponse(monde, "responsable", "dossier", "GET", "autre_bailleur") == 200
    assert _reponse(monde, "responsable", "dossier", "GET", "absent") == 404
    assert MARQUE in liste.content.decode()

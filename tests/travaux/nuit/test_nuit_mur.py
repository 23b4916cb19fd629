"""A job without the filter: on PostgreSQL, the pass of one landlord neither reads nor writes anything of another."""

import pytest
from django.db import connection
from tests import fabriques
from tests.sans_filtre import sans_filtre
from tests.travaux.nuit.portefeuille import en_retard, equipe, nuit

from maintien.apps.comptes.models import Compte, SituationCompte
from maintien.apps.dossiers.models import Dossier, Menage
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite n'a que le filtre")
def test_la_nuit_d_un_bailleur_ne_touche_pas_un_autre_meme_sans_le_filtre(bailleur: Organisme) -> None:
    en_retard("Martinez")
    autre = fabriques.organisme("AUTRE")
    with organisme_scope(autre):
        equipe()
        en_retard("Bernard")

    with sans_filtre():
        bilan = nuit(bailleur)

    assert (bilan.comptes, bilan.dossiers_ouverts) == (1, 1)
    with organisme_scope(autre):
        lus = {modele.__name__: modele.objects.count() for modele in (SituationCompte, Menage, Dossier, Evenement)}
        assert lus == {"SituationCompte": 0, "Menage": 0, "Dossier": 0, "Evenement": 0}


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL tient sans le filtre")
def test_le_filtre_est_vraiment_retire(bailleur: Organisme) -> None:
    fabriques.compte()
    with organisme_scope(fabriques.organisme("AUTRE")):
        fabriques.compte()

    with sans_filtre():
        assert Compte.objects.count() == 2
    assert Compte.objects.count() == 1

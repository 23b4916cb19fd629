"""Dossiers follow the sector of the home, and leave who no longer works on it."""

from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries
from tests import fabriques

from maintien.apps.comptes.models import Compte
from maintien.apps.dossiers.enums import EtatDossier, GenreFait
from maintien.apps.dossiers.models import Dossier, Fait
from maintien.apps.organismes.enums import CritereSecteur, Role
from maintien.apps.organismes.models import Appartenance, Organisme, RattachementSecteur, Secteur
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.secteurs import align_secteurs, realign_dossiers

JOUR = date(2026, 11, 20)


@pytest.fixture
def bailleur(db: None) -> Iterator[Organisme]:
    organisme = fabriques.organisme("BAILLEUR")
    with organisme_scope(organisme):
        yield organisme


@pytest.fixture
def nord(bailleur: Organisme) -> Secteur:
    return fabriques.secteur("NORD")


@pytest.fixture
def sud(bailleur: Organisme) -> Secteur:
    return fabriques.secteur("SUD", nom="Sud")


def _dossier(secteur: Secteur, du_dossier: Secteur, **champs: object) -> Dossier:
    compte = fabriques.compte(secteur=secteur)
    fabriques.bail(compte, logement=fabriques.logement(secteur=secteur))
    return fabriques.dossier(fabriques.menage(compte), secteur=du_dossier, **champs)


def test_le_dossier_suit_le_logement_quand_la_table_change(nord: Secteur, sud: Secteur) -> None:
    agent, partout = fabriques.membre(Role.RECOUVREMENT, nord), fabriques.membre(Role.CESF)
    dossier = _dossier(nord, nord, referent=agent.utilisateur, cesf=partout.utilisateur)
    RattachementSecteur.objects.create(secteur=sud, critere=CritereSecteur.COMMUNE, valeur="Toulouse")

    assert align_secteurs(JOUR) == 1

    assert Compte.objects.get().secteur == sud
    relu = Dossier.objects.get()
    assert (relu.secteur, relu.referent, relu.cesf, relu.version) == (sud, None, partout.utilisateur, 2)
    fait = Fait.objects.get()
    assert (fait.genre, fait.dossier, fait.date) == (GenreFait.CHANGEMENT, dossier, JOUR)
    assert fait.donnees["motif"] == (
        "Le logement dépend maintenant du secteur Sud. Le référent ne suit plus ce secteur : à désigner."
    )
    evenement = Evenement.objects.get()
    assert (evenement.acte, evenement.objet_id) == ("dossier.secteur", dossier.pk)
    assert evenement.details["avant_secteur_id"] == nord.pk
    assert evenement.details["avant_referent_id"] == agent.utilisateur_id
    assert align_secteurs(JOUR) == 0
    assert Fait.objects.count() == 1


def _ancien(nord: Secteur, sud: Secteur) -> Appartenance:
    return fabriques.membre(Role.RECOUVREMENT, nord, actif=False)


def _compte_ferme(nord: Secteur, sud: Secteur) -> Appartenance:
    return fabriques.membre(Role.RECOUVREMENT, nord, utilisateur=fabriques.utilisateur(is_active=False))


def _autre_role(nord: Secteur, sud: Secteur) -> Appartenance:
    return fabriques.membre(Role.ADMINISTRATEUR)


def _autre_secteur(nord: Secteur, sud: Secteur) -> Appartenance:
    return fabriques.membre(Role.CONTENTIEUX, sud)


@pytest.mark.parametrize("qui", [_ancien, _compte_ferme, _autre_role, _autre_secteur])
def test_qui_ne_peut_plus_l_ouvrir_ne_le_suit_plus(qui: object, nord: Secteur, sud: Secteur) -> None:
    membre = qui(nord, sud)  # type: ignore[operator]
    _dossier(nord, nord, referent=membre.utilisateur)

    assert realign_dossiers(JOUR) == 1
    relu = Dossier.objects.get()
    assert (relu.secteur, relu.referent) == (nord, None)


def test_un_dossier_clos_ou_sans_secteur_connu_reste_ou_il_est(nord: Secteur, sud: Secteur) -> None:
    clos = _dossier(sud, nord, etat=EtatDossier.CLOS, clos_le=JOUR)
    sans = fabriques.dossier(fabriques.menage(fabriques.compte()), secteur=nord)

    assert realign_dossiers(JOUR) == 0
    for dossier in (clos, sans):
        dossier.refresh_from_db()
        assert dossier.secteur == nord


def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers(
    nord: Secteur, sud: Secteur, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _dossier(sud, nord)
    assert realign_dossiers(JOUR) == 1  # the first line of a journal makes the head of its chain
    for nombre in (2, 20):
        for _ in range(nombre):
            _dossier(sud, nord)
        with django_assert_num_queries(18):
            assert realign_dossiers(JOUR) == nombre

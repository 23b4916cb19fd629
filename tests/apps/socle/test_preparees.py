"""Queries written once give what the querysets give, for the organisme in scope only, whatever the values."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import fabriques

from maintien.apps.dossiers.enums import EtatProposition
from maintien.apps.dossiers.models import Dossier, Proposition
from maintien.apps.organismes.models import Organisme, Secteur
from maintien.apps.socle.portee import ScopeError, organisme_scope
from maintien.apps.socle.preparees import MarqueError, Questions, Valeurs, completer, compter, lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def bailleur() -> Organisme:
    return fabriques.organisme("DEMO")


def _ouverts(_forme: None, valeurs: Valeurs) -> Questions:
    dossiers = Dossier.objects.filter(ouvert_le__gte=valeurs["depuis"], pk__in=valeurs["dossiers"])
    return [dossiers.order_by("pk").values_list("pk", "ouvert_le")]


def test_les_valeurs_du_moment_prennent_la_place_des_marques(bailleur: Organisme) -> None:
    with organisme_scope(bailleur):
        ancien = fabriques.dossier(ouvert_le=date(2026, 1, 5))
        recent = fabriques.dossier(ouvert_le=date(2026, 9, 5))

        def lus(depuis: date, *dossiers: int) -> list[Any]:
            return lire(_ouverts, None, {"depuis": depuis, "dossiers": completer(dossiers, 3)})

        assert lus(date(2026, 1, 1), ancien.pk, recent.pk) == [
            (ancien.pk, date(2026, 1, 5)),
            (recent.pk, date(2026, 9, 5)),
        ]
        assert lus(date(2026, 2, 1), ancien.pk, recent.pk) == [(recent.pk, date(2026, 9, 5))]
        assert lus(date(2026, 1, 1), ancien.pk) == [(ancien.pk, date(2026, 1, 5))]


def test_la_requete_est_ecrite_une_fois_et_la_portee_lue_a_chaque_fois(bailleur: Organisme) -> None:
    autre = fabriques.organisme("AUTRE")
    with organisme_scope(bailleur):
        mien = fabriques.dossier()
    with organisme_scope(autre):
        sien = fabriques.dossier()
    valeurs = {"depuis": date(2020, 1, 1), "dossiers": (mien.pk, sien.pk)}

    vus = []
    for organisme in (bailleur, autre, bailleur):
        with organisme_scope(organisme):
            vus.append([pk for pk, _ in lire(_ouverts, None, valeurs)])

    assert vus == [[mien.pk], [sien.pk], [mien.pk]]


def test_hors_de_toute_portee_rien_ne_se_lit(bailleur: Organisme) -> None:
    valeurs = {"depuis": date(2020, 1, 1), "dossiers": (1,)}
    with organisme_scope(bailleur):
        lire(_ouverts, None, valeurs)

    with pytest.raises(ScopeError):
        lire(_ouverts, None, valeurs)
    with pytest.raises(ScopeError):
        compter(_ouverts, None, valeurs)


def _etapes(genre_demande: bool, valeurs: Valeurs) -> Questions:
    etapes = Proposition.objects.filter(etat=EtatProposition.A_FAIRE)
    du_genre = etapes.filter(genre=valeurs["genre"]) if genre_demande else etapes
    return [
        du_genre.order_by("pk").values_list("genre", "motifs", "imposee"),
        Secteur.objects.none().values_list("pk"),
    ]


def test_les_colonnes_se_lisent_comme_celles_des_modeles(bailleur: Organisme) -> None:
    with organisme_scope(bailleur):
        fabriques.proposition(fabriques.dossier(), genre="plan_du", imposee=True, motifs=[{"texte": "L’été."}])
        fabriques.proposition(fabriques.dossier(), genre="l'autre", motifs=[])

        assert lire(_etapes, True, {"genre": "plan_du"}) == [("plan_du", [{"texte": "L’été."}], True)]
        assert lire(_etapes, True, {"genre": "l'autre"}) == [("l'autre", [], False)]
        assert lire(_etapes, True, {"genre": "' or 1=1 --"}) == []
        assert len(lire(_etapes, False, {})) == 2


def test_tout_se_compte_en_une_requete_et_rien_a_voir_fait_zero(bailleur: Organisme) -> None:
    with organisme_scope(bailleur):
        for genre in ("plan_du", "plan_du", "signalement"):
            fabriques.proposition(fabriques.dossier(), genre=genre)
        with CaptureQueriesContext(connection) as requetes:
            assert compter(_etapes, True, {"genre": "plan_du"}) == [2, 0]
        assert compter(_etapes, False, {}) == [3, 0]

    assert len(requetes) == 1


def _page(_forme: None, valeurs: Valeurs) -> Questions:
    return [Dossier.objects.order_by("pk").values_list("pk")[: valeurs["taille"]]]


def test_une_valeur_ecrite_dans_le_texte_est_refusee(bailleur: Organisme) -> None:
    with organisme_scope(bailleur), pytest.raises(MarqueError):
        lire(_page, None, {"taille": 3})


@pytest.mark.parametrize("valeur", [3.5, None, b"octets"])
def test_une_valeur_sans_marque_est_refusee(bailleur: Organisme, valeur: object) -> None:
    with organisme_scope(bailleur), pytest.raises(MarqueError):
        lire(_page, None, {"taille": valeur})


@pytest.mark.parametrize(("valeurs", "longueur"), [((), 3), ((1, 2, 3, 4), 3)])
def test_une_liste_vide_ou_trop_longue_est_refusee(valeurs: tuple[int, ...], longueur: int) -> None:
    with pytest.raises(MarqueError):
        completer(valeurs, longueur)

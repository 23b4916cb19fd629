"""What the API hands out, page by page, and what it never does."""

import json
import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests import fabriques
from tests.api.conftest import Monde, ajouter, construire_monde

from maintien.api import v1
from maintien.api.champs import LUS, SituationLue, class_of, filtered
from maintien.apps.comptes.models import SituationCompte
from maintien.apps.dossiers import publics
from maintien.apps.organismes import jetons
from maintien.apps.organismes.enums import ClasseChamp, PorteeApi
from maintien.apps.organismes.models import Secteur
from maintien.apps.plans.models import PlanApurement
from maintien.apps.socle.portee import organisme_scope


def _elements(monde: Monde, acteur: str, adresse: str) -> list[dict[str, Any]]:
    reponse = monde.get(acteur, adresse)
    assert reponse.status_code == 200, reponse.content
    elements: list[dict[str, Any]] = reponse.json()["elements"]
    return elements


def test_les_situations_sont_celles_des_menages_que_rien_ne_protege(monde: Monde) -> None:
    lus = _elements(monde, "client", "/api/v1/situations")

    assert [lu["reference_compte"] for lu in lus] == ["C-clos", "C-ordinaire", "C-sans_dossier", "C-sud", "C-suivi"]
    au_nord = _elements(monde, "client_nord", "/api/v1/situations")
    assert [lu["reference_compte"] for lu in au_nord] == ["C-clos", "C-ordinaire", "C-sans_dossier", "C-suivi"]
    assert _elements(monde, "client_d_ailleurs", "/api/v1/situations") == []


def test_les_dossiers_sont_ceux_des_menages_que_rien_ne_protege(monde: Monde) -> None:
    lus = _elements(monde, "client", "/api/v1/dossiers")

    assert [lu["comptes"] for lu in lus] == [["C-ordinaire"], ["C-suivi"], ["C-clos"], ["C-sud"]]
    assert lus[2] == {
        "id": monde.dossiers["clos"],
        "comptes": ["C-clos"],
        "secteur": "NORD",
        "etat": "clos",
        "niveau": "ordinaire",
        "ouvert_le": "2026-10-06",
        "clos_le": "2026-11-20",
        "has_plan": False,
    }
    assert [lu["comptes"] for lu in _elements(monde, "client", "/api/v1/dossiers?etat=clos")] == [["C-clos"]]
    assert [lu["comptes"] for lu in _elements(monde, "client", "/api/v1/dossiers?secteur=SUD")] == [["C-sud"]]


def test_une_situation_est_en_centimes_et_en_dates_iso(monde: Monde) -> None:
    lue = monde.get("client", "/api/v1/situations/C-ordinaire").json()

    assert (lue["reference_compte"], lue["secteur"], lue["date"]) == ("C-ordinaire", "NORD", "2026-11-20")
    assert lue["dette_locative_centimes"] == 45_000
    assert (lue["statut"], lue["date_impaye_apl_legal"], lue["impaye_apl_legal"]) == ("present", None, False)
    assert set(lue) == set(SituationLue.model_fields)


def test_un_compte_sans_menage_se_tait_si_une_personne_le_demande(monde: Monde) -> None:
    """Between an import and the night, an account may have people and no household yet."""
    with organisme_scope(monde.organisme):
        for reference, retenue in (("SEUL-1", False), ("SEUL-2", True)):
            compte = fabriques.compte(reference)
            fabriques.situation(compte)
            fabriques.occupation(compte, fabriques.personne(contact_restreint=retenue))

    assert monde.get("client", "/api/v1/situations/SEUL-1").status_code == 200
    assert monde.get("client", "/api/v1/situations/SEUL-2").status_code == 404


def test_un_plan_qui_court_se_voit(monde: Monde) -> None:
    with organisme_scope(monde.organisme):
        compte = publics.Compte.objects.get(reference="C-ordinaire")
        plan = PlanApurement.objects.create(
            compte=compte, reference="P1", date_signature=date(2026, 9, 1), montant_centimes=90_000,
            nombre_echeances=9, mensualite_centimes=10_000, premiere_echeance=date(2026, 10, 5),
        )  # fmt: skip
    assert monde.get("client", f"/api/v1/dossiers/{monde.dossiers['ordinaire']}").json()["has_plan"] is True
    with organisme_scope(monde.organisme):
        plan.date_rupture = date(2026, 11, 6)
        plan.save()
    assert monde.get("client", f"/api/v1/dossiers/{monde.dossiers['ordinaire']}").json()["has_plan"] is False


def test_modifie_depuis_rend_ce_qui_a_change_et_ce_dont_on_ne_sait_rien(monde: Monde) -> None:
    with organisme_scope(monde.organisme):
        SituationCompte.objects.filter(compte__reference="C-clos").update(modifiee_le=date(2026, 11, 1))
        SituationCompte.objects.filter(compte__reference="C-sud").update(modifiee_le=None)

    lus = _elements(monde, "client", "/api/v1/situations?modifie_depuis=2026-11-02")

    assert [lu["reference_compte"] for lu in lus] == ["C-ordinaire", "C-sans_dossier", "C-sud", "C-suivi"]


@pytest.mark.parametrize(
    ("parametres", "detail"),
    [
        ("limite=0", "limite : il faut un nombre de 1 à 500."),
        ("limite=501", "limite : il faut un nombre de 1 à 500."),
        ("limite=beaucoup", "limite : il faut un nombre de 1 à 500."),
        ("modifie_depuis=hier", "modifie_depuis : il faut un jour AAAA-MM-JJ."),
        ("apres=%00", "apres : il faut la valeur « suite » de la page d’avant."),
        ("secteurs=NORD", "Paramètre inconnu « secteurs » (connus : au, secteur, modifie_depuis, apres, limite)."),
        (
            "au=2026-11-19",
            "au : les situations servies sont celles de la dernière passe de nuit, le 2026-11-20.",
        ),
    ],
)
def test_un_parametre_refuse_est_une_phrase(monde: Monde, parametres: str, detail: str) -> None:
    reponse = monde.get("client", f"/api/v1/situations?{parametres}")

    assert reponse.status_code == 422
    assert reponse["Content-Type"] == "application/problem+json"
    assert reponse.json()["detail"] == detail


def test_le_jour_de_la_derniere_passe_est_admis(monde: Monde) -> None:
    assert monde.get("client", "/api/v1/situations?au=2026-11-20").status_code == 200


@pytest.mark.parametrize(
    "adresse", ["/api/v1/dossiers/99999999999999999999999", "/api/v1/situations/C%00", "/api/v2/", "/api/", "/api/v1"]
)
def test_une_adresse_impossible_est_un_404_en_json(monde: Monde, adresse: str) -> None:
    reponse = monde.get("client", adresse)

    assert (reponse.status_code, reponse["Content-Type"]) == (404, "application/problem+json")


def test_une_demande_avec_un_corps_ou_trop_longue_est_refusee(monde: Monde) -> None:
    client = Client(headers={"Authorization": f"Bearer {monde.jetons['client']}"})

    assert client.generic("GET", "/api/v1/situations", data="x" * 10).status_code == 413
    assert client.get("/api/v1/situations?apres=" + "x" * 3000).status_code == 414


def test_une_panne_ne_montre_rien_du_dedans(
    monde: Monde, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    def casser(*_: Any, **__: Any) -> None:
        raise RuntimeError("SELECT secret FROM table")

    settings.DEBUG = True
    monkeypatch.setattr(v1.publics, "situations", casser)
    with caplog.at_level(logging.ERROR):
        reponse = monde.get("client", "/api/v1/situations")

    assert reponse.status_code == 500
    assert reponse.json()["detail"] == "Le serveur n’a pas pu répondre ; l’incident est noté."
    assert "secret" not in reponse.content.decode()
    assert "The API could not answer" in caplog.text


@pytest.mark.parametrize("schema", LUS)
def test_chaque_champ_a_une_classe(schema: Any) -> None:
    assert {class_of(schema, nom) for nom in schema.model_fields} <= {ClasseChamp.IDENTITE, ClasseChamp.FINANCE}


def test_un_champ_sans_classe_ne_sort_pas() -> None:
    class Indiscret(SituationLue):
        nom: str | None = None

    with pytest.raises(LookupError, match=r"Indiscret\.nom"):
        filtered(Indiscret, {"nom": "Martinez"}, frozenset(ClasseChamp))


def test_ce_que_la_case_ne_lit_pas_n_est_pas_dans_la_reponse(monde: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    identite = frozenset({ClasseChamp.IDENTITE})
    monkeypatch.setattr(v1.publics, "situation_classes", lambda _: identite)
    monkeypatch.setattr(publics, "readable", lambda *_: identite)

    situation = monde.get("client", "/api/v1/situations/C-ordinaire").json()
    [dossier, *_] = _elements(monde, "client", "/api/v1/dossiers")

    assert situation == {"reference_compte": "C-ordinaire", "secteur": "NORD"}
    assert dossier == {"id": monde.dossiers["ordinaire"], "comptes": ["C-ordinaire"], "secteur": "NORD"}


def test_le_nombre_de_requetes_ne_depend_pas_de_la_page(monde: Monde) -> None:
    def compter(adresse: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            assert monde.get("client", adresse).status_code == 200
        return len(requetes)

    for liste in ("situations", "dossiers"):
        assert compter(f"/api/v1/{liste}?limite=1") == compter(f"/api/v1/{liste}?limite=100") <= 14


def test_le_document_openapi_decrit_les_quatre_adresses(monde: Monde) -> None:
    document = monde.get("situations_seules", "/api/v1/openapi.json").json()

    assert sorted(document["paths"]) == [
        "/api/v1/dossiers", "/api/v1/dossiers/{pk}", "/api/v1/situations", "/api/v1/situations/{reference}",
    ]  # fmt: skip
    assert document["components"]["securitySchemes"]["Porteur"] == {"type": "http", "scheme": "bearer"}


def test_trop_d_appels_dans_une_minute_attendent(monde: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    debut = timezone.now().replace(second=50, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: debut)
    monkeypatch.setattr(jetons, "APPELS_PAR_MINUTE", 2)

    reponses = [monde.get("client", "/api/v1/openapi.json") for _ in range(3)]

    assert [r.status_code for r in reponses] == [200, 200, 429]
    assert (reponses[2]["Retry-After"], reponses[2].json()["title"]) == ("10", "Trop d’appels")
    # The rate is of a token, and of a minute.
    assert monde.get("client_nord", "/api/v1/openapi.json").status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: debut + timedelta(seconds=10))
    assert monde.get("client", "/api/v1/openapi.json").status_code == 200


def test_les_pages_ne_laissent_sortir_aucune_marque(monde: Monde) -> None:
    """Names, places, coordinates of anybody; and nothing at all of protected households or of the other landlord."""
    for acteur in ("client", "client_nord", "client_d_ailleurs"):
        for liste in ("situations", "dossiers"):
            texte = json.dumps(monde.get(acteur, f"/api/v1/{liste}").json()).upper()
            assert "MARQUE" not in texte
            for nom in ("protege", "protege_clos", "restreint", "une_personne", "ancien", "ailleurs"):
                assert f'"{monde.comptes[nom]}"'.upper() not in texte
                assert f'"ID": {monde.dossiers[nom]},' not in texte


class PaginationTest(TestCase):
    """Whatever the size of the pages, and while accounts are added, each row that was there comes once."""

    @given(limites=st.lists(st.integers(1, 4), min_size=1, max_size=4), ajouts=st.lists(st.integers(0, 9), max_size=4))
    @settings(max_examples=8, deadline=None)
    def test_chaque_ligne_une_fois(self, limites: list[int], ajouts: list[int]) -> None:
        monde = construire_monde()
        with organisme_scope(monde.organisme):
            nord = Secteur.objects.get(code="NORD")
        for liste, cle in (("situations", "reference_compte"), ("dossiers", "id")):
            avant = [lu[cle] for lu in _elements(monde, "client", f"/api/v1/{liste}?limite=500")]
            vus, suite, tour = [], "", 0
            while suite is not None:
                adresse = f"/api/v1/{liste}?limite={limites[tour % len(limites)]}"
                page = monde.get("client", adresse + (f"&apres={suite}" if suite else "")).json()
                vus += [lu[cle] for lu in page["elements"]]
                suite = page["suite"]
                if tour < len(ajouts):
                    with organisme_scope(monde.organisme):
                        _, menage = ajouter(f"{ajouts[tour]}-{liste}-{tour}", nord)
                        fabriques.dossier(menage, secteur=nord)
                tour += 1
            assert len(vus) == len(set(vus))
            assert [cle_lue for cle_lue in vus if cle_lue in avant] == avant


def test_un_jeton_de_situations_seules_compte_ses_refus(monde: Monde) -> None:
    monde.get("situations_seules", "/api/v1/dossiers")
    monde.get("situations_seules", "/api/v1/situations")

    with organisme_scope(monde.organisme):
        [jeton] = [j for j in jetons.jetons() if j.portees == [PorteeApi.SITUATIONS_LIRE]]
    assert (jeton.appels, jeton.refus) == (2, 1)

"""Exports: the budget of the day, the second person, once within a day, and what the register keeps."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests import fabriques

from maintien.apps.organismes import extractions
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.extractions import Demande, ExtractionRefuseeError
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.organismes.permissions import AccesRefuseError
from maintien.apps.socle.enums import EtatExtraction, Finalite, FormatExtraction, GenreExtraction, NomReglage
from maintien.apps.socle.models import Evenement, Extraction, Reglage
from maintien.apps.socle.portee import organisme_scope


def _demande(nombre: int, genre: GenreExtraction = GenreExtraction.JOURNEE) -> Demande:
    menages = range(1, nombre + 1) if genre == GenreExtraction.JOURNEE else ()
    return Demande(genre, FormatExtraction.CSV, Finalite.REUNION, menages=tuple(menages), nombre=nombre)


@pytest.fixture
def agent(bailleur: Organisme) -> Appartenance:
    return fabriques.membre()


@pytest.fixture
def responsable(bailleur: Organisme) -> Appartenance:
    return fabriques.membre(Role.RESPONSABLE)


def test_dans_le_budget_on_exporte_seul_au_dela_on_attend(agent: Appartenance) -> None:
    assert extractions.request_extraction(agent, _demande(150)).etat == EtatExtraction.APPROUVEE
    assert extractions.budget(agent).reste == 50
    assert extractions.request_extraction(agent, _demande(51)).etat == EtatExtraction.DEMANDEE
    assert extractions.request_extraction(agent, _demande(50)).etat == EtatExtraction.APPROUVEE
    assert extractions.budget(agent).reste == 0
    assert extractions.request_extraction(agent, _demande(1)).etat == EtatExtraction.DEMANDEE


def test_le_budget_est_celui_de_chacun_et_de_chaque_jour(
    agent: Appartenance, responsable: Appartenance, monkeypatch: pytest.MonkeyPatch
) -> None:
    soir = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)  # 23:59 in Paris
    monkeypatch.setattr(timezone, "now", lambda: soir)
    extractions.request_extraction(agent, _demande(200))

    assert extractions.budget(responsable).reste == 200
    assert extractions.budget(agent).reste == 0
    monkeypatch.setattr(timezone, "now", lambda: soir + timedelta(minutes=1))
    assert extractions.budget(agent).reste == 200


def test_le_budget_est_celui_que_l_organisme_a_fixe(agent: Appartenance) -> None:
    Reglage.objects.create(nom=NomReglage.EXTRACTION_MENAGES, valeur=10, depuis=date(2026, 1, 1))
    Reglage.objects.create(nom=NomReglage.EXTRACTION_MENAGES, valeur=9999, depuis=date(2999, 1, 1))

    assert extractions.budget(agent).par_jour == 10


def test_des_lignes_d_import_sont_inscrites_sans_compter(agent: Appartenance) -> None:
    demande = _demande(3000, GenreExtraction.REFUS_IMPORT)

    assert extractions.request_extraction(agent, demande).etat == EtatExtraction.APPROUVEE
    assert extractions.budget(agent).reste == 200


@pytest.mark.parametrize(("nombre", "dit"), [(0, "rien à exporter"), (5001, "au plus 5000")])
def test_rien_ou_trop_est_refuse(agent: Appartenance, nombre: int, dit: str) -> None:
    with pytest.raises(ExtractionRefuseeError, match=dit):
        extractions.request_extraction(agent, _demande(nombre))
    assert not Extraction.objects.exists()


def test_une_seconde_personne_accepte_et_la_premiere_prend_une_fois(
    agent: Appartenance, responsable: Appartenance
) -> None:
    extraction = extractions.request_extraction(agent, _demande(300))
    with pytest.raises(ExtractionRefuseeError, match="attend l'accord"):
        extractions.take(agent, extraction, b"x", 300)

    extractions.decide(responsable, extraction, approuver=True)
    extractions.take(agent, extraction, b"contenu", 298)

    assert (extraction.etat, extraction.approbateur) == (EtatExtraction.PRISE, responsable.utilisateur)
    assert extraction.empreinte == "3016ef88e3166466281c563b984abed5412a2de823d37ed99c2af39be422fab1"
    with pytest.raises(ExtractionRefuseeError, match="déjà été remis"):
        extractions.take(agent, extraction, b"contenu", 298)
    assert extractions.budget(agent).reste == 200
    actes = Evenement.objects.order_by("sequence").values_list("acte", "acteur_id", "finalite")
    assert list(actes) == [
        ("extraction.demander", agent.utilisateur_id, "reunion"),
        ("extraction.approuver", responsable.utilisateur_id, "reunion"),
        ("extraction.prendre", agent.utilisateur_id, "reunion"),
    ]


def test_personne_ne_decide_de_sa_propre_demande(responsable: Appartenance) -> None:
    extraction = extractions.request_extraction(responsable, _demande(300))

    with pytest.raises(ExtractionRefuseeError, match="une autre personne"):
        extractions.decide(responsable, extraction, approuver=True)
    assert list(extractions.to_decide(responsable)) == []
    # The database holds it too.
    with pytest.raises(IntegrityError), transaction.atomic():
        Extraction.objects.update(approbateur=responsable.utilisateur)


def test_un_agent_ne_decide_de_rien(agent: Appartenance, bailleur: Organisme) -> None:
    extraction = extractions.request_extraction(fabriques.membre(), _demande(300))

    with pytest.raises(PermissionDenied):
        extractions.decide(agent, extraction, approuver=True)
    assert list(extractions.to_decide(agent)) == []


def test_une_demande_ne_recoit_qu_une_reponse(agent: Appartenance, responsable: Appartenance) -> None:
    extraction = extractions.request_extraction(agent, _demande(300))
    extractions.decide(responsable, extraction, approuver=False)

    with pytest.raises(ExtractionRefuseeError, match="déjà reçu une réponse"):
        extractions.decide(fabriques.membre(Role.DPO), extraction, approuver=True)
    with pytest.raises(ExtractionRefuseeError, match="refusé"):
        extractions.take(agent, extraction, b"x", 1)


def test_l_accord_tient_vingt_quatre_heures(
    agent: Appartenance, responsable: Appartenance, monkeypatch: pytest.MonkeyPatch
) -> None:
    instant = datetime(2026, 11, 20, 9, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: instant)
    extraction = extractions.request_extraction(agent, _demande(300))
    extractions.decide(responsable, extraction, approuver=True)

    monkeypatch.setattr(timezone, "now", lambda: instant + timedelta(hours=24))
    with pytest.raises(ExtractionRefuseeError, match="24 heures"):
        extractions.take(agent, extraction, b"x", 1)
    monkeypatch.setattr(timezone, "now", lambda: instant + timedelta(hours=23, minutes=59))
    extractions.take(agent, extraction, b"x", 1)


def test_un_autre_ne_prend_pas_ma_demande(agent: Appartenance, responsable: Appartenance) -> None:
    extraction = extractions.request_extraction(agent, _demande(1))

    with pytest.raises(AccesRefuseError):
        extractions.take(responsable, extraction, b"x", 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="la base d'essai SQLite n'a qu'une connexion")
def test_deux_demandes_au_meme_instant_ne_depassent_pas_le_budget() -> None:
    organisme = fabriques.organisme("BAILLEUR")
    with organisme_scope(organisme):
        agent = fabriques.membre()
    depart = threading.Barrier(4)

    def demander() -> None:
        try:
            with organisme_scope(organisme):
                depart.wait()
                extractions.request_extraction(agent, _demande(150))
        finally:
            connection.close()

    fils = [threading.Thread(target=demander) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    with organisme_scope(organisme):
        assert sorted(Extraction.objects.values_list("etat", flat=True)) == ["approuvee", *["demandee"] * 3]

"""The copy of what is held on a person: complete, without anybody else's data, the same for all that is shared."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from jsonschema import Draft202012Validator
from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.dossiers.copie import COPIE, Exclu, Inclus, copy_of
from maintien.apps.dossiers.enums import EtatDroit, GenreFait, NiveauDossier
from maintien.apps.dossiers.models import DemandeDroit, Dossier, Fait, Note, PersonneNommee
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Organisme
from maintien.apps.plans.models import PlanApurement
from maintien.apps.socle.models import ScopedModel
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.droits.archive import archive

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "formats" / "dossier-personne.schema.json"


@pytest.fixture
def bailleur(db: None) -> Iterator[Organisme]:
    organisme = fabriques.organisme("BAILLEUR")
    with organisme_scope(organisme):
        yield organisme


def _menage(**champs: Any) -> tuple[DemandeDroit, Dossier]:
    """A household of one tenant with everything that may be held, and her request."""
    agent = fabriques.membre(Role.RECOUVREMENT, email="agent.secret@bailleur.example").utilisateur
    compte = fabriques.compte("C-SIEN")
    fabriques.bail(compte, logement=fabriques.logement(voie="12 rue des Tilleuls"), iban="FR7612345")
    fabriques.loyer(compte, "2026-10", fabriques.NUIT, libelle="=LOYER OCTOBRE")
    fabriques.situation(compte, dette_locative_centimes=450_00)
    PlanApurement.objects.create(
        compte=compte,
        reference="PLAN-1",
        date_signature=date(2026, 9, 1),
        montant_centimes=300_00,
        nombre_echeances=6,
        mensualite_centimes=50_00,
        premiere_echeance=date(2026, 10, 5),
    )
    fabriques.occupation(compte, fabriques.personne(telephone="0612345678", courriel="emilie@exemple.fr"))
    fabriques.occupation(compte, fabriques.personne("Caution", "Paul", telephone="0699"), RoleOccupation.CAUTION)
    menage = fabriques.menage(compte, **champs)
    dossier = fabriques.dossier(menage, referent=agent)
    fabriques.proposition(dossier)
    Note.objects.create(dossier=dossier, auteur=agent, texte="Paiera vendredi.")
    Fait.objects.create(menage=menage, dossier=dossier, genre=GenreFait.APPEL, date=fabriques.NUIT, auteur=agent)
    return fabriques.demande_droit(menage), dossier


def _ouvrir(demande: DemandeDroit) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(archive(demande))) as paquet:
        return {nom: paquet.read(nom).decode("utf-8-sig") for nom in paquet.namelist()}


def test_chaque_modele_est_copie_ou_ecarte_avec_une_raison() -> None:
    modeles = {modele._meta.label for modele in apps.get_models() if issubclass(modele, ScopedModel)}

    assert set(COPIE) == modeles
    assert all(e.raison for e in COPIE.values() if isinstance(e, Exclu))


def test_la_copie_d_une_personne_seule_est_complete(bailleur: Organisme) -> None:
    demande, _ = _menage()

    fichiers = _ouvrir(demande)

    assert set(fichiers) == {"dossier.html", "dossier.json", "ecritures.csv"}
    page = fichiers["dossier.html"]
    for dit in ("Martinez", "0612345678", "12 rue des Tilleuls", "FR7612345", "Paiera vendredi.", "450,00", "PLAN-1"):
        assert dit in page, dit
    assert "chargé de recouvrement" in page
    donnees = json.loads(fichiers["dossier.json"])
    assert not donnees["partielle"]
    assert len(donnees["rubriques"]) == sum(isinstance(i, Inclus) for i in COPIE.values())
    rubriques = {r["cle"]: r["elements"] for r in donnees["rubriques"]}
    assert rubriques["ecriture"][0]["debit_centimes"] == 450_00
    assert [r["cle"] for r in donnees["rubriques"] if not r["elements"]] == ["pause", "evenement"]


def test_ni_agent_ni_tiers_n_y_est_nomme(bailleur: Organisme) -> None:
    demande, dossier = _menage()
    PersonneNommee.objects.create(menage=dossier.menage, utilisateur=dossier.referent)

    tout = "".join(_ouvrir(demande).values())

    for secret in ("agent.secret", "Caution", "0699"):
        assert secret not in tout


def test_le_json_suit_son_schema(bailleur: Organisme) -> None:
    demande, _ = _menage()

    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(
        json.loads(_ouvrir(demande)["dossier.json"])
    )


def test_les_ecritures_se_lisent_dans_un_tableur_sans_formule(bailleur: Organisme) -> None:
    demande, _ = _menage()

    [ligne] = csv.DictReader(io.StringIO(_ouvrir(demande)["ecritures.csv"]), delimiter=";")

    assert (ligne["date_comptable"], ligne["debit_centimes"], ligne["compte"]) == ("2026-10-20", "45000", "C-SIEN")
    assert ligne["libelle"] == "'=LOYER OCTOBRE"


def _avec_un_autre(demande: DemandeDroit) -> None:
    """A second tenant, with an account of his own in the same household."""
    menage = demande.menage
    autre = fabriques.personne("Durand", "Karim", telephone="0700000000", courriel="karim@exemple.fr")
    fabriques.occupation(menage.rattachements.get().compte, autre, RoleOccupation.COTITULAIRE)
    sien = fabriques.compte("C-AUTRE")
    fabriques.bail(sien, logement=fabriques.logement(voie="3 impasse Cachée"))
    fabriques.loyer(sien, "2026-10", fabriques.NUIT)
    fabriques.occupation(sien, autre)
    menage.rattachements.create(compte=sien)


TIERS = ("Durand", "Karim", "0700000000", "karim@", "C-AUTRE", "impasse Cachée")
DU_SUIVI = ("Paiera vendredi.", "12 rue des Tilleuls", "FR7612345", "LOYER OCTOBRE", "Appeler pour comprendre")


def test_un_menage_partage_ne_donne_que_ce_qui_est_a_la_personne(bailleur: Organisme) -> None:
    demande, _ = _menage()
    _avec_un_autre(demande)

    fichiers = _ouvrir(demande)

    tout = "".join(fichiers.values())
    for secret in (*TIERS, *DU_SUIVI):
        assert secret not in tout, secret
    assert "0612345678" in tout
    assert "C-SIEN" in tout
    assert json.loads(fichiers["dossier.json"])["partielle"]


def test_un_menage_protege_ne_se_distingue_pas_d_un_autre_menage_partage(bailleur: Organisme) -> None:
    demande, dossier = _menage()
    _avec_un_autre(demande)
    ordinaire = _ouvrir(demande)

    Dossier.objects.filter(pk=dossier.pk).update(niveau=NiveauDossier.PROTEGE)
    type(demande.menage).objects.filter(pk=demande.menage_id).update(contact_restreint=True)
    protege = _ouvrir(DemandeDroit.objects.get(pk=demande.pk))

    assert protege == ordinaire


def test_l_ancien_cotitulaire_compte_encore(bailleur: Organisme) -> None:
    """Whoever left may be the one that the notes are about."""
    demande, _ = _menage()
    compte = demande.menage.rattachements.get().compte
    fabriques.bail(compte, reference="ANCIEN", date_entree=date(2010, 1, 1), date_sortie=date(2018, 6, 30))
    fabriques.occupation(compte, fabriques.personne("Durand"), RoleOccupation.COTITULAIRE, bail_reference="ANCIEN")

    assert copy_of(demande).is_partielle


@pytest.mark.parametrize("champs", [{"niveau": NiveauDossier.PROTEGE}, {}])
def test_seule_mais_protegee_son_suivi_est_relu(champs: dict[str, Any], bailleur: Organisme) -> None:
    demande, dossier = _menage(contact_restreint=not champs)
    Dossier.objects.filter(pk=dossier.pk).update(**(champs or {"niveau": NiveauDossier.ORDINAIRE}))

    assert copy_of(demande).is_partielle


def test_une_mesure_n_est_dite_qu_a_qui_elle_protege(bailleur: Organisme) -> None:
    demande, _ = _menage(protection="curatelle", mandataire="UDAF du Rhône")
    assert "curatelle" not in _ouvrir(demande)["dossier.json"]

    type(demande.menage).objects.filter(pk=demande.menage_id).update(personne_protegee=demande.personne)

    assert "curatelle" in _ouvrir(DemandeDroit.objects.get(pk=demande.pk))["dossier.json"]


def test_le_texte_d_une_note_n_est_pas_du_html(bailleur: Organisme) -> None:
    demande, dossier = _menage()
    Note.objects.filter(dossier=dossier).update(texte="<script>alert(1)</script>")

    assert "<script>" not in _ouvrir(demande)["dossier.html"]


def test_la_demande_elle_meme_y_est(bailleur: Organisme) -> None:
    demande, dossier = _menage()
    fabriques.demande_droit(
        dossier.menage, etat=EtatDroit.REFUSEE, repondue_le=fabriques.NUIT, reponse="Obligation légale."
    )

    assert "Obligation légale." in _ouvrir(demande)["dossier.html"]

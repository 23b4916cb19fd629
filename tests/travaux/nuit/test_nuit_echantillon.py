"""The reduced sample, imported and passed: figures of the files, facts of the core, nights that follow each other."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.lecture_pivot import lire_ecritures
from tests.travaux.nuit.portefeuille import etat, nuit

from maintien.apps.comptes.models import Compte, SituationCompte
from maintien.apps.dossiers.enums import EtatDossier, EtatProposition
from maintien.apps.dossiers.models import Dossier, Menage, Proposition
from maintien.apps.organismes.models import Organisme
from maintien.coeur.compte.imputation import imputation
from maintien.coeur.compte.situation import Situation, ligne_c11
from maintien.coeur.orientation.histoire import histoire_du_compte
from maintien.travaux.imports import deposit, run
from maintien.travaux.miroir import catch_up, mirror_of
from maintien.travaux.nuit.balayage import accounts_to_look_at
from maintien.travaux.nuit.grand_livre import histories

AU = date(2020, 10, 31)
FICHIERS = ("baux", "locataires", "ecritures", "plans")


@pytest.fixture
def importe(bailleur: Organisme, donnees_reduites: Path) -> Organisme:
    importation = deposit(
        bailleur, "pivot", [donnees_reduites / "pivot_reduit" / f"{nom}.csv" for nom in FICHIERS], sonner=False
    )
    assert importation.execution is not None
    run(importation.execution.pk)
    return bailleur


def _ligne(situation: SituationCompte, reference: str) -> list[str]:
    champs = {nom: getattr(situation, nom) for nom in Situation.__dataclass_fields__ if nom != "reference_compte"}
    return ligne_c11(Situation(reference_compte=reference, **champs))


def test_les_situations_gardees_sont_celles_du_fichier_attendu(importe: Organisme, donnees_reduites: Path) -> None:
    chemin = donnees_reduites / "pivot_reduit" / "attendu_2020-10-31.csv"
    with chemin.open(encoding="utf-8", newline="") as flux:
        attendues = list(csv.reader(flux))[1:]

    nuit(importe, AU)

    situations = SituationCompte.objects.select_related("compte").order_by("compte__reference")
    assert [_ligne(situation, situation.compte.reference) for situation in situations] == attendues


def test_chaque_menage_en_retard_a_un_dossier_et_chaque_dossier_une_raison(importe: Organisme) -> None:
    nuit(importe, AU)

    ouverts = set(Dossier.objects.filter(etat=EtatDossier.OUVERT).values_list("menage_id", flat=True))
    ancien = AU - timedelta(days=31)
    dus = SituationCompte.objects.filter(
        statut="present", dette_locative_centimes__gte=100, date_plus_ancien__lte=ancien, tranche_lt1_centimes=0
    )
    en_retard = set(dus.values_list("compte__rattachement__menage_id", flat=True))
    assert en_retard
    assert en_retard <= ouverts
    for proposition in Proposition.objects.all():
        assert proposition.etat == EtatProposition.A_FAIRE
        assert proposition.motifs
        assert proposition.sinon


def test_les_faits_sont_ceux_du_coeur(importe: Organisme, donnees_reduites: Path) -> None:
    catch_up(importe)
    ecritures = lire_ecritures(donnees_reduites / "pivot_reduit" / "ecritures.csv")
    comptes = dict(Compte.objects.values_list("pk", "reference"))
    termes = dict.fromkeys(comptes.values(), 400_00)

    lues = histories(mirror_of(importe), comptes, termes, AU)

    attendues = {
        reference: histoire_du_compte(lignes, imputation(lignes, AU), 400_00)
        for reference, lignes in ecritures.items()
    }
    recents = AU - timedelta(days=399)
    assert lues.keys() == attendues.keys()
    for reference, histoire in attendues.items():
        lue = lues[reference]
        for champ in histoire.__dataclass_fields__:
            valeurs = (getattr(lue, champ), getattr(histoire, champ))
            if champ == "rejets":
                # Reasons of older rejects are not read: no rule looks that far.
                valeurs = tuple(tuple(r for r in liste if r.jour >= recents) for liste in valeurs)
            assert valeurs[0] == valeurs[1], (reference, champ)


def test_le_balayage_ne_manque_ni_rejet_recent_ni_aide_interrompue(importe: Organisme, donnees_reduites: Path) -> None:
    catch_up(importe)
    ecritures = lire_ecritures(donnees_reduites / "pivot_reduit" / "ecritures.csv")
    au = date(2020, 12, 20)
    rejetes = {
        reference
        for reference, lignes in ecritures.items()
        if any(e.code == "REJ" and au - timedelta(days=31) < e.date_comptable <= au for e in lignes)
    }

    trouves = accounts_to_look_at(mirror_of(importe), au)

    assert rejetes
    assert rejetes <= trouves


def test_quatre_nuits_de_suite_puis_une_de_plus_sans_rien_changer(importe: Organisme) -> None:
    jour = AU
    for _ in range(4):
        nuit(importe, jour)
        jour += timedelta(days=1)
    avant = etat()

    bilan = nuit(importe, jour - timedelta(days=1))

    assert bilan.has_changes is False
    assert etat() == avant
    assert_coherent()


def assert_coherent() -> None:
    """What must hold after any number of nights."""
    for menage in Menage.objects.prefetch_related("dossiers__propositions"):
        ouverts = [d for d in menage.dossiers.all() if d.etat == EtatDossier.OUVERT]
        assert len(ouverts) <= 1
        for dossier in menage.dossiers.all():
            a_faire = [p for p in dossier.propositions.all() if p.etat == EtatProposition.A_FAIRE]
            assert not (dossier.etat == EtatDossier.CLOS and a_faire)
            assert len([p for p in a_faire if not p.imposee]) <= 1
            if menage.contact_restreint:
                assert dossier.niveau == "protege"
                assert {p.canal for p in a_faire} <= {"interne"}


def test_un_mois_de_nuits_n_ouvre_pas_deux_fois_le_meme_dossier(importe: Organisme, settings: Any) -> None:
    for recul in (45, 20, 7, 0):
        nuit(importe, AU - timedelta(days=recul))

    assert_coherent()
    par_menage = list(Dossier.objects.values_list("menage_id", flat=True))
    assert len(par_menage) == len(set(par_menage))

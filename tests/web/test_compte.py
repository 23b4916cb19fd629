"""The account: one row a month that adds up, payments and what they paid, the balance in words."""

import re
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte

from maintien.apps.comptes.enums import CodeEcriture
from maintien.apps.comptes.models import Compte
from maintien.apps.dossiers.models import Dossier, MenageCompte
from maintien.apps.socle.portee import organisme_scope
from maintien.coeur.compte.imputation import _REGLES
from maintien.web.communs.regles import CONVENTIONS
from maintien.web.dossiers.livre import LARGEUR_BARRE, barre

REQUETES = 20


@pytest.fixture
def compte(monde: Monde) -> tuple[Dossier, Compte]:
    """October: 450.00 called, 200.00 of aid. September: paid by a transfer of 300.00 in October, then 150.00."""
    menage, compte = monde.ajouter_menage()
    with organisme_scope(monde.organisme):
        fabriques.loyer(compte, "2026-09", date(2026, 9, 30))
        fabriques.ecriture(compte, CodeEcriture.APL, date(2026, 10, 25), credit=200_00, periode="2026-10")
        fabriques.paiement(compte, date(2026, 10, 5), 300_00, reference="VIR1", libelle="VIREMENT MARTINEZ")
        fabriques.paiement(compte, date(2026, 11, 5), 180_00, reference="VIR2")
        return fabriques.dossier(menage, secteur=monde.nord), compte


def _adresse(dossier: Dossier, suite: str = "") -> str:
    return f"/dossiers/{dossier.pk}/compte/{suite}"


def test_une_ligne_par_mois_appele_aide_paye_reste(monde: Monde, compte: tuple[Dossier, Compte]) -> None:
    dossier, _ = compte

    reponse = monde.client().get(_adresse(dossier))

    page = texte(reponse)
    assert "Octobre 2026 450,00 € 200,00 € 30,00 € 220,00 €" in page
    assert "Septembre 2026 450,00 € 0,00 € 450,00 € soldé" in page
    for mois in reponse.context["livre"].mois:
        assert mois.appele_centimes == mois.aide_centimes + mois.paye_centimes + mois.reste_centimes


def test_un_mois_s_ouvre_sur_ses_lignes_et_sur_ce_qui_l_a_regle(monde: Monde, compte: tuple[Dossier, Compte]) -> None:
    dossier, _ = compte

    page = texte(monde.client().get(_adresse(dossier, "?mois=2026-09")))

    assert "Le terme de septembre 2026 450,00 €, à payer le 30 septembre 2026" in page
    assert "Le paiement du 5 octobre 2026" in page
    assert "règle « L’ordre légal des paiements (Code civil, art. 1342-10 et 1343-1) », C6 d 300,00 €" in page
    assert "(C6 d)" not in page


def test_un_versement_dit_ce_qu_il_a_paye_et_par_quelle_regle(monde: Monde, compte: tuple[Dossier, Compte]) -> None:
    dossier, _ = compte

    reponse = monde.client().get(_adresse(dossier, "?vue=versements&versement=VIR2"))

    page = texte(reponse)
    assert "a payé septembre 2026, octobre 2026 180,00 €" in page
    assert "Le terme de septembre 2026 échéance du 30 septembre 2026" in page
    assert "150,00 €" in page
    assert len(re.findall(r'<details class="versement"\s+open', reponse.content.decode())) == 1


def test_un_versement_rejete_garde_sa_place_et_ne_paie_plus_rien(monde: Monde, compte: tuple[Dossier, Compte]) -> None:
    dossier, releve = compte
    with organisme_scope(monde.organisme):
        fabriques.ecriture(
            releve, CodeEcriture.REJET, date(2026, 11, 9), debit=180_00, reference="REJ2", reference_annulee="VIR2"
        )

    page = texte(monde.client().get(_adresse(dossier, "?vue=versements")))

    assert "rejeté le 9 novembre 2026" in page
    assert "Ce versement ne paie plus rien" in page


def test_toutes_les_ecritures_avec_le_solde_apres_chacune(monde: Monde, compte: tuple[Dossier, Compte]) -> None:
    dossier, _ = compte

    reponse = monde.client().get(_adresse(dossier, "?vue=ecritures"))

    assert [ligne.solde_centimes for ligne in reponse.context["livre"].lignes] == [
        220_00,
        400_00,
        600_00,
        150_00,
        450_00,
    ]
    assert "VIREMENT MARTINEZ" in texte(reponse)


def test_le_solde_s_explique_en_mots_a_lire_au_locataire(monde: Monde, compte: tuple[Dossier, Compte]) -> None:
    dossier, _ = compte

    page = texte(monde.client().get(_adresse(dossier, "?expliquer=1")))

    assert "À lire au locataire Au 20 novembre 2026, il reste 220,00 € à payer." in page
    assert "220,00 € sur octobre 2026 (à payer depuis le 31 octobre 2026)" in page


def test_un_menage_de_deux_comptes_les_montre_l_un_apres_l_autre(monde: Monde, compte: tuple[Dossier, Compte]) -> None:
    dossier, premier = compte
    with organisme_scope(monde.organisme):
        parking = fabriques.compte("PARKING1", secteur=monde.nord)
        fabriques.loyer(parking, "2026-10", date(2026, 10, 31), 40_00)
        MenageCompte.objects.create(menage=dossier.menage, compte=parking)

    client = monde.client()

    assert client.get(_adresse(dossier)).context["choisi"].compte == premier
    assert "Octobre 2026 40,00 €" in texte(client.get(_adresse(dossier, "?compte=PARKING1")))
    assert client.get(_adresse(dossier, "?compte=AILLEURS")).status_code == 404


def test_un_compte_sans_ecriture_le_dit(monde: Monde) -> None:
    with organisme_scope(monde.organisme):
        vide = fabriques.compte(secteur=monde.nord)
        dossier = fabriques.dossier(fabriques.menage(vide), secteur=monde.nord)

    assert "Aucun terme n’a encore été appelé sur ce compte." in texte(monde.client().get(_adresse(dossier)))


def test_la_barre_se_remplit_exactement() -> None:
    parts = barre(200_00, 30_00, 220_00)

    assert [(part.genre, part.x, part.largeur) for part in parts] == [
        ("aide", 0, 53),
        ("paye", 53, 8),
        ("reste", 61, 59),
    ]
    assert sum(part.largeur for part in parts) == LARGEUR_BARRE
    assert barre(0, 0, 0) == ()


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_ecritures(
    monde: Monde, compte: tuple[Dossier, Compte], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dossier, releve = compte
    client = monde.client()
    client.get(_adresse(dossier))
    for annee in (2024, 2025):
        with organisme_scope(monde.organisme):
            for mois in range(1, 13):
                fabriques.loyer(releve, f"{annee}-{mois:02d}", date(annee, mois, 28))
        with django_assert_num_queries(REQUETES):
            client.get(_adresse(dossier))


def test_chaque_etape_de_l_imputation_a_son_nom() -> None:
    assert set(_REGLES.values()) | {"C6 c puis d"} == set(CONVENTIONS)

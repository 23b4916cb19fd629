"""Leases, people, plans; and the protection that an import sets and never lifts."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries
from tests import fabriques
from tests.travaux.imports.aides import (
    BAUX,
    LOCATAIRES,
    PLANS,
    bail,
    chiffres,
    ecrire,
    etat,
    fichier_de,
    importer,
    locataire,
    refus_de,
)

from maintien.apps.comptes.models import Bail, Logement, Occupation, Personne
from maintien.apps.dossiers.models import Fait, Menage
from maintien.apps.organismes.models import Organisme
from maintien.apps.plans.models import PlanApurement
from maintien.apps.socle.models import Evenement
from maintien.travaux.imports.locataires import protect_comptes

ERP = (
    "N° Cpte;N° Contrat;Rôle;Civ;Nom;Prénom;Né(e) le;Tél;Mail;Contact restreint;STOP SMS;Programme;Adresse;CP;Ville;"
    "Type;Dt signature;Dt entrée;Dt sortie;Terme;Jour éch.;Mode régl.;APL;N° alloc;Dépôt gar.\n"
)


def importer_texte(organisme: Organisme, dossier: Path, nom: str, contenu: str) -> tuple[int, int, int]:
    return chiffres(importer(organisme, [ecrire(dossier, nom, contenu)]))


def menage_de(compte: str) -> Menage:
    return Menage.objects.get(rattachements__compte__reference=compte)


def test_un_bail_et_son_logement(bailleur: Organisme, tmp_path: Path) -> None:
    assert importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail(date_sortie="2020-03-01")) == (1, 0, 0)
    stocke = Bail.objects.select_related("compte", "logement").get()
    assert (stocke.reference, stocke.compte.reference) == ("B1", "C1")
    assert (stocke.date_signature, stocke.date_sortie) == (date(2011, 2, 21), date(2020, 3, 1))
    assert (stocke.terme, stocke.apl_mode, stocke.depot_garantie_centimes) == ("echu", "bailleur", 47711)
    assert stocke.logement is not None
    assert (stocke.logement.reference, stocke.logement.commune, stocke.logement.surface) == ("L1", "Toulouse", 68)


def test_un_bail_qui_change_est_mis_a_jour(bailleur: Organisme, tmp_path: Path) -> None:
    importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail("B1") + bail("B2", "C2"))
    change = BAUX + bail("B1", date_sortie="2020-05-31", motif_sortie="conge") + bail("B2", "C2")
    assert importer_texte(bailleur, tmp_path, "baux.csv", change) == (1, 0, 1)
    assert importer_texte(bailleur, tmp_path, "baux.csv", change) == (0, 0, 2)
    stocke = Bail.objects.get(reference="B1")
    assert (stocke.date_sortie, stocke.motif_sortie) == (date(2020, 5, 31), "conge")


def test_un_bail_decrit_de_deux_facons_dans_un_fichier(bailleur: Organisme, tmp_path: Path) -> None:
    importation = importer(
        bailleur, [ecrire(tmp_path, "baux.csv", BAUX + bail() + bail() + bail(date_sortie="2020-01-31"))]
    )
    assert refus_de(importation) == [
        ("baux.csv", 4, "date_sortie", "le bail B1 est déjà décrit autrement à la ligne 2 (date_sortie)")
    ]
    assert Bail.objects.get().date_sortie is None


def test_un_profil_n_efface_pas_ce_qu_il_ne_donne_pas(bailleur: Organisme, tmp_path: Path) -> None:
    importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail("B00000001", "C00000001", rum="RUM1", iban="FR76"))
    fichier = tmp_path / "FICHIER_LOCATAIRES.csv"
    ligne = "C00000001;B00000001;T;Mme;MARTINEZ;Émilie;05/07/1966;;;;;P;V;31100;T;T3;;21/02/2011;;AE;10;PRL;;;477,11\n"
    fichier.write_bytes((ERP + ligne).encode("cp1252"))
    importer(bailleur, [fichier], "erp_a")
    stocke = Bail.objects.get()
    assert (stocke.terme, stocke.mode_paiement, stocke.jour_exigibilite) == ("a_echoir", "prelevement", 10)
    assert (stocke.rum, stocke.iban) == ("RUM1", "FR76")


def test_une_personne_et_ses_occupations(bailleur: Organisme, tmp_path: Path) -> None:
    texte = LOCATAIRES + locataire() + locataire("T2", role="caution", nom="Durand", date_naissance="")
    assert importer_texte(bailleur, tmp_path, "locataires.csv", texte) == (2, 0, 0)
    personne = Personne.objects.get(reference="T1")
    assert (personne.nom, personne.prenom, personne.telephone) == ("Martinez", "Émilie", "0639980001")
    assert (personne.date_naissance, personne.situation_entree) == (date(1966, 7, 5), "CDI")
    roles = Occupation.objects.order_by("personne__reference").values_list(
        "compte__reference", "bail_reference", "role"
    )
    lus = list(roles.values_list("compte__reference", "bail_reference", "role"))
    assert lus == [("C1", "B1", "titulaire"), ("C1", "B1", "caution")]
    assert menage_de("C1").libelle == "Mme Émilie Martinez"


def test_une_ligne_par_bail_fait_une_seule_personne(bailleur: Organisme, tmp_path: Path) -> None:
    texte = LOCATAIRES + locataire() + locataire(bail="P1", nom="MARTINEZ", prenom="Emilie", opposition_sms="1")
    assert importer_texte(bailleur, tmp_path, "locataires.csv", texte) == (2, 0, 0)
    personne = Personne.objects.get()
    assert (personne.nom, personne.opposition_sms) == ("Martinez", True)
    assert sorted(Occupation.objects.values_list("bail_reference", flat=True)) == ["B1", "P1"]


def test_deux_personnes_sous_une_reference_sont_refusees(bailleur: Organisme, tmp_path: Path) -> None:
    texte = LOCATAIRES + locataire() + locataire(nom="Durand", prenom="Paul", contact_restreint="1")
    importation = importer(bailleur, [ecrire(tmp_path, "locataires.csv", texte)])
    motif = "la référence T1 est déjà celle d'une autre personne à la ligne 2"
    assert refus_de(importation) == [("locataires.csv", 3, "nom", motif)]
    assert Personne.objects.get().nom == "Martinez"
    assert menage_de("C1").contact_restreint


def test_un_plan(bailleur: Organisme, tmp_path: Path) -> None:
    ligne = "PL1,C1,2019-12-24,6199.05,18,344.40,2020-01-05,,\n"
    assert importer_texte(bailleur, tmp_path, "plans.csv", PLANS + ligne) == (1, 0, 0)
    plan = PlanApurement.objects.select_related("compte").get()
    assert (plan.compte.reference, plan.montant_centimes, plan.mensualite_centimes) == ("C1", 619905, 34440)
    assert (plan.nombre_echeances, plan.premiere_echeance, plan.date_rupture) == (18, date(2020, 1, 5), None)
    rompu = ligne.replace("2020-01-05,,", "2020-01-05,2020-04-05,")
    assert importer_texte(bailleur, tmp_path, "plans.csv", PLANS + rompu) == (1, 0, 0)
    assert PlanApurement.objects.get().date_rupture == date(2020, 4, 5)


@pytest.mark.parametrize("montant", ["-6199.05", "6 199,05"])
def test_un_plan_abime_est_refuse(bailleur: Organisme, tmp_path: Path, montant: str) -> None:
    ligne = f'PL1,C1,2019-12-24,"{montant}",18,344.40,2020-01-05,,\n'
    assert importer_texte(bailleur, tmp_path, "plans.csv", PLANS + ligne) == (0, 1, 0)


def test_un_plan_qui_ne_tombe_pas_juste_est_refuse_avec_ses_chiffres(bailleur: Organisme, tmp_path: Path) -> None:
    # 18 fois 50,00 € : dix-sept de 50,00 € (850,00 €), et 150,00 € à la dernière, trois mensualités.
    faux = "PL1,C1,2019-12-24,1000.00,18,50.00,2020-01-05,,\n"
    # 19 fois 50,00 € : dix-huit de 50,00 € et une de 100,00 €, deux mensualités au plus.
    juste = "PL2,C1,2019-12-24,1000.00,19,50.00,2020-01-05,,\n"

    importation = importer(bailleur, [ecrire(tmp_path, "plans.csv", PLANS + faux + juste)])

    assert chiffres(importation) == (1, 1, 0)
    motif = (
        "1\u202f000,00\u00a0€ en 18 échéances de 50,00\u00a0€ laissent 150,00\u00a0€ à la dernière, plus que "
        "deux mensualités (100,00\u00a0€)"
    )
    assert refus_de(importation) == [("plans.csv", 2, "mensualite", motif)]
    assert PlanApurement.objects.get().reference == "PL2"


def test_contact_restreint_protege_le_menage_entier_aussitot(bailleur: Organisme, tmp_path: Path) -> None:
    baux = BAUX + bail("B1") + bail("B2", "C2", bail_annexe_de="B1", type_logement="PARKING")
    personnes = LOCATAIRES + locataire() + locataire("T2", nom="Autre", role="cotitulaire", contact_restreint="1")
    importer(bailleur, [ecrire(tmp_path, "baux.csv", baux), ecrire(tmp_path, "locataires.csv", personnes)])
    assert menage_de("C1").pk == menage_de("C2").pk
    assert menage_de("C2").contact_restreint
    assert Evenement.objects.filter(acte="protection.posee").count() == 1


@pytest.mark.parametrize(
    "ligne",
    [locataire(contact_restreint="1"), locataire(contact_restreint="1", date_naissance="1966-02-31")],
    ids=["ligne prise", "ligne refusée"],
)
def test_l_appel_qui_attendait_dans_la_liste_en_part_aussitot(ligne: str, bailleur: Organisme, tmp_path: Path) -> None:
    importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail())
    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + locataire())
    dossier = fabriques.dossier(menage_de("C1"))
    appel = fabriques.proposition(dossier, quoi="Appeler Mme Martinez.")
    assert (menage_de("C1").lieu, appel.etat) == ("Les Peupliers, Toulouse", "a_faire")

    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + ligne)

    appel.refresh_from_db()
    menage = menage_de("C1")
    assert (appel.etat, menage.lieu) == ("perimee", "")
    assert "peupliers" not in menage.recherche
    assert menage.libelle == "Mme Émilie Martinez"


def test_proteger_des_lignes_refusees_coute_un_nombre_de_requetes_constant(
    bailleur: Organisme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert protect_comptes(["C0"]) == 1  # the first line of a journal makes the head of its chain
    for nombre in (2, 30):
        references = [f"C{nombre}-{rang}" for rang in range(nombre)]
        with django_assert_num_queries(28):
            assert protect_comptes(references) == nombre


def test_zero_ne_leve_jamais_une_protection(bailleur: Organisme, tmp_path: Path) -> None:
    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + locataire(contact_restreint="1"))
    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + locataire(contact_restreint="0", civilite="M."))
    personne = Personne.objects.get()
    assert (personne.contact_restreint, personne.civilite) == (True, "M.")
    assert menage_de("C1").contact_restreint
    assert Fait.objects.filter(genre="protection").count() == 1


def test_les_coordonnees_d_un_menage_protege_ne_changent_pas(bailleur: Organisme, tmp_path: Path) -> None:
    protege = locataire(contact_restreint="1") + locataire("T2", nom="Autre", role="cotitulaire", telephone="0101")
    importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail())
    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + protege)
    nouvelles = {"telephone": "0700000000", "courriel": "autre@courriel.example", "situation_entree": "RSA"}
    texte = LOCATAIRES + locataire(**nouvelles) + locataire("T2", nom="Autre", role="cotitulaire", **nouvelles)
    importer_texte(bailleur, tmp_path, "locataires.csv", texte)
    importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail(voie="1 rue Neuve", residence="Ailleurs", surface="70"))
    lues = Personne.objects.order_by("reference").values_list("telephone", "courriel", "situation_entree")
    assert list(lues) == [
        ("0639980001", "emilie@courriel.example", "RSA"),
        ("0101", "emilie@courriel.example", "RSA"),
    ]
    logement = Logement.objects.get()
    assert (logement.voie, logement.residence, logement.surface) == ("32 avenue de la République", "Les Peupliers", 70)


def test_les_coordonnees_d_un_autre_menage_changent(bailleur: Organisme, tmp_path: Path) -> None:
    importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail())
    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + locataire())
    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + locataire(telephone="0700000000"))
    importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail(voie="1 rue Neuve"))
    assert (Personne.objects.get().telephone, Logement.objects.get().voie) == ("0700000000", "1 rue Neuve")


def test_une_ligne_refusee_protege_quand_meme(bailleur: Organisme, tmp_path: Path) -> None:
    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + locataire("T2", nom="Autre"))
    abime = LOCATAIRES + locataire(date_naissance="1966-02-31", contact_restreint="1")
    assert importer_texte(bailleur, tmp_path, "locataires.csv", abime) == (0, 1, 0)
    assert menage_de("C1").contact_restreint
    assert not Personne.objects.filter(reference="T1").exists()


def test_les_fiches_dans_tous_les_ordres_donnent_le_meme_etat(bailleur: Organisme, tmp_path: Path) -> None:
    fichiers = [
        ecrire(tmp_path, "baux.csv", BAUX + bail("B1") + bail("B2", "C2", bail_annexe_de="B1")),
        ecrire(tmp_path, "locataires.csv", LOCATAIRES + locataire() + locataire("T3", "C3", bail="B3")),
        ecrire(tmp_path, "plans.csv", PLANS + "PL1,C2,2019-12-24,6199.05,18,344.40,2020-01-05,,\n"),
    ]
    for fichier in reversed(fichiers):
        importer(bailleur, [fichier])
    seuls = etat()
    importation = importer(bailleur, fichiers)
    assert etat() == seuls
    assert chiffres(importation) == (0, 0, 5)
    assert menage_de("C1").pk == menage_de("C2").pk != menage_de("C3").pk


def test_le_message_d_un_fichier_sans_total_est_vide(bailleur: Organisme, tmp_path: Path) -> None:
    importation = importer(bailleur, [ecrire(tmp_path, "baux.csv", BAUX + bail())])
    fichier = fichier_de(importation)
    assert (fichier.message, fichier.nb_annonce, fichier.total_annonce_centimes) == ("", None, None)


def test_une_opposition_accordee_ici_n_est_pas_reprise_par_un_import(bailleur: Organisme, tmp_path: Path) -> None:
    importer_texte(bailleur, tmp_path, "baux.csv", BAUX + bail())
    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + locataire())
    fabriques.demande_droit(menage_de("C1"), genre="opposition", etat="accordee", repondue_le=date(2026, 11, 20))
    Personne.objects.update(opposition_sms=True)

    importer_texte(bailleur, tmp_path, "locataires.csv", LOCATAIRES + locataire(nom="Autre", opposition_sms="0"))

    assert Personne.objects.get().opposition_sms

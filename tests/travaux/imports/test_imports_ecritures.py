"""Écritures: once and for all, in whatever order the files come."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from tests import fabriques
from tests.travaux.imports.aides import (
    BAUX,
    ECRITURES,
    bail,
    chiffres,
    ecrire,
    ecriture,
    etat,
    fichier_de,
    importer,
    journal_des_livraisons,
    refus_de,
)

from maintien.apps.comptes.enums import EtatFichier, GenreFichier
from maintien.apps.comptes.models import Compte, Ecriture
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope
from maintien.connecteurs.exports.enregistrements import Remarque
from maintien.travaux.imports import fichier
from maintien.travaux.imports.locataires import FichesLocataires


def test_une_ecriture_est_enregistree_telle_que_livree(bailleur: Organisme, tmp_path: Path) -> None:
    texte = ECRITURES + ecriture(
        "E1", "AID", "12.50", date_valeur="2020-03-31", mode="virement", libelle="FSL", affectation="2020-02|2020-03"
    )
    importation = importer(bailleur, [ecrire(tmp_path, "ecritures.csv", texte)])
    fichier = fichier_de(importation)
    assert (fichier.etat, fichier.genre, fichier.lignes) == (EtatFichier.IMPORTE, GenreFichier.ECRITURES, 1)
    stockee = Ecriture.objects.select_related("compte", "livraison").get()
    assert (stockee.reference, stockee.compte.reference, stockee.code, stockee.libelle) == ("E1", "C1", "AID", "FSL")
    assert (stockee.date_comptable, stockee.date_valeur) == (date(2020, 4, 1), date(2020, 3, 31))
    assert (stockee.date_exigibilite, stockee.periode) == (None, "")
    assert (stockee.debit_centimes, stockee.credit_centimes, stockee.mode) == (0, 1250, "virement")
    assert stockee.affectation == "2020-02|2020-03"
    assert (stockee.livraison.numero, stockee.livraison.fichier_importe_id) == (1, fichier.pk)


def test_le_meme_fichier_deux_fois_ne_change_rien(bailleur: Organisme, tmp_path: Path) -> None:
    fichier = ecrire(tmp_path, "ecritures.csv", ECRITURES + ecriture("E1") + ecriture("E2", "PAI"))
    importer(bailleur, [fichier])
    avant = etat()
    seconde = importer(bailleur, [fichier])
    assert chiffres(seconde) == (0, 0, 2)
    assert fichier_de(seconde).etat == EtatFichier.DEJA_IMPORTE
    assert etat() == avant
    assert journal_des_livraisons() == [1]


def test_des_fichiers_qui_se_recouvrent_dans_tous_les_ordres(bailleur: Organisme, tmp_path: Path) -> None:
    contenus = {
        "ecritures_2020-04.csv": [ecriture("E1"), ecriture("E2", "PAI")],
        "ecritures_2020-05.csv": [ecriture("E2", "PAI"), ecriture("E3", compte="C2")],
        "ecritures_2020-06.csv": [ecriture("E3", compte="C2"), ecriture("E4"), ecriture("E1")],
    }
    fichiers = [ecrire(tmp_path, nom, ECRITURES + "".join(lignes)) for nom, lignes in contenus.items()]
    importer(bailleur, fichiers)
    attendu = etat()
    assert [e[0] for e in attendu["Ecriture"]] == ["E1", "E2", "E3", "E4"]
    for rang, ordre in enumerate(permutations(fichiers)):
        autre = fabriques.organisme(f"ORDRE{rang}")
        with organisme_scope(autre):
            for fichier in ordre:
                importer(autre, [fichier])
            assert etat() == attendu


def test_les_fichiers_d_un_depot_sont_lus_mois_par_mois(bailleur: Organisme, tmp_path: Path) -> None:
    """The label of the first delivery stays, and the first delivery is the oldest month, whatever the command line."""
    juin = ecrire(tmp_path, "ecritures_2020-06.csv", ECRITURES + ecriture("E1", libelle="JUIN"))
    mai = ecrire(tmp_path, "ecritures_2020-05.csv", ECRITURES + ecriture("E1", libelle="MAI"))
    baux = ecrire(tmp_path, "baux.csv", BAUX + bail())
    importer(bailleur, [juin, mai, baux])
    assert Ecriture.objects.get().libelle == "MAI"


@pytest.mark.parametrize(
    ("autres", "colonne", "gardee"),
    [
        ({"debit": "451.00"}, "debit", "450,00\u00a0€"),
        ({"debit": "-450.00"}, "debit", "450,00\u00a0€"),
        ({"date_comptable": "2020-04-02"}, "date_comptable", "2020-04-01"),
        ({"date_exigibilite": "2020-04-30"}, "date_exigibilite", "vide"),
        ({"compte": "C2"}, "compte", "C1"),
        ({"code": "CHG"}, "code", "LOY"),
        ({"periode": "2020-04"}, "periode", "vide"),
        ({"mode": "carte"}, "mode", "vide"),
    ],
)
def test_la_premiere_livraison_reste_et_la_seconde_va_en_quarantaine(
    bailleur: Organisme, tmp_path: Path, autres: dict[str, str], colonne: str, gardee: str
) -> None:
    importer(bailleur, [ecrire(tmp_path / "1", "ecritures.csv", ECRITURES + ecriture("E1"))])
    avant = etat()
    seconde = importer(bailleur, [ecrire(tmp_path / "2", "ecritures.csv", ECRITURES + ecriture("E1", **autres))])
    assert chiffres(seconde) == (0, 1, 0)
    motif = f"écriture E1 déjà livrée avec un autre contenu ({colonne} : {gardee})"
    assert refus_de(seconde) == [("ecritures.csv", 2, colonne, motif)]
    assert etat()["Ecriture"] == avant["Ecriture"]


def test_deux_contenus_dans_un_meme_fichier(bailleur: Organisme, tmp_path: Path) -> None:
    texte = ECRITURES + ecriture("E1") + ecriture("E1") + ecriture("E1", montant="1.00") + ecriture("E2")
    importation = importer(bailleur, [ecrire(tmp_path, "ecritures.csv", texte)])
    assert chiffres(importation) == (2, 1, 1)
    assert [(ligne, colonne) for _, ligne, colonne, _ in refus_de(importation)] == [(4, "debit")]
    assert Ecriture.objects.get(reference="E1").debit_centimes == 45000


def test_un_autre_libelle_est_la_meme_ecriture(bailleur: Organisme, tmp_path: Path) -> None:
    importer(bailleur, [ecrire(tmp_path / "1", "ecritures.csv", ECRITURES + ecriture("E1", libelle="LOYER"))])
    seconde = ecrire(tmp_path / "2", "ecritures.csv", ECRITURES + ecriture("E1", libelle="LOYER 04/2020"))
    assert chiffres(importer(bailleur, [seconde])) == (0, 0, 1)
    assert Ecriture.objects.get().libelle == "LOYER"


def test_les_ecritures_peuvent_venir_avant_les_baux(bailleur: Organisme, tmp_path: Path) -> None:
    ecritures = ecrire(tmp_path, "ecritures.csv", ECRITURES + ecriture("E1") + ecriture("E2", compte="C9"))
    premiere = importer(bailleur, [ecritures])
    assert premiere.execution is not None
    assert premiere.execution.resultat["comptes_sans_bail"] == 2
    seconde = importer(bailleur, [ecrire(tmp_path, "baux.csv", BAUX + bail())])
    assert seconde.execution is not None
    assert seconde.execution.resultat["comptes_sans_bail"] == 1
    assert seconde.execution.resultat["exemples_comptes_sans_bail"] == ["C9"]
    assert Compte.objects.count() == 2


def test_deux_bailleurs_ont_les_memes_references_sans_se_gener(bailleur: Organisme, tmp_path: Path) -> None:
    fichier = ecrire(tmp_path, "ecritures.csv", ECRITURES + ecriture("E1"))
    importer(bailleur, [fichier])
    autre = fabriques.organisme("AUTRE")
    with organisme_scope(autre):
        assert chiffres(importer(autre, [fichier])) == (1, 0, 0)
        assert journal_des_livraisons() == [1]
    assert journal_des_livraisons() == [1]


def test_une_formule_est_du_texte(bailleur: Organisme, tmp_path: Path) -> None:
    importer(bailleur, [ecrire(tmp_path, "ecritures.csv", ECRITURES + ecriture("E1", libelle="=cmd|' /C calc'!A0"))])
    assert Ecriture.objects.get().libelle == "=cmd|' /C calc'!A0"


def test_trop_de_contradictions_refusent_le_fichier_en_entier(bailleur: Organisme, tmp_path: Path) -> None:
    profil = ecrire(tmp_path, "mien.yaml", _PROFIL_BORNE)
    lignes = [ecriture(f"E{i}") for i in range(5)]
    importer(bailleur, [ecrire(tmp_path / "1", "ecritures.csv", ECRITURES + "".join(lignes))])
    autres = [ecriture(f"E{i}", montant="1.00") for i in range(5)] + [ecriture("E9")]
    seconde = importer(bailleur, [ecrire(tmp_path / "2", "ecritures.csv", ECRITURES + "".join(autres))], str(profil))
    assert fichier_de(seconde).etat == EtatFichier.REFUSE
    assert "plus de 3 lignes refusées" in fichier_de(seconde).message
    assert not Ecriture.objects.filter(reference="E9").exists()


_PROFIL_BORNE = """
profil: borne
version: 1
encodage: utf-8
separateur: ","
limites: {refus: 3}
fichiers:
  - nom: écritures
    genre: ecritures
    motif: '^ecritures'
    enregistrements:
      ecriture:
        reference: {colonne: reference_ecriture}
        compte: {colonne: reference_compte}
        date_comptable: {colonne: date_comptable}
        code: {colonne: code}
        debit: {colonne: debit}
        credit: {colonne: credit}
"""


@pytest.mark.parametrize(("nombre", "fin"), [(5, "ligne 5 : x."), (6, " ; et 1 autre."), (7, " ; et 2 autres.")])
def test_les_remarques_citees_s_accordent(nombre: int, fin: str) -> None:
    remarques = [Remarque("e.csv", ligne + 1, "", "", "x") for ligne in range(5)]
    recolte = fichier._Recolte(FichesLocataires("e.csv"), remarques=remarques, nb_remarques=nombre)

    assert fichier._remarks(recolte).endswith(fin)

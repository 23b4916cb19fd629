"""The pivot profile: quotes, signs, months, and the shipped sample."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.connecteurs.exports.aides import ENTETE_PIVOT, Lu, compte_lignes, lire, profil_livre

from maintien.connecteurs.exports.erreurs import FichierRefuseError


def lire_ecritures(dossier: Path, *lignes: str, entete: str = ENTETE_PIVOT) -> Lu:
    chemin = dossier / "ecritures.csv"
    chemin.write_text(entete + "".join(f"{ligne}\n" for ligne in lignes), encoding="utf-8")
    return lire(chemin, profil_livre("pivot"))


def ligne(reference: str = "E1", **autres: str) -> str:
    valeurs = {
        "compte": "C1",
        "date_comptable": "2020-04-01",
        "date_valeur": "",
        "date_exigibilite": "2020-04-05",
        "periode": "2020-04",
        "code": "LOY",
        "libelle": "LOYER",
        "debit": "450.00",
        "credit": "",
        "mode": "",
        "reference_annulee": "",
        "affectation": "",
    } | autres
    return ",".join([reference, *valeurs.values()])


def test_une_ecriture_devient_un_enregistrement_type(tmp_path: Path) -> None:
    lu = lire_ecritures(
        tmp_path, ligne(code="PAI", debit="", credit="12.5", mode="carte", affectation="2020-04|2020-05")
    )
    ecriture = lu.ecritures[0]
    assert (ecriture.ligne, ecriture.reference, ecriture.compte) == (2, "E1", "C1")
    assert (ecriture.date_comptable, ecriture.date_valeur) == (date(2020, 4, 1), None)
    assert (ecriture.date_exigibilite, ecriture.periode) == (date(2020, 4, 5), "2020-04")
    assert (ecriture.debit_centimes, ecriture.credit_centimes) == (0, 1250)
    assert ecriture.affectation == "2020-04|2020-05"


@pytest.mark.parametrize(
    ("debit", "credit", "attendu"),
    [
        ("450.00", "", (45000, 0)),
        ("", "450.00", (0, 45000)),
        ("-450.00", "", (0, 45000)),
        ("", "-450.00", (45000, 0)),
        ("450.00", "0.00", (45000, 0)),
        ("0", "", (0, 0)),
    ],
)
def test_un_debit_negatif_est_un_credit(tmp_path: Path, debit: str, credit: str, attendu: tuple[int, int]) -> None:
    ecriture = lire_ecritures(tmp_path, ligne(debit=debit, credit=credit)).ecritures[0]
    assert (ecriture.debit_centimes, ecriture.credit_centimes) == attendu


@pytest.mark.parametrize(
    ("autres", "colonne", "motif"),
    [
        ({"debit": "", "credit": ""}, "debit", "montant absent"),
        ({"debit": "1.00", "credit": "1.00"}, "debit", "débit et crédit sur la même ligne"),
        ({"debit": "1,00"}, "", "ligne trop longue : 14 colonnes au lieu de 13"),
        ({"debit": "1_000"}, "debit", "montant illisible : « 1_000 »"),
        ({"debit": "nan"}, "debit", "montant illisible : « nan »"),
        ({"debit": "1e3"}, "debit", "montant illisible : « 1e3 »"),
        ({"debit": "٤٥٠"}, "debit", "montant illisible : « ٤٥٠ »"),
        ({"compte": " "}, "reference_compte", "valeur absente"),
        ({"date_comptable": "2020-02-30"}, "date_comptable", "date impossible : « 2020-02-30 »"),
        ({"date_comptable": "20200401"}, "date_comptable", "date illisible : « 20200401 »"),
        ({"date_comptable": "2020-W14-3"}, "date_comptable", "date illisible : « 2020-W14-3 »"),
        ({"date_comptable": ""}, "date_comptable", "valeur absente"),
        ({"periode": "2020-13"}, "periode", "mois illisible : « 2020-13 »"),
        ({"code": "LOYER"}, "code", "valeur inconnue : « LOYER »"),
        ({"libelle": "x" * 201}, "libelle", "texte de 201 caractères, 200 permis"),
        ({"libelle": '"LOYER'}, "", "guillemet ouvert et jamais fermé"),
        ({"libelle": 'LO"YER'}, "", "guillemet au milieu d'un champ qui n'est pas entre guillemets"),
        ({"libelle": '"LO"YER'}, "", "texte après un guillemet fermant"),
    ],
)
def test_une_ligne_abimee_est_refusee_et_les_autres_prises(
    tmp_path: Path, autres: dict[str, str], colonne: str, motif: str
) -> None:
    lu = lire_ecritures(tmp_path, ligne("A1"), ligne("A2", **autres), ligne("A3"))
    assert [e.reference for e in lu.ecritures] == ["A1", "A3"]
    assert [(r.fichier, r.ligne, r.colonne, r.motif) for r in lu.refus] == [("ecritures.csv", 3, colonne, motif)]
    assert lu.refus[0].remede
    assert lu.bilan.lignes == compte_lignes(lu.bilan) == 4


def test_un_guillemet_ouvert_n_avale_pas_les_lignes_suivantes(tmp_path: Path) -> None:
    suite = [ligne(f"B{i}") for i in range(50)]
    lu = lire_ecritures(tmp_path, ligne("A1", libelle='"REMISE'), *suite, ligne("A2", libelle='FIN"'))
    assert len(lu.ecritures) == 50
    assert [r.ligne for r in lu.refus] == [2, 53]


def test_un_champ_entre_guillemets_peut_contenir_le_separateur(tmp_path: Path) -> None:
    lu = lire_ecritures(tmp_path, ligne(libelle='"LOYER, ""BAT A"""'))
    assert lu.ecritures[0].libelle == 'LOYER, "BAT A"'


def test_une_formule_reste_du_texte(tmp_path: Path) -> None:
    lu = lire_ecritures(tmp_path, ligne(libelle="=HYPERLINK(1)"))
    assert lu.ecritures[0].libelle == "=HYPERLINK(1)"


def test_une_affectation_mal_formee_est_gardee_et_signalee(tmp_path: Path) -> None:
    lu = lire_ecritures(tmp_path, ligne(code="AID", debit="", credit="5.00", affectation="2020-4|2020-05"))
    assert lu.ecritures[0].affectation == "2020-4|2020-05"
    assert [(r.ligne, r.valeur) for r in lu.remarques] == [(2, "2020-4|2020-05")]


def test_les_colonnes_peuvent_changer_d_ordre_et_d_autres_s_y_ajouter(tmp_path: Path) -> None:
    noms = ENTETE_PIVOT.strip().split(",")
    entete = ",".join([*reversed(noms), "remarque"]) + "\n"
    inverse = ",".join([*reversed(ligne().split(",")), "bonjour"])
    lu = lire_ecritures(tmp_path, inverse, entete=entete)
    assert (lu.ecritures[0].reference, lu.ecritures[0].debit_centimes) == ("E1", 45000)


def test_une_ligne_vide_n_est_pas_une_erreur(tmp_path: Path) -> None:
    lu = lire_ecritures(tmp_path, "", ",,,,,,,,,,,,", ligne(), "   ")
    assert (lu.bilan.vides, lu.bilan.prises, lu.refus) == (3, 1, [])


@pytest.mark.parametrize(("texte", "attendu"), [("1", True), ("0", False), ("", False), ("oui", True)])
def test_une_valeur_imprevue_de_contact_restreint_protege(tmp_path: Path, texte: str, attendu: bool) -> None:
    chemin = tmp_path / "locataires.csv"
    chemin.write_text(
        "reference_locataire,reference_bail,reference_compte,role,civilite,nom,prenom,date_naissance,telephone,"
        f"courriel,contact_restreint,opposition_sms,situation_entree\nT1,B1,C1,titulaire,Mme,Ivanović,Zoé,,,,{texte},,\n",
        encoding="utf-8",
    )
    assert lire(chemin, profil_livre("pivot")).locataires[0].contact_restreint is attendu


def test_une_ligne_refusee_qui_restreint_le_contact_nomme_le_compte_a_proteger(tmp_path: Path) -> None:
    chemin = tmp_path / "locataires.csv"
    chemin.write_text(
        "reference_locataire,reference_bail,reference_compte,role,civilite,nom,prenom,date_naissance,telephone,"
        "courriel,contact_restreint,opposition_sms,situation_entree\n"
        "T1,B1,C1,titulaire,Mme,Durand,Zoé,1980-02-31,,,1,0,\n",
        encoding="utf-8",
    )
    refus = lire(chemin, profil_livre("pivot")).refus
    assert [(r.reference, r.compte_a_proteger) for r in refus] == [("T1", "C1")]


def test_l_echantillon_reduit_se_lit_sans_refus(donnees_reduites: Path) -> None:
    profil = profil_livre("pivot")
    dossier = donnees_reduites / "pivot_reduit"
    lus = {nom: lire(dossier / f"{nom}.csv", profil) for nom in ("baux", "locataires", "ecritures", "plans")}
    lignes = {nom: len((dossier / f"{nom}.csv").read_text(encoding="utf-8").splitlines()) - 1 for nom in lus}
    assert {nom: lu.bilan.prises for nom, lu in lus.items()} == lignes
    assert all(not lu.refus and not lu.remarques for lu in lus.values())
    modes = Counter(bail.apl_mode for bail in lus["baux"].baux)
    assert set(modes) == {"bailleur", "locataire", "sans"}


LOCATAIRES = (
    "reference_locataire,reference_bail,reference_compte,role,civilite,nom,prenom,date_naissance,telephone,courriel,"
    "contact_restreint,opposition_sms,situation_entree\n"
)
PROTEGEE = "T1,B1,C1,titulaire,Mme,Martinez,Émilie,1966-07-05,0639980001,emilie@courriel.example,1"


@pytest.mark.parametrize(
    ("ligne", "motif"),
    [
        (PROTEGEE, "ligne tronquée : 11 colonnes au lieu de 13"),
        (f"{PROTEGEE},0,CDI,en trop", "ligne trop longue : 14 colonnes au lieu de 13"),
        (f"{PROTEGEE},0,C\x07DI", "caractère de contrôle (code 7)"),
        (f"{PROTEGEE},0,{'x' * 70_000}", "ligne de plus de"),
    ],
    ids=["tronquée", "trop longue", "contrôle", "démesurée"],
)
def test_une_ligne_de_personne_refusee_ne_montre_rien_de_la_personne(ligne: str, motif: str, tmp_path: Path) -> None:
    chemin = tmp_path / "locataires.csv"
    chemin.write_text(LOCATAIRES + ligne + "\n", encoding="utf-8")

    [refus] = lire(chemin, profil_livre("pivot")).refus

    assert refus.motif.startswith(motif)
    assert (refus.ligne, refus.valeur) == (2, "")
    for cache in ("Martinez", "0639980001", "emilie@"):
        assert cache not in f"{refus.valeur} {refus.motif} {refus.remede} {refus.reference}"


def test_une_colonne_fautive_d_une_personne_montre_sa_valeur_et_rien_d_autre(tmp_path: Path) -> None:
    chemin = tmp_path / "locataires.csv"
    chemin.write_text(LOCATAIRES + PROTEGEE.replace("07-05", "02-31") + ",0,CDI\n", encoding="utf-8")

    [refus] = lire(chemin, profil_livre("pivot")).refus

    assert (refus.colonne, refus.valeur, refus.compte_a_proteger) == ("date_naissance", "1966-02-31", "C1")


def test_une_ligne_d_ecriture_tronquee_se_montre_en_entier(tmp_path: Path) -> None:
    chemin = tmp_path / "ecritures.csv"
    chemin.write_text(ENTETE_PIVOT + "E1,C1,2020-04-01\n", encoding="utf-8")

    [refus] = lire(chemin, profil_livre("pivot")).refus

    assert refus.valeur == "E1,C1,2020-04-01"


def test_un_en_tete_trop_long_est_nomme_comme_tel(tmp_path: Path) -> None:
    longue = ENTETE_PIVOT.replace("\n", "," + "x" * 8_200 + "\n")
    for lignes in ((), (ligne(),)):
        with pytest.raises(FichierRefuseError, match=r"son en-tête n'a pas été lu : ligne 1, .*8.?192"):
            lire_ecritures(tmp_path, *lignes, entete=longue)

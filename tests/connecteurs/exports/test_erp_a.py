"""The erp_a profile: pages, totals, signs, labels, codes; and the same ledger as the pivot sample."""

import csv
from datetime import date
from pathlib import Path

import pytest
from tests.connecteurs.exports.aides import ENTETE_ERP, TITRE_ERP, Lu, compte_lignes, lire, profil_livre

from maintien.connecteurs.exports.enregistrements import EnregistrementEcriture
from maintien.connecteurs.exports.erreurs import FichierRefuseError
from maintien.connecteurs.exports.fichiers import ordonne, reconnait


def ligne(**autres: str) -> str:
    valeurs = {
        "compte": "C00000001",
        "nom": "MARTINEZ Émilie",
        "piece": "000000010196",
        "ecriture": "22/05/2020",
        "valeur": "",
        "echeance": "05/06/2020",
        "mois": "05/2020",
        "code": "700",
        "designation": "LOYER PRINCIPAL",
        "montant": "628,08",
    } | autres
    return ";".join(valeurs.values()) + "\r\n"


def lire_grand_livre(dossier: Path, *lignes: str, total: str = "1 ECRITURES;628,08") -> Lu:
    chemin = dossier / "EXTRACT_GL_LOC_202005.csv"
    fin = f"TOTAL GENERAL;;;;;;;;{total}\r\n" if total else ""
    chemin.write_bytes((TITRE_ERP + ENTETE_ERP + "".join(lignes) + fin).encode("cp1252"))
    return lire(chemin, profil_livre("erp_a"))


def une_ecriture(dossier: Path, **autres: str) -> EnregistrementEcriture:
    lu = lire_grand_livre(dossier, ligne(**autres), total="1 ECRITURES;0,00")
    assert lu.refus == []
    return lu.ecritures[0]


def test_une_ligne_devient_une_ecriture(tmp_path: Path) -> None:
    assert une_ecriture(tmp_path) == EnregistrementEcriture(
        ligne=3,
        reference="000000010196",
        compte="C00000001",
        date_comptable=date(2020, 5, 22),
        date_valeur=None,
        date_exigibilite=date(2020, 6, 5),
        periode="2020-05",
        code="LOY",
        libelle="LOYER PRINCIPAL",
        debit_centimes=62808,
        credit_centimes=0,
        mode="",
        reference_annulee="",
        affectation="",
    )


@pytest.mark.parametrize("montant", ["1\u00a0154,06-", "-1 154,06", "-1\u00a0154,06", "1154,06-"])
def test_le_signe_moins_peut_etre_des_deux_cotes(tmp_path: Path, montant: str) -> None:
    ecriture = une_ecriture(tmp_path, code="514", montant=montant)
    assert (ecriture.debit_centimes, ecriture.credit_centimes) == (0, 115406)
    assert (ecriture.code, ecriture.mode) == ("PAI", "carte")


@pytest.mark.parametrize(
    ("designation", "libelle"),
    [
        ("PROV CHARGES; VOIR COURRIER", "PROV CHARGES"),
        ("PROV CHARGES 05/2020", "PROV CHARGES"),
        ('PROV CHARGES "BAT A', "PROV CHARGES"),
        ("PROV CHARGES; A; B", "PROV CHARGES; A; B"),
        ('PROV "CHARGES', 'PROV "CHARGES'),
    ],
)
def test_un_libelle_peut_contenir_le_separateur_et_des_guillemets(
    tmp_path: Path, designation: str, libelle: str
) -> None:
    ecriture = une_ecriture(tmp_path, code="710", designation=designation)
    assert (ecriture.libelle, ecriture.debit_centimes) == (libelle, 62808)


@pytest.mark.parametrize(
    ("code", "designation", "annulee", "affectation"),
    [
        ("IMP", "REJET PRELVT PC 000000010190 AM04", "000000010190", ""),
        ("IMP", "REJET PRLVT PC 000000010190 AM04", "000000010190", ""),
        ("512", "REJET PRLVT PC 000000010190 AM04", "", ""),
        ("541", "FSL MOIS 04/2020+05/2020", "", "2020-04|2020-05"),
        ("513", "VIRT MOIS 04/2020", "", "2020-04"),
        ("700", "LOYER MOIS 04/2020", "", ""),
        ("166", "RESTIT DEPOT GARANTIE", "", "RESTITUTION"),
        ("165", "REGLT DEPOT DE GARANTIE", "", ""),
    ],
)
def test_le_libelle_dit_la_piece_annulee_et_les_mois_designes(
    tmp_path: Path, code: str, designation: str, annulee: str, affectation: str
) -> None:
    ecriture = une_ecriture(tmp_path, code=code, designation=designation)
    assert (ecriture.reference_annulee, ecriture.affectation) == (annulee, affectation)


def test_un_rejet_sans_piece_est_signale(tmp_path: Path) -> None:
    lu = lire_grand_livre(tmp_path, ligne(code="IMP", designation="REJET PRELVT"))
    assert [(r.ligne, r.colonne) for r in lu.remarques] == [(3, "reference_annulee")]


def test_un_mois_designe_illisible_est_signale(tmp_path: Path) -> None:
    lu = lire_grand_livre(tmp_path, ligne(code="541", designation="FSL MOIS 13/2020"))
    assert [(r.ligne, r.valeur) for r in lu.remarques] == [(3, "13/2020")]


@pytest.mark.parametrize(
    ("autres", "colonne", "motif"),
    [
        ({"compte": "?"}, "N° Cpte", "« ? » n'a pas la forme attendue"),
        ({"compte": "          "}, "N° Cpte", "valeur absente"),
        ({"montant": "#VALEUR!"}, "Montant", "montant illisible : « #VALEUR! »"),
        ({"montant": "1.2E+03"}, "Montant", "montant illisible : « 1.2E+03 »"),
        ({"montant": "12,3,4"}, "Montant", "montant illisible : « 12,3,4 »"),
        ({"montant": ""}, "Montant", "montant absent"),
        ({"ecriture": "31/02/2020"}, "Dt écriture", "date impossible : « 31/02/2020 »"),
        ({"ecriture": "2020"}, "Dt écriture", "date illisible : « 2020 »"),
        ({"code": "777"}, "Code", "« 777 » n'est pas dans la correspondance du profil"),
        ({"piece": "00001"}, "N° Pièce", "« 00001 » n'a pas la forme attendue"),
    ],
)
def test_une_ligne_abimee_va_en_quarantaine(tmp_path: Path, autres: dict[str, str], colonne: str, motif: str) -> None:
    lu = lire_grand_livre(tmp_path, ligne(**autres), total="1 ECRITURES;628,08")
    assert lu.ecritures == []
    assert [(r.ligne, r.colonne, r.motif) for r in lu.refus] == [(3, colonne, motif)]


def test_une_ligne_tronquee_garde_la_piece_qui_s_y_lit(tmp_path: Path) -> None:
    lu = lire_grand_livre(tmp_path, "C00000001;MARTINEZ Émilie;000000010196;22/05/2020\r\n")
    assert [(r.motif, r.reference) for r in lu.refus] == [
        ("ligne tronquée : 4 colonnes au lieu de 10", "000000010196")
    ]


def test_un_renvoi_au_dossier_n_est_pas_une_ecriture(tmp_path: Path) -> None:
    renvoi = ligne(code="000", designation="*** VOIR DOSSIER ***", montant="0,00")
    lu = lire_grand_livre(tmp_path, ligne(), renvoi)
    assert lu.bilan.non_ecritures == {"renvoi au dossier": 1}
    assert lu.bilan.controle.phrase() == "Les totaux concordent : 1 ligne, 628,08\u00a0€."


def test_titres_et_entetes_de_page_ne_sont_pas_des_ecritures(tmp_path: Path) -> None:
    page = "\r\n" + TITRE_ERP.replace("PAGE 1", "PAGE 2") + ENTETE_ERP
    lu = lire_grand_livre(tmp_path, ligne(), page, ligne(piece="000000010197"), total="2 ECRITURES;1 256,16")
    assert (lu.bilan.entetes, lu.bilan.vides, lu.bilan.ignorees["titre de page"]) == (2, 1, 2)
    assert [e.ligne for e in lu.ecritures] == [3, 7]
    assert lu.bilan.lignes == compte_lignes(lu.bilan) == 8


def test_l_ecart_de_total_peut_venir_de_montants_illisibles(tmp_path: Path) -> None:
    lignes = [ligne(), ligne(compte="?", montant="100,00"), ligne(montant="#VALEUR!"), "C00000001;MARTINEZ\r\n"]
    controle = lire_grand_livre(tmp_path, *lignes, total="4 ECRITURES;778,08").bilan.controle
    assert (controle.nb_lu, controle.total_lu_centimes, controle.ecart_centimes) == (4, 72808, 5000)
    assert not controle.is_ecart_explique
    assert controle.phrase() == (
        "Le fichier annonce 778,08\u00a0€, 728,08\u00a0€ ont été lus : l'écart de 50,00\u00a0€ peut venir de montants "
        "illisibles (lignes 5, 6) ; à vérifier."
    )


@pytest.mark.parametrize(
    ("total", "phrase"),
    [
        ("1 ECRITURES;628,09", "n'est pas expliqué"),
        ("2 ECRITURES;628,08", "Le fichier annonce 2 lignes, 1 a été lue : il en manque"),
    ],
)
def test_un_total_faux_est_dit(tmp_path: Path, total: str, phrase: str) -> None:
    controle = lire_grand_livre(tmp_path, ligne(), total=total).bilan.controle
    assert not controle.is_ecart_explique
    assert phrase in controle.phrase()


@pytest.mark.parametrize(
    ("lignes", "total", "phrase"),
    [
        ([ligne()], "", "ne se termine pas par sa ligne « TOTAL GENERAL »"),
        (["TOTAL GENERAL;;;;;;;;0 ECRITURES;0,00\r\n", ligne()], "", "ne se termine pas par sa ligne"),
        ([ligne()], "1 ECRITURES;x", "sa ligne de total (ligne 4) est illisible"),
        ([ligne()], "UNE ECRITURE;628,08", "sa ligne de total (ligne 4) est illisible"),
    ],
)
def test_un_fichier_tronque_est_refuse_en_entier(tmp_path: Path, lignes: list[str], total: str, phrase: str) -> None:
    with pytest.raises(FichierRefuseError) as erreur:
        lire_grand_livre(tmp_path, *lignes, total=total)
    assert phrase in str(erreur.value)


def test_les_contrats_et_les_personnes(donnees_reduites: Path) -> None:
    lu = lire(donnees_reduites / "erp_a_reduit" / "FICHIER_LOCATAIRES.csv", profil_livre("erp_a"))
    with (donnees_reduites / "pivot_reduit" / "baux.csv").open(encoding="utf-8", newline="") as flux:
        attendus = {r["reference_bail"]: r for r in csv.DictReader(flux)}
    communs = {bail.reference: bail for bail in lu.baux if bail.reference in attendus}
    assert len(communs) >= 14
    for reference, bail in communs.items():
        attendu = attendus[reference]
        assert (bail.compte, bail.terme, bail.apl_mode) == (
            attendu["reference_compte"],
            attendu["terme"],
            attendu["apl_mode"],
        )
        assert bail.date_entree.isoformat() == attendu["date_entree"]
        assert (bail.date_sortie.isoformat() if bail.date_sortie else "") == attendu["date_sortie"]
        assert bail.type_logement == attendu["type_logement"]
        assert bail.bail_annexe_de == attendu["bail_annexe_de"]
        assert bail.departement == attendu["departement"]
    assert {p.role for p in lu.locataires} == {"titulaire", "cotitulaire", "caution"}


@pytest.mark.parametrize(
    ("signature", "attendue"),
    [("07/05/89", date(1989, 5, 7)), ("01/01/1900", None), ("", None), ("21/02/2011", date(2011, 2, 21))],
)
def test_une_vieille_date_de_signature(tmp_path: Path, signature: str, attendue: date | None) -> None:
    chemin = tmp_path / "FICHIER_LOCATAIRES.csv"
    chemin.write_bytes(
        (
            "N° Cpte;N° Contrat;Rôle;Civ;Nom;Prénom;Né(e) le;Tél;Mail;Contact restreint;STOP SMS;Programme;Adresse;CP;"
            "Ville;Type;Dt signature;Dt entrée;Dt sortie;Terme;Jour éch.;Mode régl.;APL;N° alloc;Dépôt gar.\r\n"
            "C00000601;P00000601;CT;Mme;ÇELIK;Zoé;;;;O;;Les Peupliers;85 RUE;20200;BASTIA;PKG;"
            f"{signature};07/05/1989;00/00/0000;AE;5;PRL;;;610,40\r\n"
        ).encode("cp1252")
    )
    lu = lire(chemin, profil_livre("erp_a"))
    bail, personne = lu.baux[0], lu.locataires[0]
    assert (bail.date_signature, bail.date_sortie) == (attendue, None)
    assert (bail.apl_mode, bail.terme, bail.mode_paiement) == ("sans", "a_echoir", "prelevement")
    assert (bail.departement, bail.bail_annexe_de, bail.depot_garantie_centimes) == ("2B", "B00000601", None)
    assert (personne.reference, personne.role, personne.contact_restreint) == ("C00000601-CT", "cotitulaire", True)


def test_le_grand_livre_lu_est_celui_de_l_echantillon_pivot(donnees_reduites: Path) -> None:
    """Same entries as the clean export, but for the pieces that were only ever delivered damaged."""
    profil = profil_livre("erp_a")
    fichiers = ordonne(reconnait(profil, c) for c in (donnees_reduites / "erp_a_reduit").glob("EXTRACT*.csv"))
    assert [f.periode for f in fichiers] == sorted(f.periode for f in fichiers)
    lus = [lire(f.chemin, profil) for f in fichiers]
    assert all(lu.bilan.controle.is_ecart_explique or lu.bilan.controle.lignes_sans_montant for lu in lus)
    refusees = {r.reference for lu in lus for r in lu.refus}
    connues: dict[str, EnregistrementEcriture] = {}
    for lu in lus:
        for ecriture in lu.ecritures:
            premiere = connues.setdefault(ecriture.reference, ecriture)
            assert premiere._replace(ligne=0) == ecriture._replace(ligne=0)
    comptes = {e.compte for e in connues.values()}
    with (donnees_reduites / "pivot_reduit" / "ecritures.csv").open(encoding="utf-8", newline="") as flux:
        attendues = {_piece(r["reference_ecriture"]): r for r in csv.DictReader(flux)}
    attendues = {piece: r for piece, r in attendues.items() if r["reference_compte"] in comptes}
    assert len(attendues) > 900
    for piece, attendue in attendues.items():
        if piece in connues:
            assert _faits(connues[piece]) == _faits_pivot(attendue)
        else:
            assert piece in refusees
    assert sum(piece not in connues for piece in attendues) <= 2


def _piece(reference: str) -> str:
    """C00000001-R000 is the piece 000000019000."""
    compte, _, numero = reference.partition("-")
    return compte[1:] + numero.replace("R", "9")


def _faits(ecriture: EnregistrementEcriture) -> tuple[object, ...]:
    jours = (ecriture.date_comptable, ecriture.date_valeur, ecriture.date_exigibilite)
    return (
        ecriture.compte,
        *(jour.isoformat() if jour else "" for jour in jours),
        ecriture.periode,
        ecriture.code,
        ecriture.debit_centimes - ecriture.credit_centimes,
        ecriture.reference_annulee,
        ecriture.affectation,
    )


def _faits_pivot(attendue: dict[str, str]) -> tuple[object, ...]:
    def centimes(texte: str) -> int:
        return int(texte.replace(".", "")) if texte else 0

    return (
        attendue["reference_compte"],
        attendue["date_comptable"],
        attendue["date_valeur"],
        attendue["date_exigibilite"],
        attendue["periode"],
        attendue["code"],
        centimes(attendue["debit"]) - centimes(attendue["credit"]),
        _piece(attendue["reference_annulee"]) if attendue["reference_annulee"] else "",
        attendue["affectation"],
    )

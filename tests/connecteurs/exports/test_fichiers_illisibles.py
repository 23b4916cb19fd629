"""Files that are not what they claim: one French sentence, and nothing of them is taken."""

import base64
import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from tests.connecteurs.exports.aides import (
    ENTETE_ERP,
    ENTETE_PIVOT,
    PETIT_PROFIL,
    TITRE_ERP,
    compte_lignes,
    lire,
    profil_livre,
)

from maintien.connecteurs.exports.contenu import refuse_contenu
from maintien.connecteurs.exports.erreurs import FichierRefuseError
from maintien.connecteurs.exports.fichiers import reconnait
from maintien.connecteurs.exports.lecture import LectureFichier
from maintien.connecteurs.exports.profil import analyse_profil

LIGNE = "E1,C1,2020-04-01,,2020-04-05,2020-04,LOY,LOYER,450.00,,,,\n"


def ecrire(dossier: Path, contenu: bytes, nom: str = "ecritures.csv") -> Path:
    chemin = dossier / nom
    chemin.write_bytes(contenu)
    return chemin


def classeur() -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return tampon.getvalue()


def zip_vide() -> bytes:
    tampon = io.BytesIO()
    zipfile.ZipFile(tampon, "w").close()
    return tampon.getvalue()


def archive_tar() -> bytes:
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode="w") as archive:
        membre = tarfile.TarInfo("ecritures.csv")
        membre.size = len(LIGNE)
        archive.addfile(membre, io.BytesIO(LIGNE.encode()))
    return tampon.getvalue()


# One transparent pixel.
IMAGE_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (b"", "le fichier est vide"),
        (b"\xef\xbb\xbf\r\n \r\n", "le fichier est vide"),
        (classeur(), "c'est un classeur Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "ancien classeur Excel"),
        (gzip.compress(LIGNE.encode(), mtime=0), "fichier compressé"),
        (b"%PDF-1.7\n", "document PDF"),
        (zip_vide(), "c'est un classeur Excel ou une archive zip"),
        (archive_tar(), "c'est une archive"),
        (lzma.compress(LIGNE.encode()), "c'est une archive"),
        (bz2.compress(LIGNE.encode() * 9), "c'est une archive"),
        (IMAGE_PNG, "c'est une image ; donnez l'extraction CSV du progiciel"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "c'est une image"),
        (b"GIF89a\x01\x00\x01\x00\x80\x00\x00", "c'est une image"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00", "c'est une image"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "c'est une image"),
        (Path(sys.executable).read_bytes()[:4096], "c'est un programme ; donnez l'extraction CSV du progiciel"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "c'est un programme"),
        (b"#!/bin/sh\nrm -r /\n", "c'est un programme"),
        (b"<?php system($_GET['c']); ?>\n", "c'est un programme"),
        (b"<!doctype html>\n<title>x</title>", "c'est une page web"),
        (b"\xef\xbb\xbf\n <HTML><body>", "c'est une page web"),
        (b"<script>alert(1)</script>\n", "c'est une page web"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>\n', "c'est une page web"),
        (b"\xef\xbb\xbf<?XML version='1.0'?>\n", "c'est un fichier XML"),
        (b"{\\rtf1\\ansi x}\n", "document de traitement de texte"),
        (b"SQLite format 3\x00\x10\x00", "c'est une base de données"),
        ((ENTETE_PIVOT + LIGNE).encode("utf-16"), "UTF-16"),
        ((ENTETE_PIVOT + LIGNE).encode("utf-16-le"), "pas un fichier texte"),
        (bytes(range(256)) * 20, "pas un fichier texte"),
        ((ENTETE_PIVOT + LIGNE + LIGNE).replace("\n", "\r").encode(), "retour chariot seul"),
        ((ENTETE_PIVOT + LIGNE.replace("LOYER", "RÉGUL")).encode("cp1252"), "sans doute en Windows-1252"),
        (b"a,b,c\n1,2,3\n", "la colonne « affectation » manque"),
        ((ENTETE_PIVOT.replace("libelle", "code") + LIGNE).encode(), "la colonne « libelle » manque"),
        ((ENTETE_PIVOT.replace("mode", "mode,mode") + LIGNE).encode(), "« mode » est deux fois"),
    ],
)
def test_un_fichier_qui_n_est_pas_ce_qu_il_dit_est_refuse_en_une_phrase(
    tmp_path: Path, contenu: bytes, phrase: str
) -> None:
    with pytest.raises(FichierRefuseError) as erreur:
        lire(ecrire(tmp_path, contenu), profil_livre("pivot"))
    message = str(erreur.value)
    assert message.startswith("ecritures.csv : ")
    assert phrase in message
    assert "\n" not in message
    assert message.endswith(".")


@pytest.mark.parametrize("debut", ["MZ_CODE", "BM", "RIFF", "BZh91", "PAR_MOIS", "ustar", "<5 ans"])
def test_une_colonne_qui_commence_comme_un_autre_format_est_du_texte(debut: str) -> None:
    refuse_contenu("baux.csv", f"{debut};date\n1;2\n".encode())


def test_un_fichier_utf8_lu_en_windows_1252_est_reconnu(tmp_path: Path) -> None:
    contenu = (TITRE_ERP + ENTETE_ERP).encode()
    with pytest.raises(FichierRefuseError, match="encodé en UTF-8 alors que le profil annonce windows-1252"):
        lire(ecrire(tmp_path, contenu, "EXTRACT_GL_LOC_202005.csv"), profil_livre("erp_a"))


def test_bom_et_fins_de_ligne_windows_sont_acceptes(tmp_path: Path) -> None:
    contenu = b"\xef\xbb\xbf" + (ENTETE_PIVOT + LIGNE).replace("\n", "\r\n").encode()
    lu = lire(ecrire(tmp_path, contenu), profil_livre("pivot"))
    assert [e.reference for e in lu.ecritures] == ["E1"]
    assert lu.ecritures[0].affectation == ""


def test_la_derniere_ligne_peut_ne_pas_finir(tmp_path: Path) -> None:
    lu = lire(ecrire(tmp_path, (ENTETE_PIVOT + LIGNE).rstrip("\n").encode()), profil_livre("pivot"))
    assert lu.bilan.lignes == 2
    assert lu.bilan.prises == 1


def test_une_ligne_demesuree_ne_coute_qu_elle_meme(tmp_path: Path) -> None:
    enorme = "E2,C1," + "x" * 3_000_000 + "\n"
    contenu = ENTETE_PIVOT + LIGNE + enorme + LIGNE.replace("E1", "E3") + enorme.rstrip("\n")
    lu = lire(ecrire(tmp_path, contenu.encode()), profil_livre("pivot"))
    assert [e.reference for e in lu.ecritures] == ["E1", "E3"]
    assert [(r.ligne, r.motif) for r in lu.refus] == [
        (3, "ligne de plus de 8192 caractères"),
        (5, "ligne de plus de 8192 caractères"),
    ]
    assert lu.bilan.lignes == compte_lignes(lu.bilan) == 5


@pytest.mark.parametrize(
    ("abime", "motif"),
    [
        (LIGNE.replace("LOYER", "LO\0YER"), "caractère de contrôle (code 0) en position 44"),
        (LIGNE.replace("LOYER", "LO\rYER"), "caractère de contrôle (code 13)"),
        (LIGNE.replace("LOYER", "LO\u202eYER"), "caractère de contrôle (code 8238)"),
    ],
)
def test_un_caractere_de_controle_fait_refuser_sa_ligne(tmp_path: Path, abime: str, motif: str) -> None:
    suite = "".join(LIGNE.replace("E1", f"E{i}") for i in range(10, 30))
    lu = lire(ecrire(tmp_path, (ENTETE_PIVOT + abime + suite).encode()), profil_livre("pivot"))
    assert len(lu.ecritures) == 20
    assert [r.ligne for r in lu.refus] == [2]
    assert lu.refus[0].motif.startswith(motif)


def test_un_octet_illisible_parmi_de_bons_accents_ne_coute_que_sa_ligne(tmp_path: Path) -> None:
    bonne = LIGNE.replace("LOYER", "RÉGUL").encode()
    mauvaise = LIGNE.replace("E1", "E2").replace("LOYER", "R#GUL").encode().replace(b"#", b"\xe9")
    lu = lire(ecrire(tmp_path, ENTETE_PIVOT.encode() + bonne + mauvaise), profil_livre("pivot"))
    assert [e.libelle for e in lu.ecritures] == ["RÉGUL"]
    assert lu.refus[0].motif == "octet 0xE9 illisible en utf-8, au 43e octet de la ligne"


@pytest.mark.parametrize(
    ("limite", "phrase"),
    [("octets: 100", "plus que les 0 Mo permis"), ("lignes: 5", "plus de 5 lignes"), ("refus: 2", "plus de 2 lignes")],
)
def test_les_bornes_du_profil_refusent_le_fichier(tmp_path: Path, limite: str, phrase: str) -> None:
    profil = analyse_profil("essai.yaml", PETIT_PROFIL + f"limites: {{{limite}}}\n")
    chemin = ecrire(tmp_path, b"piece;compte;jour;code;montant\n" + b"P1;C1;hier;LOY;1\n" * 20, "journal.csv")
    with pytest.raises(FichierRefuseError, match=phrase):
        lire(chemin, profil)


def test_une_lecture_trop_lente_est_arretee(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, (ENTETE_PIVOT + LIGNE).encode())
    profil = profil_livre("pivot")
    instants = iter([0.0, 10_000.0, 10_000.0])
    lecture = LectureFichier(chemin, profil, reconnait(profil, chemin).declare, horloge=lambda: next(instants))
    with pytest.raises(FichierRefuseError, match="a dépassé 1800 secondes"):
        list(lecture.lots())


def test_un_fichier_absent_est_dit_en_une_phrase(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuseError, match="le fichier ne peut pas être lu"):
        lire(tmp_path / "ecritures.csv", profil_livre("pivot"))


def test_un_fichier_inconnu_du_profil_est_refuse_avec_les_noms_attendus(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuseError, match="ne vont à l'une des sortes de fichiers du profil pivot"):
        lire(ecrire(tmp_path, b"a,b\n1,2\n", "divers.csv"), profil_livre("pivot"))


def test_un_fichier_renomme_est_reconnu_a_son_entete(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, (ENTETE_PIVOT + LIGNE).encode(), "livraison du 3 mai.csv")
    assert reconnait(profil_livre("pivot"), chemin).declare.nom == "écritures"

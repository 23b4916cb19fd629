"""The file established last has the last word, in whatever order files are delivered."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from tests.travaux.imports.aides import (
    BAUX,
    ECRITURES,
    LOCATAIRES,
    PLANS,
    bail,
    chiffres,
    ecrire,
    ecriture,
    fichier_de,
    importer,
    locataire,
    refus_de,
)

from maintien.apps.comptes.models import Bail, FichierImporte, Occupation, Personne
from maintien.apps.organismes.models import Organisme
from maintien.apps.plans.models import PlanApurement
from maintien.connecteurs.exports.profil import dossier_profils
from maintien.travaux.imports.versions import established_on

ANCIEN = ("locataires_202609.csv", LOCATAIRES + locataire(telephone="0101010101"))
NOUVEAU = ("locataires_202610.csv", LOCATAIRES + locataire(telephone="0202020202"))


@pytest.mark.parametrize("ordre", list(permutations([ANCIEN, NOUVEAU])))
def test_un_ancien_fichier_ne_rend_pas_un_ancien_numero(
    bailleur: Organisme, tmp_path: Path, ordre: tuple[tuple[str, str], ...]
) -> None:
    for nom, contenu in ordre:
        importer(bailleur, [ecrire(tmp_path, nom, contenu)])

    personne = Personne.objects.get()
    assert (personne.telephone, personne.origine_le) == ("0202020202", date(2026, 10, 31))


@pytest.mark.parametrize("premier", ["ancien", "recent"])
def test_un_ancien_fichier_n_efface_pas_une_sortie(bailleur: Organisme, tmp_path: Path, premier: str) -> None:
    ancien = ecrire(tmp_path, "baux_2026-09.csv", BAUX + bail("B1"))
    recent = ecrire(tmp_path, "baux_2026-10-12.csv", BAUX + bail("B1", date_sortie="2026-10-31"))

    for chemin in (ancien, recent) if premier == "ancien" else (recent, ancien):
        importer(bailleur, [chemin])

    assert Bail.objects.get().date_sortie == date(2026, 10, 31)


def test_un_fichier_intermediaire_ne_defait_pas_ce_que_le_dernier_confirme(
    bailleur: Organisme, tmp_path: Path
) -> None:
    """January and March say the same; February, delivered last, says something else."""
    for mois, telephone in (("202601", "0101010101"), ("202603", "0101010101"), ("202602", "0202020202")):
        importer(bailleur, [ecrire(tmp_path, f"locataires_{mois}.csv", LOCATAIRES + locataire(telephone=telephone))])

    assert Personne.objects.get().telephone == "0101010101"
    message = FichierImporte.objects.get(nom="locataires_202602.csv").message
    assert message == "Une fiche vient d'un fichier plus récent déjà livré : gardée en l'état."


def test_un_ancien_fichier_protege_tout_de_meme(bailleur: Organisme, tmp_path: Path) -> None:
    importer(bailleur, [ecrire(tmp_path, *NOUVEAU)])
    ancien = LOCATAIRES + locataire(telephone="0101010101", contact_restreint="1")

    importer(bailleur, [ecrire(tmp_path, "locataires_202609.csv", ancien)])

    personne = Personne.objects.get()
    assert (personne.contact_restreint, personne.telephone) == (True, "0202020202")


def test_un_role_ne_revient_pas_en_arriere(bailleur: Organisme, tmp_path: Path) -> None:
    importer(bailleur, [ecrire(tmp_path, "locataires_202610.csv", LOCATAIRES + locataire(role="titulaire"))])
    importer(bailleur, [ecrire(tmp_path, "locataires_202609.csv", LOCATAIRES + locataire(role="caution"))])

    assert Occupation.objects.get().role == "titulaire"


def test_un_plan_rompu_ne_se_retablit_pas(bailleur: Organisme, tmp_path: Path) -> None:
    ligne = "PL1,C1,2019-12-24,6199.05,18,344.40,2020-01-05,{},\n"
    importer(bailleur, [ecrire(tmp_path, "plans_202005.csv", PLANS + ligne.format("2020-04-05"))])
    importer(bailleur, [ecrire(tmp_path, "plans_202003.csv", PLANS + ligne.format(""))])

    assert PlanApurement.objects.get().date_rupture == date(2020, 4, 5)


def test_rien_ne_date_le_fichier_le_dernier_livre_l_emporte_et_le_compte_rendu_le_dit(
    bailleur: Organisme, tmp_path: Path
) -> None:
    importer(bailleur, [ecrire(tmp_path, "locataires.csv", LOCATAIRES + locataire(telephone="0101010101"))])
    importation = importer(
        bailleur, [ecrire(tmp_path / "bis", "locataires.csv", LOCATAIRES + locataire(telephone="0202020202"))]
    )

    assert Personne.objects.get().telephone == "0202020202"
    assert fichier_de(importation).message == (
        "Rien ne date ce fichier : une fiche connue a pris ses valeurs, parce qu'il est livré en dernier ; "
        "mettez le mois ou le jour dans son nom."
    )


@pytest.mark.parametrize("ordre", [("ancien", "recent"), ("recent", "ancien")])
def test_une_colonne_date_chaque_fiche_et_passe_devant_le_nom(
    bailleur: Organisme, tmp_path: Path, ordre: tuple[str, str]
) -> None:
    """The name says 2020 for both; the column tells which card is the later one."""
    livre = (dossier_profils() / "pivot.yaml").read_text(encoding="utf-8").replace("profil: pivot", "profil: maison")
    avec = "        situation_entree: {colonne: situation_entree}"
    profil = tmp_path / "maison.yaml"
    profil.write_text(livre.replace(avec, f"{avec}\n        etabli_le: {{colonne: maj}}"), encoding="utf-8")
    lignes = {"ancien": ("0101010101", "2026-09-01"), "recent": ("0202020202", "2026-10-01")}

    for cle in ordre:
        telephone, maj = lignes[cle]
        contenu = LOCATAIRES.rstrip() + ",maj\n" + locataire(telephone=telephone).rstrip() + f",{maj}\n"
        importer(bailleur, [ecrire(tmp_path / cle, "locataires_202001.csv", contenu)], str(profil))

    personne = Personne.objects.get()
    assert (personne.telephone, personne.origine_le) == ("0202020202", date(2026, 10, 1))


@pytest.mark.parametrize(
    ("periode", "jour"),
    [
        ("202602", date(2026, 2, 28)),
        ("20261012", date(2026, 10, 12)),
        ("", None),
        ("202613", None),
        ("20260230", None),
        ("2026", None),
        ("٢٠٢٦١٠", None),
    ],
)
def test_le_jour_d_un_fichier(periode: str, jour: date | None) -> None:
    assert established_on(periode) == jour


def test_un_rejet_livre_avant_son_paiement_ne_refuse_pas_la_ligne_du_paiement(
    bailleur: Organisme, tmp_path: Path
) -> None:
    rejet = ecriture("E3", "REJ", "480.00", date_comptable="2020-04-08", reference_annulee="E2")
    paiement = ecriture("E2", "PAI", "450.00", date_comptable="2020-04-05", mode="prelevement")
    importer(bailleur, [ecrire(tmp_path, "ecritures_202004a.csv", ECRITURES + rejet)])

    importation = importer(bailleur, [ecrire(tmp_path, "ecritures_202004b.csv", ECRITURES + paiement)])

    fichier = fichier_de(importation)
    # One line, taken: 1 + 0 + 0 = 1.
    assert (fichier.lignes, *chiffres(importation)) == (1, 1, 0, 0)
    assert fichier.message == "Un rejet livré avant son paiement est retiré des comptes, à vérifier : E3."
    motif = (
        "le rejet E3, livré par ecritures_202004a.csv, de 480,00\u00a0€ ne répond pas au paiement de cette ligne, "
        "E2 de 450,00\u00a0€, qui est pris ; l'écart n'est pas un frais de rejet, et le rejet est retiré des "
        "comptes"
    )
    assert refus_de(importation) == [("ecritures_202004b.csv", 2, "montant", motif)]

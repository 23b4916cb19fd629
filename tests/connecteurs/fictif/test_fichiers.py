"""The files are those of the pivot format, character for character."""

import csv
import re
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet
import pytest

from maintien.coeur.calendrier import parse_jour, parse_periode
from maintien.coeur.montants import parse_montant
from maintien.connecteurs.fictif import Portefeuille, ecrire_parquet, ecrire_pivot

ENTETES = {
    "baux": "reference_bail,reference_compte,reference_logement,residence,voie,code_postal,commune,code_insee,"
    "departement,type_logement,surface,date_signature,date_entree,date_sortie,motif_sortie,terme,jour_exigibilite,"
    "mode_paiement,rum,iban,apl_mode,numero_allocataire,depot_garantie,bail_annexe_de",
    "locataires": "reference_locataire,reference_bail,reference_compte,role,civilite,nom,prenom,date_naissance,"
    "telephone,courriel,contact_restreint,opposition_sms,situation_entree",
    "ecritures": "reference_ecriture,reference_compte,date_comptable,date_valeur,date_exigibilite,periode,code,"
    "libelle,debit,credit,mode,reference_annulee,affectation",
    "plans": "reference_plan,reference_compte,date_signature,montant,nombre_echeances,mensualite,"
    "premiere_echeance,date_rupture,date_solde",
}
MODES = {"prelevement", "virement", "carte", "cheque", "especes", "mandat"}
COMMUNES = {
    ("Givors", "69700", "69091", "69"),
    ("Vienne", "38200", "38544", "38"),
    ("Rive-de-Gier", "42800", "42186", "42"),
}
MONTANT = re.compile(r"-?[0-9]+\.[0-9]{2}")


@pytest.fixture(scope="module")
def fichiers(portefeuille: Portefeuille, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    chemins = ecrire_pivot(portefeuille, tmp_path_factory.mktemp("pivot"))
    return {chemin.stem: chemin.read_bytes().decode("utf-8") for chemin in chemins}


def _lignes(texte: str) -> list[dict[str, str]]:
    return list(csv.DictReader(texte.splitlines(), strict=True))


@pytest.mark.parametrize("nom", ["baux", "locataires", "ecritures", "plans"])
def test_les_colonnes_et_la_forme_sont_celles_du_pivot(fichiers: dict[str, str], nom: str) -> None:
    texte = fichiers[nom]

    assert texte.split("\n", 1)[0] == ENTETES[nom]
    assert texte.endswith("\n")
    assert "\r" not in texte
    assert '"' not in texte
    largeurs = {ligne.count(",") for ligne in texte.splitlines()}
    assert largeurs == {ENTETES[nom].count(",")}


def test_chaque_ecriture_se_lit_sans_tolerance(fichiers: dict[str, str]) -> None:
    comptes = {ligne["reference_compte"] for ligne in _lignes(fichiers["baux"])}
    references = set()
    for ligne in _lignes(fichiers["ecritures"]):
        references.add(ligne["reference_ecriture"])
        assert ligne["reference_compte"] in comptes
        assert ligne["reference_ecriture"].startswith(ligne["reference_compte"] + "-")
        parse_jour(ligne["date_comptable"])
        for nom in ("date_valeur", "date_exigibilite"):
            assert not ligne[nom] or parse_jour(ligne[nom])
        assert not ligne["periode"] or parse_periode(ligne["periode"])
        montant = ligne["debit"] or ligne["credit"]
        assert MONTANT.fullmatch(montant)
        assert parse_montant(montant) > 0
        assert not (ligne["debit"] and ligne["credit"])
    assert len(references) == fichiers["ecritures"].count("\n") - 1


def test_les_baux_se_tiennent(fichiers: dict[str, str]) -> None:
    baux = _lignes(fichiers["baux"])
    par_reference = {bail["reference_bail"]: bail for bail in baux}
    assert len(par_reference) == len(baux)
    for bail in baux:
        assert (bail["commune"], bail["code_postal"], bail["code_insee"], bail["departement"]) in COMMUNES
        assert parse_jour(bail["date_signature"]) <= parse_jour(bail["date_entree"])
        assert not bail["date_sortie"] or bail["date_sortie"] > bail["date_entree"]
        assert bool(bail["date_sortie"]) == bool(bail["motif_sortie"])
        assert bail["jour_exigibilite"] in {"5", "10", "31"}
        assert bail["mode_paiement"] in MODES
        assert bool(bail["iban"]) == bool(bail["rum"]) == (bail["mode_paiement"] == "prelevement")
        assert bool(bail["numero_allocataire"]) == (bail["apl_mode"] != "sans")
        if bail["type_logement"] == "PARKING":
            assert par_reference[bail["bail_annexe_de"]]["reference_compte"] == bail["reference_compte"]


def test_un_logement_n_a_qu_un_locataire_a_la_fois(fichiers: dict[str, str]) -> None:
    occupations: dict[str, list[tuple[str, str]]] = {}
    for bail in _lignes(fichiers["baux"]):
        occupations.setdefault(bail["reference_logement"], []).append(
            (bail["date_entree"], bail["date_sortie"] or "9999-12-31")
        )
    repris = 0
    for dates in occupations.values():
        ordre = sorted(dates)
        repris += len(ordre) - 1
        assert all(sortie <= entree for (_, sortie), (entree, _) in pairwise(ordre))
    assert repris > 30


def test_les_iban_ont_des_cles_justes_et_une_banque_qui_n_existe_pas(fichiers: dict[str, str]) -> None:
    ibans = {bail["iban"] for bail in _lignes(fichiers["baux"]) if bail["iban"]}

    assert len(ibans) > 200
    for iban in ibans:
        assert iban.startswith("FR7630999")
        assert len(iban) == 27
        assert int(iban[4:] + "1527" + iban[2:4]) % 97 == 1


def test_les_personnes_sont_inventees_et_injoignables(fichiers: dict[str, str]) -> None:
    personnes = _lignes(fichiers["locataires"])
    formes = {"vide": 0, "abime": 0, "juste": 0}
    for personne in personnes:
        chiffres = re.sub(r"[ .]", "", personne["telephone"])
        if not chiffres:
            formes["vide"] += 1
        elif re.fullmatch(r"(0|\+33|0033)63998[0-9]{4}", chiffres):
            formes["juste"] += 1
        else:
            formes["abime"] += 1
            assert chiffres == "XXXXXXXXXX" or chiffres.startswith("063998")
        assert not personne["courriel"] or ".example" in personne["courriel"] or re.search(
            r"@(courriel|neant)$", personne["courriel"]
        )  # fmt: skip
    assert formes["juste"] > 0.9 * len(personnes)
    assert formes["vide"] > 5
    assert formes["abime"] > 5
    assert {"titulaire", "cotitulaire", "caution"} == {personne["role"] for personne in personnes}
    restreints = sum(personne["contact_restreint"] == "1" for personne in personnes)
    assert 0.004 < restreints / len(personnes) < 0.03
    assert len({personne["nom"] for personne in personnes}) > 80


def test_chaque_compte_a_un_titulaire_et_chaque_personne_un_bail(fichiers: dict[str, str]) -> None:
    baux = {bail["reference_bail"]: bail["reference_compte"] for bail in _lignes(fichiers["baux"])}
    personnes = _lignes(fichiers["locataires"])

    assert all(baux[personne["reference_bail"]] == personne["reference_compte"] for personne in personnes)
    titulaires = [personne["reference_compte"] for personne in personnes if personne["role"] == "titulaire"]
    assert sorted(titulaires) == sorted(set(baux.values()))


def test_les_plans_se_tiennent(fichiers: dict[str, str]) -> None:
    plans = _lignes(fichiers["plans"])
    for plan in plans:
        montant, mensualite = parse_montant(plan["montant"]), parse_montant(plan["mensualite"])
        nombre = int(plan["nombre_echeances"])
        assert 0 <= montant - mensualite * nombre < nombre
        assert plan["date_signature"] < plan["premiere_echeance"]
        assert not (plan["date_rupture"] and plan["date_solde"])
    assert sum(bool(plan["date_rupture"]) for plan in plans) >= 3
    assert sum(bool(plan["date_solde"]) for plan in plans) >= 10
    assert sum(not plan["date_rupture"] and not plan["date_solde"] for plan in plans) >= 5


def test_le_parquet_garde_les_centimes_les_mois_et_l_ordre(portefeuille: Portefeuille, tmp_path: Path) -> None:
    chemins = {chemin.stem: chemin for chemin in ecrire_parquet(portefeuille, tmp_path)}

    relu = pyarrow.parquet.read_table(chemins["ecritures"])

    assert relu["debit"].to_pylist() == portefeuille.ecritures["debit"].to_pylist()
    assert relu["periode"].to_pylist() == portefeuille.ecritures["periode"].to_pylist()
    assert relu["ordre"][0].as_py() == 0

"""Les cas du compte, lisibles par un juriste : `tests/cas/compte_*.yaml`."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from maintien.coeur.calendrier import fin_de_mois, format_periode, parse_jour, parse_periode
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.impaye import echeance_signalement
from maintien.coeur.compte.imputation import Imputation, imputation
from maintien.coeur.compte.postes import Poste
from maintien.coeur.compte.situation import COLONNES_C11, Situation, ligne_c11, situation_imputee
from maintien.coeur.montants import format_pivot, parse_montant

DOSSIER = Path(__file__).resolve().parents[2] / "cas"
CLES_ECRITURE = {
    *("reference", "code", "debit", "credit", "saisie", "valeur", "exigible", "mois", "annule", "affectation"),
}
CLES_MENSUEL = {"de", "a", "loyer", "charges", "rls", "apl", "paiement", "impayes"}


def _cas() -> list[Any]:
    """Tous les cas, leurs textes tels qu'écrits : le lecteur de base ne devine ni dates ni nombres."""
    tous = []
    for fichier in sorted(DOSSIER.glob("compte_*.yaml")):
        contenu = yaml.load(fichier.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        for cas in contenu["cas"]:
            lignes = contenu["gabarits"].get(cas["donnees"].get("gabarit"), [])
            tous.append(pytest.param(cas, lignes, id=f"{fichier.stem}: {cas['nom']}"))
    return tous


def _ecriture(ligne: dict[str, str]) -> Ecriture:
    assert ligne.keys() <= CLES_ECRITURE, f"clé inconnue : {ligne.keys() - CLES_ECRITURE}"
    valeur = parse_jour(ligne["valeur"]) if "valeur" in ligne else None
    exigible = parse_jour(ligne["exigible"]) if "exigible" in ligne else None
    if "saisie" in ligne:
        saisie = parse_jour(ligne["saisie"])
    elif valeur is not None:
        saisie = valeur
    else:
        assert exigible is not None, "une écriture sans saisie ni valeur a une échéance"
        saisie = exigible.replace(day=1)
    return Ecriture(
        reference=ligne["reference"],
        compte="C1",
        date_comptable=saisie,
        date_valeur=valeur,
        date_exigibilite=exigible,
        periode=parse_periode(ligne["mois"]) if "mois" in ligne else None,
        code=ligne["code"],
        debit_centimes=parse_montant(ligne.get("debit", "0")),
        credit_centimes=parse_montant(ligne.get("credit", "0")),
        reference_annulee=ligne.get("annule", ""),
        affectation=ligne.get("affectation", ""),
    )


def _mensuel(suite: dict[str, str]) -> list[Ecriture]:
    """Écrit une suite de mois : appel au dernier jour, APL le 25, paiement à l'échéance qui désigne le mois."""
    assert suite.keys() <= CLES_MENSUEL, f"clé inconnue : {suite.keys() - CLES_MENSUEL}"
    impayes = suite.get("impayes", "").split("|")
    lignes = []
    for periode in range(parse_periode(suite["de"]), parse_periode(suite["a"]) + 1):
        mois, fin = format_periode(periode), fin_de_mois(periode).isoformat()
        appel = {"exigible": fin, "mois": mois}
        le_25 = date(periode // 12, periode % 12 + 1, 25).isoformat()
        lignes += [
            {"reference": f"loy {mois}", "code": "LOY", "debit": suite["loyer"], **appel},
            {"reference": f"chg {mois}", "code": "CHG", "debit": suite["charges"], **appel},
            {"reference": f"rls {mois}", "code": "RLS", "credit": suite.get("rls", "0"), **appel},
            {
                "reference": f"apl {mois}",
                "code": "APL",
                "credit": suite.get("apl", "0"),
                "valeur": le_25,
                "mois": mois,
            },
        ]
        if mois not in impayes:
            montant = suite.get("paiement", "0")
            lignes.append(
                {"reference": f"pai {mois}", "code": "PAI", "credit": montant, "valeur": fin, "affectation": mois}
            )
    return [_ecriture(ligne) for ligne in lignes]


def _cle(poste: Poste) -> str:
    return format_periode(poste.mois) if poste.mois is not None else poste.code


def _restes(compte: Imputation) -> dict[str, int]:
    restes: dict[str, int] = defaultdict(int)
    for poste in compte.postes:
        restes[_cle(poste)] += poste.reste_centimes
    return restes


def _verifier(attendu: dict[str, Any], compte: Imputation, obtenue: Situation) -> None:
    colonnes = dict(zip(COLONNES_C11, ligne_c11(obtenue), strict=True))
    for cle, valeur in attendu.items():
        if cle == "restes":
            assert {k: format_pivot(_restes(compte)[k]) for k in valeur} == valeur
        elif cle == "affectations":
            assert _affectations(compte) == valeur
        elif cle == "signalement":
            constitue_le = obtenue.date_impaye_apl_legal
            assert constitue_le is not None
            assert echeance_signalement(constitue_le) == parse_jour(valeur)
        elif cle != "au":
            assert (cle, colonnes[cle]) == (cle, valeur)


def _affectations(compte: Imputation) -> list[dict[str, str]]:
    return [
        {
            "credit": a.reference_credit,
            "sur": _cle(a.poste),
            "montant": format_pivot(a.montant_centimes),
            "base": a.base,
            "regle": a.regle,
        }
        for a in compte.affectations
    ]


@pytest.mark.cas
@pytest.mark.parametrize(("cas", "gabarit"), _cas())
def test_le_cas_donne_le_resultat_attendu(cas: dict[str, Any], gabarit: list[dict[str, str]]) -> None:
    donnees = cas["donnees"]
    ecritures = [_ecriture(ligne) for ligne in (*gabarit, *donnees.get("ecritures", ()))]
    if "mensuel" in donnees:
        ecritures += _mensuel(donnees["mensuel"])
    baux = [BailCompte("B1", "C1", date(2010, 1, 1), None, donnees.get("apl_mode", "sans"))]

    for attendu in cas["attendu"]:
        compte = imputation(ecritures, parse_jour(attendu["au"]))
        _verifier(attendu, compte, situation_imputee(compte, baux))


def test_chaque_cas_dit_son_nom_et_sa_source() -> None:
    tous = [param.values[0] for param in _cas()]

    assert len({cas["nom"] for cas in tous}) == len(tous)
    assert all(cas["source"] and cas["attendu"] for cas in tous)

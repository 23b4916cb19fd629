"""The ledger is one that an accountant would believe: what cancels, what is due, who pays when."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from maintien.coeur.calendrier import fin_de_mois, format_periode, parse_periode
from maintien.connecteurs.fictif import Portefeuille

AU = date(2026, 11, 23)
OUVERTURE = date(2023, 12, 1)
TERME = {"LOY", "CHG", "ANX", "SLS", "RLS", "CLE", "ASS", "IND", "REG"}


def test_un_rejet_annule_un_prelevement_de_meme_montant_sur_le_meme_compte(ecritures: list[dict]) -> None:
    par_reference = {e["reference_ecriture"]: e for e in ecritures}
    rejets = [e for e in ecritures if e["code"] == "REJ"]
    cibles = [par_reference[e["reference_annulee"]] for e in rejets]

    assert len(rejets) > 100
    assert len({e["reference_annulee"] for e in rejets}) == len(rejets)
    for rejet, cible in zip(rejets, cibles, strict=True):
        assert cible["code"] == "PAI"
        assert cible["mode"] == rejet["mode"] == "prelevement"
        assert cible["reference_compte"] == rejet["reference_compte"]
        assert (cible["credit"], cible["debit"]) == (rejet["debit"], rejet["credit"])
        assert timedelta(0) <= rejet["date_comptable"] - cible["date_comptable"] <= timedelta(days=5)
    assert all(not e["reference_annulee"] for e in ecritures if e["code"] != "REJ")


def test_des_prelevements_echouent_deux_fois_et_d_autres_sont_representes(ecritures: list[dict]) -> None:
    paiements = defaultdict(list)
    for e in ecritures:
        if e["code"] == "PAI" and e["mode"] == "prelevement":
            paiements[e["reference_compte"], e["date_valeur"].year, e["date_valeur"].month].append(e)
    annulees = {e["reference_annulee"] for e in ecritures}
    essais = [
        [p["reference_ecriture"] in annulees for p in sorted(meme, key=lambda p: p["date_valeur"])]
        for meme in paiements.values()
        if len(meme) == 2
    ]

    assert essais.count([True, False]) > 10
    assert essais.count([True, True]) > 2


def test_aucune_ecriture_hors_des_dates_et_des_baux(ecritures: list[dict], baux: list[dict]) -> None:
    entrees: dict[str, date] = {}
    for bail in baux:
        compte = bail["reference_compte"]
        entrees[compte] = min(entrees.get(compte, date.max), bail["date_entree"])
    for e in ecritures:
        assert OUVERTURE <= e["date_comptable"] <= AU
        assert e["date_comptable"] >= entrees[e["reference_compte"]]
        assert (e["debit"] > 0) != (e["credit"] > 0)
        assert e["date_valeur"] is None or e["date_valeur"] <= e["date_comptable"]
        assert (e["date_exigibilite"] is not None) or e["credit"] or e["code"] == "REJ"


def test_plus_rien_n_est_appele_apres_le_depart(ecritures: list[dict], baux: list[dict]) -> None:
    sorties = {
        bail["reference_compte"]: bail["date_sortie"]
        for bail in baux
        if bail["date_sortie"] and bail["motif_sortie"] != "mutation"
    }
    appels = [e for e in ecritures if e["code"] in TERME and e["reference_compte"] in sorties]

    assert len(appels) > 500
    for e in appels:
        sortie = sorties[e["reference_compte"]]
        assert e["periode"] <= sortie.year * 12 + sortie.month - 1


def test_le_mois_d_entree_est_au_prorata(ecritures: list[dict], baux: list[dict]) -> None:
    loyers = defaultdict(dict)
    for e in ecritures:
        if e["code"] == "LOY":
            loyers[e["reference_compte"]][e["periode"]] = e["debit"]
    verifies = 0
    for bail in baux:
        entree, par_mois = bail["date_entree"], loyers[bail["reference_compte"]]
        mois = entree.year * 12 + entree.month - 1
        if mois not in par_mois or mois + 1 not in par_mois or bail["date_sortie"] or bail["bail_annexe_de"]:
            continue
        if mois // 12 != (mois + 1) // 12:
            continue
        jours = fin_de_mois(mois).day
        assert par_mois[mois] == par_mois[mois + 1] * (jours - entree.day + 1) // jours
        verifies += 1
    assert verifies > 10


def test_l_apl_arrive_le_25_du_mois_de_droit_pour_la_moitie_des_baux(ecritures: list[dict], baux: list[dict]) -> None:
    aides = [e for e in ecritures if e["code"] == "APL"]
    aides_par_compte = {e["reference_compte"] for e in aides}

    assert all(e["date_comptable"].day == 25 and e["mode"] == "caf" for e in aides)
    assert all(e["periode"] == e["date_comptable"].year * 12 + e["date_comptable"].month - 1 for e in aides)
    principaux = [b for b in baux if b["type_logement"] != "PARKING"]
    assert 0.4 < len(aides_par_compte) / len(principaux) < 0.6
    locataires = {b["reference_compte"] for b in baux if b["apl_mode"] != "bailleur"}
    assert not locataires & aides_par_compte


def test_des_aides_se_rompent_puis_sont_rappelees_mois_par_mois(ecritures: list[dict]) -> None:
    mois_aides, rappels = defaultdict(set), defaultdict(set)
    for e in ecritures:
        if e["code"] == "APL":
            mois_aides[e["reference_compte"]].add(e["periode"])
        if e["code"] == "RAP" and e["credit"]:
            rappels[e["reference_compte"]].add(e["periode"])
    retablies = [compte for compte in rappels if len(rappels[compte] - mois_aides[compte]) >= 1]
    rompues = [c for c, mois in mois_aides.items() if c not in rappels and _trous(mois)]

    assert len(retablies) >= 8
    assert not rompues
    encore_la = {e["reference_compte"] for e in ecritures if e["periode"] == parse_periode("2026-11")}
    sans_aide = [c for c, mois in mois_aides.items() if c in encore_la and max(mois) < parse_periode("2026-09")]
    assert len(sans_aide) >= 2


def _trous(mois: set[int]) -> set[int]:
    return set(range(min(mois), max(mois) + 1)) - mois


@pytest.mark.parametrize("code", ["LOY", "CHG", "RLS", "ANX", "CLE", "ASS", "SLS", "REG", "APL", "RAP", "PAI", "REJ",
                                  "AID", "DG", "REP", "REM", "EFF", "FRA", "OD"])  # fmt: skip
def test_chaque_code_courant_est_represente(ecritures: list[dict], code: str) -> None:
    assert Counter(e["code"] for e in ecritures)[code] > 0


def test_une_aide_nomme_ses_mois(ecritures: list[dict]) -> None:
    aides = [e for e in ecritures if e["code"] == "AID"]

    assert aides
    for e in aides:
        mois = [parse_periode(m) for m in e["affectation"].split("|")]
        assert mois == sorted(mois)
        assert all(format_periode(m) < e["date_comptable"].isoformat()[:7] or len(mois) == 1 for m in mois)


def test_des_paiements_saisis_tard_et_des_paiements_designes(ecritures: list[dict]) -> None:
    paiements = [e for e in ecritures if e["code"] == "PAI"]
    tardifs = [e for e in paiements if e["date_comptable"] - e["date_valeur"] > timedelta(days=7)]
    designes = [e for e in paiements if e["affectation"]]

    assert len(tardifs) > 20
    assert len(designes) > 20
    assert all(parse_periode(e["affectation"]) for e in designes)


def test_le_depot_est_rendu_a_ceux_qui_partent(ecritures: list[dict], baux: list[dict]) -> None:
    rendus = {e["reference_compte"] for e in ecritures if e["code"] == "DG" and e["affectation"] == "RESTITUTION"}
    partis = {b["reference_compte"] for b in baux if b["date_sortie"] and OUVERTURE <= b["date_sortie"] <= AU}

    assert len(rendus) > 30
    assert rendus <= partis


def test_la_reprise_ouvre_les_comptes_au_premier_jour(portefeuille: Portefeuille, ecritures: list[dict]) -> None:
    reprises = [e for e in ecritures if e["code"] == "OD"]
    anciennes = [e for e in reprises if e["debit"] and e["date_exigibilite"] < OUVERTURE]

    assert {e["date_comptable"] for e in reprises} == {OUVERTURE}
    assert all(e["libelle"] == f"REPRISE TERME {format_periode(e['periode'])}" for e in reprises if e["debit"])
    assert len(anciennes) > 5
    assert {e["libelle"] for e in reprises if e["credit"]} == {"REPRISE AVANCE"}

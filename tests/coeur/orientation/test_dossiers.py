"""Les règles de dossier : cas de `tests/cas/orientation_dossiers.yaml`, et ce qui ne doit jamais arriver."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.coeur.orientation.outils import menage_des_cas, regles_livrees
from tests.coeur.orientation.test_propositions_cas import DOCUMENT, menage_change, ordinaire

from maintien.coeur.calendrier import ajouter_mois
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.imputation import imputation
from maintien.coeur.compte.situation import situation
from maintien.coeur.orientation.dossiers import decisions
from maintien.coeur.orientation.faits import DossierOuvert, FaitsMenage
from maintien.coeur.orientation.histoire import faits_du_compte, histoire_du_compte

FICHIER = Path(__file__).parents[2] / "cas" / "orientation_dossiers.yaml"
CAS = yaml.safe_load(FICHIER.read_text(encoding="utf-8"))["cas"]


@pytest.mark.cas
@pytest.mark.parametrize("cas", CAS, ids=[cas["nom"] for cas in CAS])
def test_dossier(cas: dict[str, Any]) -> None:
    au: date = cas.get("au", DOCUMENT["base"]["au"])
    faits = menage_des_cas(menage_change(cas), au)

    rendues = decisions(faits, regles_livrees(), au)

    assert len(rendues) == len(cas["attendu"]), rendues
    for rendue, attendue in zip(rendues, cas["attendu"], strict=True):
        lue = {nom: getattr(rendue, nom) for nom in attendue}
        assert lue | {"motif": ordinaire(rendue.motif)} == attendue | {
            "motif": attendue.get("motif", ordinaire(rendue.motif))
        }


def _annees(jour_paiement: int, mois: int = 24) -> list[Ecriture]:
    """Un loyer de 450 € dû le 5 de chaque mois dès janvier 2024, payé `jour_paiement` jours plus tard."""
    ecritures = []
    for n in range(mois):
        echeance = ajouter_mois(date(2024, 1, 5), n)
        paye = echeance + timedelta(days=jour_paiement)
        avis = echeance - timedelta(days=14)
        ecritures.append(
            Ecriture(f"L{n:03d}", "C1", avis, None, echeance, None, "LOY", "LOYER", debit_centimes=45_000)
        )
        ecritures.append(Ecriture(f"P{n:03d}", "C1", paye, paye, None, None, "PAI", "VIREMENT", 0, 45_000))
    return ecritures


def _faits(ecritures: list[Ecriture], au: date, dossier: DossierOuvert | None) -> FaitsMenage:
    bail = BailCompte("B1", "C1", date(2023, 12, 1))
    compte = imputation(ecritures, au)
    lue = situation(ecritures, [bail], au)
    histoire = histoire_du_compte(ecritures, compte, lue.terme_moyen_net_centimes)
    return FaitsMenage(
        cle="M1",
        comptes=(faits_du_compte(lue, histoire),),
        observe_depuis=histoire.observe_depuis,
        termes_tardifs=histoire.termes_tardifs,
        rejets=histoire.rejets,
        dernier_paiement=histoire.dernier_paiement,
        dossier=dossier,
    )


def _actes(ecritures: list[Ecriture], du: date, au: date) -> list[tuple[date, str]]:
    """Les ouvertures et clôtures d'un compte, nuit après nuit."""
    dossier, actes, jour = None, [], du
    while jour <= au:
        for decision in decisions(_faits(ecritures, jour, dossier), regles_livrees(), jour):
            if decision.acte in ("ouvrir", "clore"):
                actes.append((jour, decision.acte))
                dossier = DossierOuvert(jour) if decision.acte == "ouvrir" else None
        jour += timedelta(days=1)
    return actes


def test_qui_paie_dans_les_quatre_jours_n_a_jamais_de_dossier() -> None:
    assert _actes(_annees(4), date(2024, 1, 1), date(2024, 12, 31)) == []


def test_qui_paie_toujours_le_vingt_a_un_dossier_et_un_seul() -> None:
    """Sans hystérésis, ce ménage aurait douze ouvertures et douze clôtures par an."""
    assert _actes(_annees(15), date(2024, 1, 1), date(2024, 12, 31)) == [(date(2024, 1, 10), "ouvrir")]


def test_un_oubli_ouvre_puis_se_clot_une_fois() -> None:
    ecritures = _annees(0)
    oubli = next(e for e in ecritures if e.reference == "P005")
    tard = [e for e in ecritures if e is not oubli] + [
        Ecriture("P005", "C1", date(2024, 7, 1), date(2024, 7, 1), None, None, "PAI", "VIREMENT", 0, 45_000)
    ]

    # Échéance du 5 juin oubliée, payée le 1er juillet : ouvert le 10 juin, clos trente-cinq jours après le paiement.
    assert _actes(tard, date(2024, 1, 1), date(2024, 12, 31)) == [
        (date(2024, 6, 10), "ouvrir"),
        (date(2024, 8, 5), "clore"),
    ]

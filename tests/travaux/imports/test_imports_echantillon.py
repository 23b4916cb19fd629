"""The raw export gives the situations of the clean one, but for the accounts that lost a damaged line for good."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import TOUT
from tests.travaux.imports.aides import importer

from maintien.apps.comptes.models import Bail, Ecriture
from maintien.apps.organismes.models import Organisme
from maintien.coeur.calendrier import parse_periode
from maintien.coeur.compte import ecritures as coeur
from maintien.coeur.compte.situation import ligne_c11, situation

JOURS = ("2020-04-30", "2020-10-31")
# Pieces that no file of the raw export ever delivers right, as the clean export names them.
PERDUES = {
    "C00000601-0258",
    "C00004101-0262",
    "C00005301-0157",
    "C00008301-0226",
    "C00008901-0202",
    "C00010801-0315",
    "C00012701-0316",
    "C00013001-0298",
    "C00016201-R000",
    "C00019602-0019",
    "C00023001-0180",
    "C00023901-0240",
    "C00033301-0381",
    "C00040903-0062",
    "C00051702-0177",
    "C00054702-0012",
    "C00058001-0265",
    "C00059202-0183",
}


def situations(au: date) -> dict[str, list[str]]:
    """Lines of C11 of every account, from the database."""
    ecritures: dict[str, list[coeur.Ecriture]] = defaultdict(list)
    for e in Ecriture.objects.select_related("compte").order_by("pk"):
        ecritures[e.compte.reference].append(
            coeur.Ecriture(
                e.reference,
                e.compte.reference,
                e.date_comptable,
                e.date_valeur,
                e.date_exigibilite,
                parse_periode(e.periode) if e.periode else None,
                e.code,
                e.libelle,
                e.debit_centimes,
                e.credit_centimes,
                e.mode,
                e.reference_annulee,
                e.affectation,
            )
        )
    baux: dict[str, list[coeur.BailCompte]] = defaultdict(list)
    for b in Bail.objects.select_related("compte"):
        bail = coeur.BailCompte(b.reference, b.compte.reference, b.date_entree, b.date_sortie, b.apl_mode)
        baux[b.compte.reference].append(bail)
    return {compte: ligne_c11(situation(ecritures[compte], baux[compte], au)) for compte in baux}


def attendues(chemin: Path) -> dict[str, list[str]]:
    with chemin.open(encoding="utf-8", newline="") as flux:
        return {ligne[0]: ligne for ligne in list(csv.reader(flux))[1:]}


def differents(dossier: Path, prefixe: str) -> tuple[int, set[str]]:
    """How many accounts were compared, and those whose situation differs on one of the days."""
    compares, autres = 0, set()
    for jour in JOURS:
        lues = situations(date.fromisoformat(jour))
        voulues = attendues(dossier / f"{prefixe}{jour}.csv")
        communs = lues.keys() & voulues.keys()
        compares += len(communs)
        autres |= {compte for compte in communs if lues[compte] != voulues[compte]}
    return compares, autres


def test_l_extraction_brute_reduite_donne_les_situations_du_pivot(bailleur: Organisme, donnees_reduites: Path) -> None:
    importer(bailleur, sorted((donnees_reduites / "erp_a_reduit").glob("*.csv")), "erp_a")
    compares, autres = differents(donnees_reduites / "pivot_reduit", "attendu_")
    perdus = {reference.partition("-")[0] for reference in PERDUES}
    assert compares == 28
    assert autres <= perdus


@pytest.mark.moteurs
@pytest.mark.skipif(not TOUT, reason="137 000 lignes : ./run test --tout")
def test_l_extraction_brute_donne_les_situations_du_pivot(bailleur: Organisme, donnees_completes: Path) -> None:
    importer(bailleur, sorted((donnees_completes / "bailleur_erp_a").glob("*.csv")), "erp_a")
    assert Ecriture.objects.count() == 80_959
    compares, autres = differents(donnees_completes, "attendu_pivot_")
    assert compares == 2 * 811
    assert autres == {reference.partition("-")[0] for reference in PERDUES}

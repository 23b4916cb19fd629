"""Killed at any instant, an import loses nothing and doubles nothing: the same state as without a kill."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import TOUT

RACINE = Path(__file__).resolve().parents[3]
COUPURES = 100 if TOUT else 5
GRAINE = 20261123
MOIS = 30 if TOUT else 5

pytestmark = pytest.mark.pannes

_PREPARE = """
import django; django.setup()
from django.core.management import call_command
from maintien.apps.organismes.models import Organisme
call_command("migrate", verbosity=0)
Organisme.objects.create(code="COUPURES", nom="Coupures")
"""


def _python(dossier: Path, *arguments: str) -> str:
    """A process of its own on SQLite, with its data in a folder of the test."""
    environnement = {nom: valeur for nom, valeur in os.environ.items() if nom != "MAINTIEN_BASE"}
    environnement |= {
        "MAINTIEN_DONNEES": str(dossier),
        "DJANGO_SETTINGS_MODULE": "maintien.config.settings.demo",
        "PYTHONPATH": f"{RACINE / 'src'}{os.pathsep}{RACINE}",
    }
    fait = subprocess.run(
        [sys.executable, *arguments], env=environnement, cwd=RACINE, capture_output=True, text=True, check=False
    )
    assert fait.returncode == 0, fait.stderr[-3000:]
    return fait.stdout


@pytest.fixture
def essais(tmp_path: Path, donnees_reduites: Path) -> list[dict[str, Any]]:
    modele = tmp_path / "modele"
    modele.mkdir()
    _python(modele, "-c", _PREPARE)
    echantillon = tmp_path / "echantillon"
    echantillon.mkdir()
    complet = sorted((donnees_reduites / "erp_a_reduit").glob("*.csv"))
    for fichier in [*complet[:MOIS], complet[-1]]:
        shutil.copy(fichier, echantillon)
    script = str(Path(__file__).with_name("coupures.py"))
    sortie = _python(
        modele, script, str(modele), str(tmp_path / "essais"), str(echantillon), str(COUPURES), "20261123"
    )
    return [json.loads(ligne) for ligne in sortie.splitlines()]


def test_un_import_tue_a_des_instants_au_hasard_reprend_sans_perte_ni_double(essais: list[dict[str, Any]]) -> None:
    temoin, *coupes = essais
    assert temoin["code"] == 0
    assert temoin["etat"]["livraisons"] == list(range(1, MOIS + 1))
    assert temoin["etat"]["miroir"][0] == MOIS
    assert len(coupes) == COUPURES
    assert sum(coupe["tues"] for coupe in coupes) >= COUPURES // 2
    for coupe in coupes:
        assert coupe["code"] == 0
        assert coupe["etat"] == temoin["etat"], coupe["instants"]

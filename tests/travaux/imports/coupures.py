"""Kills an import at random instants, in processes of its own, and compares what remains after resuming.

Run by test_imports_coupures.py; prints one JSON line a kill. The modules are loaded once; each attempt is a fork with
its own copy of a prepared SQLite database.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings

BAILLEUR = "COUPURES"


def main(modele: str, dossier: str, echantillon: str, nombre: str, graine: str) -> None:
    django.setup()
    import maintien.travaux.imports  # noqa: PLC0415
    import maintien.travaux.miroir  # noqa: F401, PLC0415

    fichiers = sorted(Path(echantillon).glob("*.csv"))
    hasard = random.Random(int(graine))  # noqa: S311 - instants, not secrets
    # The first run also pays for what the machine has not read yet.
    _essai(Path(modele), Path(dossier) / "mise_en_train", fichiers, [])
    temoin = _essai(Path(modele), Path(dossier) / "temoin", fichiers, [])
    print(json.dumps({"genre": "temoin", **temoin}), flush=True)  # noqa: T201
    for rang in range(int(nombre)):
        instants = [hasard.uniform(0, temoin["secondes"]) for _ in range(hasard.choice((1, 1, 2)))]
        resultat = _essai(Path(modele), Path(dossier) / f"essai{rang}", fichiers, instants)
        print(json.dumps({"genre": "essai", "instants": instants, **resultat}), flush=True)  # noqa: T201


def _essai(modele: Path, dossier: Path, fichiers: list[Path], instants: list[float]) -> dict[str, Any]:
    """Import with these kills, then to the end; the state that remains."""
    shutil.copytree(modele, dossier)
    tues = 0
    debut = time.monotonic()
    for instant in [*instants, None]:
        code = _fork(dossier, lambda: _importer(fichiers), instant)
        if code != -signal.SIGKILL:
            break
        tues += 1
    secondes = time.monotonic() - debut
    _fork(dossier, lambda: _decrire(dossier / "etat.json"), None)
    etat = json.loads((dossier / "etat.json").read_text(encoding="utf-8"))
    shutil.rmtree(dossier)
    return {"code": code, "tues": tues, "secondes": secondes, "etat": etat}


def _fork(dossier: Path, faire: Callable[[], None], instant: float | None) -> int:
    """Exit code of a child that works on this folder; killed after so many seconds if it is still there."""
    enfant = os.fork()
    if enfant == 0:
        code = 1
        try:
            settings.MAINTIEN_DONNEES = dossier
            settings.DATABASES["default"]["NAME"] = dossier / "maintien.sqlite3"
            faire()
            code = 0
        finally:
            os._exit(code)
    if instant is not None:
        time.sleep(instant)
        os.kill(enfant, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1])


def _importer(fichiers: list[Path]) -> None:
    """What the command does: deposit, then run, which takes over what a dead process holds."""
    from maintien.apps.organismes.models import Organisme  # noqa: PLC0415
    from maintien.travaux.imports import deposit, run  # noqa: PLC0415

    organisme = Organisme.objects.get(code=BAILLEUR)
    importation = deposit(organisme, "erp_a", fichiers, sonner=False)
    if importation.execution is None:
        raise SystemExit(3)
    if run(importation.execution.pk) is None:
        raise SystemExit(4)


def _decrire(sortie: Path) -> None:
    from tests.travaux.imports.aides import etat, journal_des_livraisons  # noqa: PLC0415

    from maintien.apps.comptes.models import FichierImporte, Importation, LigneRefusee  # noqa: PLC0415
    from maintien.apps.organismes.models import Organisme  # noqa: PLC0415
    from maintien.apps.socle.models import Execution  # noqa: PLC0415
    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415
    from maintien.travaux.miroir import mirror_of  # noqa: PLC0415

    organisme = Organisme.objects.get(code=BAILLEUR)
    with organisme_scope(organisme):
        miroir = mirror_of(organisme)
        copie = miroir.lire()
        decrit = {
            "lignes": etat(),
            "livraisons": journal_des_livraisons(),
            "imports": list(Importation.objects.values_list("etat", flat=True)),
            "travaux": list(Execution.objects.values_list("etat", flat=True)),
            "fichiers": sorted(
                FichierImporte.objects.values_list("nom", "etat", "prises", "refusees", "deja_connues")
            ),
            "refus": sorted(LigneRefusee.objects.values_list("fichier__nom", "ligne", "motif")),
            "miroir": [miroir.numero, sorted(copie.column("reference_ecriture").to_pylist())],
        }
    sortie.write_text(json.dumps(decrit, default=str), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

# ruff: noqa: PLC0415 - each measure loads only what it measures
"""The single measures of `nuit`, each in a process of its own; prints one JSON line."""

import json
import sys
import time
from datetime import timedelta
from typing import Any

import django

VERIFIE_JUSQUA = 5_000
"""Beyond this many leases, the check of the landlord would be longer than what is measured."""


def charger(nombre: int) -> dict[str, Any]:
    from bench.outillage import portefeuille

    depart = time.perf_counter()
    organisme = portefeuille.charger(nombre)
    duree = time.perf_counter() - depart
    return {"secondes": duree, "ecarts": portefeuille.ecarts(organisme) if nombre <= VERIFIE_JUSQUA else {}}


def passer(jours: int) -> dict[str, Any]:
    """One pass, `jours` days after the day of the landlord; the kernel is loaded before."""
    from bench.outillage.portefeuille import AU
    from maintien.apps.organismes.models import Organisme
    from maintien.moteurs.colonnes.prechauffage import prechauffer
    from maintien.travaux.miroir import mirror_of
    from maintien.travaux.nuit import run
    from maintien.travaux.nuit.bilan import Bilan

    organisme = Organisme.objects.get(code="DEMO")
    debuts: dict[str, float] = {}

    def progres(etape: str, _fait: int, _total: int) -> None:
        debuts.setdefault(etape, time.perf_counter())

    prechauffer()
    etat = mirror_of(organisme).numero, _octets(organisme)
    depart = time.perf_counter()
    execution = run(organisme, AU + timedelta(jours), progres=progres)
    fin = time.perf_counter()
    if (mirror_of(organisme).numero, _octets(organisme)) != etat:
        raise RuntimeError("la passe a refait le miroir : les écritures n'y sont plus, la mesure ne vaut rien")
    bornes = [*debuts.values(), fin]
    etapes = {nom: bornes[rang + 1] - bornes[rang] for rang, nom in enumerate(debuts)}
    bilan = Bilan.from_json(execution.resultat["dernier"])
    return {"secondes": fin - depart, "etapes": etapes, "bilan": bilan.as_json(), "change": bilan.has_changes}


def _octets(organisme: Any) -> int:
    from maintien.travaux.miroir import mirror_of

    return sum(fichier.stat().st_size for fichier in mirror_of(organisme).dossier.glob("seau-*.parquet"))


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"charger": charger, "passer": passer}[sys.argv[1]](int(sys.argv[2]))), flush=True)

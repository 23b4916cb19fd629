"""The files that the demo landlord delivers: its past in one deposit, then what each new day has brought."""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from django.conf import settings
from django.db.models import Max

from maintien.apps.comptes.models import Ecriture
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope
from maintien.coeur.calendrier import periode_de
from maintien.connecteurs.fictif import ecrire_ecritures, ecrire_pivot, engendrer

MOIS = 36
AVENIR = timedelta(days=150)
"""How long the landlord goes on by itself after the day of its making."""
GRAINE = 20261123
_SUITE = "suite.parquet"
_MARQUE = "bailleur.json"


@dataclass(frozen=True)
class Fichiers:
    """What was generated: how many leases, at which day."""

    baux: int
    graine: int
    au: str
    fin: str


def folder() -> Path:
    return Path(settings.MAINTIEN_DONNEES) / "demo"


def read_fichiers() -> Fichiers | None:
    """What is on disk; None before the first generation has been finished."""
    marque = folder() / _MARQUE
    if not marque.is_file():
        return None
    return Fichiers(**json.loads(marque.read_text(encoding="utf-8")))


def generate(au: date, baux: int) -> Fichiers:
    """Write the landlord's files. They appear all at once: a start killed here leaves nothing behind."""
    fichiers = Fichiers(baux, GRAINE, au.isoformat(), (au + AVENIR).isoformat())
    brouillon = folder().with_name("demo.brouillon")
    shutil.rmtree(brouillon, ignore_errors=True)
    portefeuille = engendrer(baux, GRAINE, periode_de(au) - MOIS + 1, au, au + AVENIR)
    connues = pc.less_equal(portefeuille.ecritures["date_comptable"], pa.scalar(au, pa.date32()))
    ecrire_pivot(portefeuille, brouillon, sans=("ecritures",))
    _write_par_annee(portefeuille.ecritures.filter(connues), brouillon)
    pyarrow.parquet.write_table(portefeuille.ecritures.filter(pc.invert(connues)), brouillon / _SUITE)
    (brouillon / _MARQUE).write_text(json.dumps(asdict(fichiers)), encoding="utf-8")
    shutil.rmtree(folder(), ignore_errors=True)
    brouillon.rename(folder())
    return fichiers


def _write_par_annee(ecritures: Any, dossier: Path) -> None:
    annees = pc.year(ecritures["date_comptable"])
    for annee in sorted(pc.unique(annees).to_pylist()):
        ecrire_ecritures(ecritures.filter(pc.equal(annees, annee)), dossier / f"ecritures_{annee}.csv")


def first_files() -> list[Path]:
    """The deposit of the first day, leases first."""
    dossier = folder()
    return [*(dossier / f"{nom}.csv" for nom in ("baux", "locataires")), *sorted(dossier.glob("ecritures_2*.csv")),
            dossier / "plans.csv"]  # fmt: skip


def next_file(organisme: Organisme, au: date) -> Path | None:
    """What the landlord's books have received since its last delivery, up to `au`; None when there is nothing."""
    with organisme_scope(organisme):
        derniere: date | None = Ecriture.objects.aggregate(jour=Max("date_comptable"))["jour"]
    if derniere is None or derniere >= au:
        return None
    suite = pyarrow.parquet.read_table(folder() / _SUITE)
    jours = suite["date_comptable"]
    nouvelles = pc.and_(
        pc.greater(jours, pa.scalar(derniere, pa.date32())), pc.less_equal(jours, pa.scalar(au, pa.date32()))
    )
    ecritures = suite.filter(nouvelles)
    if not ecritures.num_rows:
        return None
    chemin = folder() / f"ecritures_suite_{au.isoformat()}.csv"
    ecrire_ecritures(ecritures, chemin)
    return chemin

"""From nothing, or from yesterday, to a demonstration that is ready for today. Each step does only what is missing."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from maintien.apps.comptes.enums import EtatFichier
from maintien.apps.comptes.models import Bail, FichierImporte
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.models import Execution
from maintien.apps.socle.portee import organisme_scope
from maintien.coeur.calendrier import format_jour
from maintien.travaux import imports
from maintien.travaux.demo import bailleurs, livraisons, vie
from maintien.travaux.nuit import run as run_nuit
from maintien.travaux.nuit.erreurs import NuitRefuseeError

Avance = Callable[[int, int], None]
"""What is done of the step, and its total."""
Etape = Callable[[str], AbstractContextManager[Avance]]
"""Tells a person which step runs, how far it is, and how long it took once it has."""


class DemonstrationImpossibleError(RuntimeError):
    """The demonstration cannot be made or brought to the day; the message says what to do."""


@dataclass(frozen=True)
class Preparation:
    """What is ready: number of household leases, and a word when something asked for was not done."""

    baux: int
    remarque: str = ""


def prepare(au: date, baux: int, etape: Etape) -> Preparation:
    """Database, landlords, files, import, nightly passes up to `au`; the second time, seconds."""
    _migrate(etape)
    demo = _open_bailleurs(etape)
    with _warm_kernel(demo):
        fichiers = _ensure_fichiers(demo, au, baux, etape)
        _import(demo, livraisons.first_files(), "Import des baux, des locataires et des écritures", etape)
    _live(demo, date.fromisoformat(fichiers.au), etape)
    _catch_up(demo, au, etape)
    return Preparation(fichiers.baux, _remarque(fichiers, au, baux))


def _migrate(etape: Etape) -> None:
    executeur = MigrationExecutor(connection)
    if executeur.migration_plan(executeur.loader.graph.leaf_nodes()):
        with etape("Base de données"):
            call_command("migrate", verbosity=0, interactive=False)


def _open_bailleurs(etape: Etape) -> Organisme:
    codes = [bailleur.code for bailleur in bailleurs.BAILLEURS]
    if Organisme.objects.filter(code__in=codes).count() < len(codes):
        with etape("Bailleurs, secteurs et utilisateurs"):
            for bailleur in bailleurs.BAILLEURS:
                bailleurs.open_bailleur(bailleur)
    return Organisme.objects.get(code=bailleurs.DEMO.code)


@contextmanager
def _warm_kernel(demo: Organisme) -> Iterator[None]:
    """Before the first pass, the kernel is compiled beside the import. A failure here only makes that pass slower."""
    if demo.derniere_nuit is not None:
        yield
        return
    muet = subprocess.DEVNULL
    chauffe = subprocess.Popen([sys.executable, "-m", "maintien.travaux.demo.chauffe"], stdout=muet, stderr=muet)
    try:
        yield
    except BaseException:
        chauffe.kill()
        raise
    finally:
        chauffe.wait()


def _ensure_fichiers(demo: Organisme, au: date, baux: int, etape: Etape) -> livraisons.Fichiers:
    fichiers = livraisons.read_fichiers()
    if fichiers is not None:
        return fichiers
    with organisme_scope(demo):
        if Bail.objects.exists():
            raise DemonstrationImpossibleError(
                f"Les fichiers de la démonstration ne sont plus dans {livraisons.folder()} alors que sa base existe : "
                "supprimez le dossier de données pour repartir de zéro."
            )
    with etape(f"Bailleur fictif : {baux} baux sur {livraisons.MOIS} mois"):
        return livraisons.generate(au, baux)


def _import(demo: Organisme, chemins: Sequence[Path], quoi: str, etape: Etape) -> None:
    """Through the product's own import, as a user of the landlord. A deposit left half done is gone on with."""
    finis = [EtatFichier.IMPORTE, EtatFichier.DEJA_IMPORTE]
    with organisme_scope(demo):
        pris = set(FichierImporte.objects.filter(etat__in=finis).values_list("nom", flat=True))
    if all(chemin.name in pris for chemin in chemins):
        return
    with etape(quoi) as avance:
        importation = imports.deposit(demo, "pivot", chemins, bailleurs.find_user(demo, Role.RESPONSABLE))
        with organisme_scope(demo):
            execution = Execution.objects.get(importation=importation)
            imports.run(execution.pk, lambda fait, total, _nom: avance(fait, total))
            execution.refresh_from_db()
        if execution.etat != EtatExecution.TERMINEE:
            raise DemonstrationImpossibleError(
                f"L'import de la démonstration n'a pas abouti : {execution.message or 'un autre programme le fait.'}"
            )


def _live(demo: Organisme, au: date, etape: Etape) -> None:
    """Passes of past nights with what agents did after each, so that dossiers have a history on the first day."""
    for jour in vie.nights(au):
        demo.refresh_from_db()
        if demo.derniere_nuit is not None and demo.derniere_nuit > jour:
            continue
        with etape(f"Passe de nuit du {format_jour(jour)}, puis appels et visites") as avance:
            _run_nuit(demo, jour, avance)
            demo.refresh_from_db()
            vie.live(demo, jour, au)


def _catch_up(demo: Organisme, au: date, etape: Etape) -> None:
    """New entries since the last start, then the pass of the day."""
    suite = livraisons.next_file(demo, au)
    if suite is not None:
        _import(demo, [suite], "Import des dernières écritures", etape)
    demo.refresh_from_db()
    if demo.derniere_nuit is None or demo.derniere_nuit < au:
        with etape(f"Passe de nuit du {format_jour(au)}") as avance:
            _run_nuit(demo, au, avance)


def _run_nuit(demo: Organisme, jour: date, avance: Avance) -> None:
    try:
        run_nuit(demo, jour, progres=lambda _etape, fait, total: avance(min(fait, total), total))
    except NuitRefuseeError as refus:
        raise DemonstrationImpossibleError(str(refus)) from refus


def _remarque(fichiers: livraisons.Fichiers, au: date, baux: int) -> str:
    fin = date.fromisoformat(fichiers.fin)
    refaire = f"supprimez le dossier {livraisons.folder().parent} pour en faire une autre."
    if au > fin:
        return f"Le bailleur fictif s'arrête au {format_jour(fin)} : {refaire}"
    if baux != fichiers.baux:
        return f"La démonstration existe déjà, avec {fichiers.baux} baux : {refaire}"
    return ""

"""The import itself: file after file, each all or nothing, resumed where a killed run stopped.

A file is read and prepared outside any transaction (progress is seen, the lease lives); then one transaction writes
what it brings, its report and its state, and ends by checking the lease. Killed before: nothing of the file is there.
Killed after: the file is done, and the next run goes on with the following one.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from maintien.apps.comptes.enums import EtatFichier, EtatImportation
from maintien.apps.comptes.models import FichierImporte, Importation
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.socle.executions import (
    DUREE_BAIL,
    BailPerduError,
    claim,
    fail,
    finish,
    free_if_dead,
    renew,
    scope_of,
)
from maintien.apps.socle.models import Execution
from maintien.connecteurs.exports.erreurs import ExportError, FichierRefuseError
from maintien.connecteurs.exports.fichiers import FichierReconnu, ordonne, reconnait
from maintien.connecteurs.exports.profil import Profil
from maintien.travaux.imports.bilan import make_bilan
from maintien.travaux.imports.depot import path_of
from maintien.travaux.imports.fichier import Avancement, import_fichier
from maintien.travaux.imports.profils import load_profil
from maintien.travaux.imports.totaux import settle_totals
from maintien.travaux.secteurs import align_secteurs

Progres = Callable[[int, int, str], None]
"""Called with what is done, the total (lines), and the name of the file in hand."""

_ARRET = "Arrêt inattendu : rien du fichier en cours n'a été pris ; relancez l'import."
_DISQUE = (
    "Le disque a refusé une lecture ou une écriture ; ce qui était fini est gardé. Vérifiez la place et les droits du "
    "dossier des données, puis relancez l'import."
)
_BLOC = 1024 * 1024
_SECONDES_ENTRE_SIGNES = 1.0

_journal = logging.getLogger("maintien.imports")


def run(execution_id: int, progress: Progres | None = None) -> Execution | None:
    """Do, or go on with, an import. None: another process has it, or it is done already."""
    with scope_of(execution_id):
        free_if_dead(Execution.objects.get(pk=execution_id))
        execution = claim(execution_id)
        if execution is None:
            return None
        importation = Importation.objects.get(execution=execution)
        Importation.objects.filter(pk=importation.pk).update(etat=EtatImportation.EN_COURS)
        try:
            _run(importation, execution, progress)
        except BailPerduError:
            return None
        except ExportError as erreur:
            _stop(importation, execution, str(erreur))
        except OSError:
            _journal.exception("Import %s : le disque a refusé.", importation.pk)
            _stop(importation, execution, _DISQUE)
        except Exception:
            # Whatever the connection was in the middle of is undone: the failure can then be written.
            _drop_connection()
            _stop(importation, execution, _ARRET)
            raise
        return execution


def _drop_connection() -> None:
    """The next query opens another one. Inside the transaction of a caller, the end of it is the caller's."""
    if connection.in_atomic_block:
        return
    with suppress(DatabaseError):
        connection.rollback()
    connection.close()


def _stop(importation: Importation, execution: Execution, message: str) -> None:
    with transaction.atomic():
        Importation.objects.filter(pk=importation.pk).update(etat=EtatImportation.ECHOUEE)
        fail(execution, message)


def _run(importation: Importation, execution: Execution, progress: Progres | None) -> None:
    profil = load_profil(importation.profil, importation.organisme)
    fichiers = list(FichierImporte.objects.filter(importation=importation).order_by("pk"))
    avancement = _Signes(execution, sum(_count_lines(f) for f in fichiers), progress)
    for fichier, reconnu in _ordered(fichiers, profil):
        avancement.open(fichier.nom)
        if fichier.etat in (EtatFichier.EN_ATTENTE, EtatFichier.EN_COURS):
            FichierImporte.objects.filter(pk=fichier.pk).update(etat=EtatFichier.EN_COURS)
            import_fichier(fichier, reconnu, profil, avancement)
        avancement.close(_count_lines(fichier))
    # Derived from all the files together, and recomputed by whoever resumes.
    align_secteurs()
    name_menages()
    settle_totals()
    # The engine takes seconds to load: not for the web pages, which only deposit.
    from maintien.travaux.miroir import catch_up  # noqa: PLC0415

    avancement.open("copie pour le calcul")
    catch_up(importation.organisme)
    bilan = make_bilan(importation)
    with transaction.atomic():
        Importation.objects.filter(pk=importation.pk).update(etat=EtatImportation.TERMINEE)
        finish(execution, bilan)


_Reconnu = tuple[FichierImporte, FichierReconnu | ExportError]


def _ordered(fichiers: list[FichierImporte], profil: Profil) -> list[_Reconnu]:
    """Files in the order of their months; those that nothing recognises come last, with their sentence."""
    reconnus: list[FichierReconnu] = []
    inconnus: list[_Reconnu] = []
    par_reconnu: dict[int, FichierImporte] = {}
    for fichier in fichiers:
        try:
            reconnu = reconnait(profil, _present(fichier), fichier.nom)
        except ExportError as erreur:
            inconnus.append((fichier, erreur))
            continue
        reconnus.append(reconnu)
        par_reconnu[id(reconnu)] = fichier
    ordonnes: list[_Reconnu] = [(par_reconnu[id(reconnu)], reconnu) for reconnu in ordonne(reconnus)]
    return ordonnes + inconnus


def _present(fichier: FichierImporte) -> Path:
    chemin = path_of(fichier)
    if not chemin.is_file():
        raise FichierRefuseError(fichier.nom, "son contenu n'est plus sur le disque ; déposez-le de nouveau.")
    return chemin


def _count_lines(fichier: FichierImporte) -> int:
    """For the progress alone: a content that is gone has none, and is refused in its turn."""
    lignes = 0
    try:
        with path_of(fichier).open("rb") as flux:
            while bloc := flux.read(_BLOC):
                lignes += bloc.count(b"\n")
    except FileNotFoundError:
        return 0
    return lignes


class _Signes(Avancement):
    """Progress for a person, and the sign of life that keeps the lease."""

    def __init__(self, execution: Execution, total: int, progress: Progres | None) -> None:
        self._execution = execution
        self._total = total
        self._progress = progress
        self._avant = 0
        self._nom = ""
        self._dernier = 0.0

    def open(self, nom: str) -> None:
        self._nom = nom
        self._sign(self._avant)

    def close(self, lignes: int) -> None:
        self._avant += lignes
        if self._progress:
            self._progress(min(self._avant, self._total), self._total, self._nom)

    def advance(self, lignes: int) -> None:
        fait = min(self._avant + lignes, self._total)
        if self._progress:
            self._progress(fait, self._total, self._nom)
        if time.monotonic() - self._dernier >= _SECONDES_ENTRE_SIGNES:
            self._sign(fait)

    def before_writing(self, lignes: int) -> None:
        """The transaction cannot renew from inside what it is itself writing: ask for long enough."""
        self._sign(min(self._avant + lignes, self._total), DUREE_BAIL + timedelta(seconds=lignes // 1000))

    def seal(self) -> None:
        renew(self._execution)

    def _sign(self, fait: int, duree: timedelta = DUREE_BAIL) -> None:
        self._dernier = time.monotonic()
        renew(self._execution, duree=duree, etape=self._nom[:80], fait=fait, total=self._total)

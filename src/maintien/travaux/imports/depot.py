"""Deposits: files kept once by their content, and the import that will read them."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO, NamedTuple, Protocol

from django.conf import settings

from maintien.apps.comptes.enums import EtatImportation
from maintien.apps.comptes.models import FichierImporte, Importation
from maintien.apps.organismes.models import Organisme, Utilisateur
from maintien.apps.socle import journal
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.executions import open_execution
from maintien.apps.socle.portee import organisme_scope
from maintien.connecteurs.exports.erreurs import FichierRefuseError
from maintien.travaux.imports.profils import load_profil, register_profil
from maintien.travaux.taches import ring

GENRE = "import"
FICHIERS_MAX = 500
_BLOC = 1024 * 1024


class Televerse(Protocol):
    """What a browser sends: Django's UploadedFile."""

    name: str | None

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]: ...


class _Range(NamedTuple):
    nom: str
    chemin: str
    empreinte: str
    taille: int


def deposit(
    organisme: Organisme,
    profil: str,
    fichiers: Iterable[Path | Televerse],
    user: Utilisateur | None = None,
    *,
    sonner: bool = True,
) -> Importation:
    """Keep the files, write down the import to be done, and ring for a worker unless the caller does it itself.

    The same unfinished deposit is given back, not doubled.
    Raises `ExportError` (one French sentence) before anything is written when the profile or a file cannot do.
    """
    nom_profil = register_profil(profil, organisme)
    limite = load_profil(nom_profil, organisme).limites.octets
    ranges = [_range(fichier, limite) for fichier in fichiers]
    if not ranges:
        raise FichierRefuseError("Import", "aucun fichier n'est donné ; donnez au moins un fichier.")
    if len(ranges) > FICHIERS_MAX:
        raise FichierRefuseError("Import", f"plus de {FICHIERS_MAX} fichiers à la fois ; faites plusieurs imports.")
    with organisme_scope(organisme), journal.atomic():
        reprise = _unfinished(nom_profil, ranges)
        if reprise is not None:
            return reprise
        importation = Importation.objects.create(profil=nom_profil, demandee_par=user)
        FichierImporte.objects.bulk_create(
            FichierImporte(importation=importation, nom=r.nom, chemin=r.chemin, empreinte=r.empreinte, taille=r.taille)
            for r in ranges
        )
        importation.execution = open_execution(GENRE, str(importation.pk))
        importation.save(update_fields=["execution"])
        if sonner:
            ring(importation.execution.pk)
        journal.record("import.deposer", importation, acteur=user, profil=nom_profil, fichiers=len(ranges))
    return importation


def path_of(fichier: FichierImporte) -> Path:
    """Where the content of a deposited file is."""
    return Path(settings.MAINTIEN_DONNEES) / fichier.chemin


def _unfinished(profil: str, ranges: list[_Range]) -> Importation | None:
    """The same files through the same profile, not finished: what a killed command left."""
    demande = sorted((r.nom, r.empreinte) for r in ranges)
    ouvertes = Importation.objects.filter(
        profil=profil,
        etat__in=[EtatImportation.EN_ATTENTE, EtatImportation.EN_COURS],
        execution__etat__in=[EtatExecution.EN_ATTENTE, EtatExecution.EN_COURS],
    )
    for importation in ouvertes.select_related("execution").order_by("-pk").prefetch_related("fichiers"):
        if sorted((f.nom, f.empreinte) for f in importation.fichiers.all()) == demande:
            return importation
    return None


def _range(fichier: Path | Televerse, limite: int) -> _Range:
    nom = printable_name(str(fichier.name or ""))[-255:] or "fichier"
    if not isinstance(fichier, Path):
        return _conserve(nom, fichier.chunks(), limite)
    if fichier.exists() and not fichier.is_file():
        raise FichierRefuseError(nom, "ce n'est pas un fichier ordinaire ; enregistrez-le d'abord sur le disque.")
    try:
        flux = fichier.open("rb")
    except OSError as erreur:
        message = "le fichier ne peut pas être lu ; vérifiez son chemin et les droits."
        raise FichierRefuseError(nom, message) from erreur
    with flux:
        return _conserve(nom, _morceaux(flux), limite)


def _morceaux(flux: BinaryIO) -> Iterator[bytes]:
    while morceau := flux.read(_BLOC):
        yield morceau


def printable_name(nom: str) -> str:
    """The last part of a path, Windows or not, without control characters; may be empty."""
    dernier = PureWindowsPath(PurePosixPath(nom).name).name
    return "".join(c for c in dernier if c.isprintable())


def _conserve(nom: str, morceaux: Iterable[bytes], limite: int) -> _Range:
    """Write to a draft, then move to the place that the content names: killed at any instant, nothing half written."""
    depots = Path(settings.MAINTIEN_DONNEES) / "depots"
    brouillon = depots / f".{secrets.token_hex(8)}.brouillon"
    try:
        depots.mkdir(parents=True, exist_ok=True)
        empreinte, taille = _ecrit(brouillon, nom, morceaux, limite)
        definitif = depots / empreinte[:2] / empreinte
        definitif.parent.mkdir(exist_ok=True)
        brouillon.replace(definitif)
    except OSError as erreur:
        message = (
            "il ne peut pas être conservé ; vérifiez la place et les droits du dossier des données, puis relancez."
        )
        raise FichierRefuseError(nom, message) from erreur
    finally:
        brouillon.unlink(missing_ok=True)
    return _Range(nom, f"depots/{empreinte[:2]}/{empreinte}", empreinte, taille)


def _ecrit(brouillon: Path, nom: str, morceaux: Iterable[bytes], limite: int) -> tuple[str, int]:
    """Digest and size of what was written; refused as soon as it is too big."""
    somme, taille = hashlib.sha256(), 0
    with brouillon.open("xb") as flux:
        for morceau in morceaux:
            taille += len(morceau)
            if taille > limite:
                raise FichierRefuseError(
                    nom,
                    f"il pèse plus que les {limite // 1024**2} Mo permis ; découpez-le par mois, ou relevez "
                    "« limites: octets » dans le profil.",
                )
            somme.update(morceau)
            flux.write(morceau)
        flux.flush()
        os.fsync(flux.fileno())
    return somme.hexdigest(), taille

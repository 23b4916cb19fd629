"""Files between their deposit and the decision to import them: kept beside the data, read, and nothing written.

A deposit is a folder under `apercus`, named by the session that made it; it goes when it is imported, given up, or
a day old (travaux/imports/purge.py).
"""

import re
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from maintien.connecteurs.exports.contenu import signature
from maintien.connecteurs.exports.erreurs import FichierRefuseError
from maintien.travaux.imports.depot import FICHIERS_MAX, printable_name
from maintien.travaux.imports.purge import apercus_folder, sweep_apercus

# Bytes, not letters: file systems count so, and an accent takes two.
_OCTETS_DU_NOM = 200
_SIGNATURE = 512
SANS_PLACE = (
    "les fichiers ne peuvent pas être conservés sur le serveur, dont la place est sans doute épuisée ; prévenez votre "
    "administrateur, puis recommencez."
)
_JETON = re.compile(r"[0-9a-f]{32}")


def deposer(fichiers: Sequence[UploadedFile[bytes]], limite: int) -> str:
    """Keep the files, of at most `limite` bytes, under a token that only the session of the depositor knows."""
    if len(fichiers) > FICHIERS_MAX:
        message = f"{len(fichiers)} fichiers à la fois, {FICHIERS_MAX} permis ; faites plusieurs dépôts."
        raise FichierRefuseError("Dépôt", message)
    sweep_apercus()
    jeton = secrets.token_hex(16)
    dossier = apercus_folder() / jeton
    try:
        dossier.mkdir(parents=True)
        for fichier in fichiers:
            _ecrire(dossier, fichier, limite)
    except BaseException as erreur:
        shutil.rmtree(dossier, ignore_errors=True)
        if isinstance(erreur, OSError):
            raise FichierRefuseError("Dépôt", SANS_PLACE) from erreur
        raise
    return jeton


def _ecrire(dossier: Path, fichier: UploadedFile[bytes], limite: int) -> None:
    nom = _nom_propre(fichier.name or "fichier")
    cible = dossier / nom
    if cible.exists():
        raise FichierRefuseError(nom, "deux fichiers portent ce nom ; renommez l’un des deux.")
    if fichier.size is not None and fichier.size > limite:
        raise FichierRefuseError(nom, f"il pèse plus que les {limite // 1024**2} Mo permis ; découpez-le par mois.")
    with cible.open("xb") as flux:
        for rang, morceau in enumerate(fichier.chunks()):
            if rang == 0 and signature(morceau[:_SIGNATURE]):
                # A program, an archive, an image, whatever its name: what tells it for what it is stays, and no more.
                flux.write(morceau[:_SIGNATURE])
                return
            flux.write(morceau)


def _nom_propre(nom: str) -> str:
    return printable_name(nom).encode()[-_OCTETS_DU_NOM:].decode(errors="ignore").lstrip(".") or "fichier"


def fichiers_deposes(jeton: str) -> list[Path]:
    """The files of a deposit, by name; none when it is gone."""
    if not _JETON.fullmatch(jeton):
        return []
    dossier = apercus_folder() / jeton
    return sorted(dossier.iterdir()) if dossier.is_dir() else []


def abandonner(jeton: str) -> None:
    if _JETON.fullmatch(jeton):
        shutil.rmtree(apercus_folder() / jeton, ignore_errors=True)

"""Files between their deposit and the decision to import them: kept beside the data, read, and nothing written.

A deposit is a folder under `apercus`, named by the session that made it; it goes when it is imported, given up, or
a day old.
"""

import re
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from maintien.connecteurs.exports.erreurs import FichierRefuseError
from maintien.travaux.imports.profils import load_profil

DUREE_SECONDES = 24 * 3600
_JETON = re.compile(r"[0-9a-f]{32}")


def _racine() -> Path:
    return Path(settings.MAINTIEN_DONNEES) / "apercus"


def deposer(profil: str, fichiers: Iterable[UploadedFile[bytes]]) -> str:
    """Keep the files under a token that only the session of the depositor knows."""
    _balayer()
    jeton = secrets.token_hex(16)
    dossier = _racine() / jeton
    dossier.mkdir(parents=True)
    limite = load_profil(profil).limites.octets
    try:
        for fichier in fichiers:
            _ecrire(dossier, fichier, limite)
    except BaseException:
        shutil.rmtree(dossier, ignore_errors=True)
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
        for morceau in fichier.chunks():
            flux.write(morceau)


def _nom_propre(nom: str) -> str:
    dernier = PureWindowsPath(PurePosixPath(nom).name).name
    propre = "".join(c for c in dernier if c.isprintable())[-200:].lstrip(".")
    return propre or "fichier"


def fichiers_deposes(jeton: str) -> list[Path]:
    """The files of a deposit, by name; none when it is gone."""
    if not _JETON.fullmatch(jeton):
        return []
    dossier = _racine() / jeton
    return sorted(dossier.iterdir()) if dossier.is_dir() else []


def abandonner(jeton: str) -> None:
    if _JETON.fullmatch(jeton):
        shutil.rmtree(_racine() / jeton, ignore_errors=True)


def _balayer() -> None:
    """Deposits that nobody confirmed do not stay: they hold people's data."""
    racine = _racine()
    if not racine.is_dir():
        return
    limite = time.time() - DUREE_SECONDES
    for dossier in racine.iterdir():
        if dossier.stat().st_mtime < limite:
            shutil.rmtree(dossier, ignore_errors=True)

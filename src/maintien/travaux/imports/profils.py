"""Profiles of this installation: those shipped with the product, and the landlords' own, kept beside the deposits."""

import hashlib
import re
import shutil
from pathlib import Path

from django.conf import settings

from maintien.connecteurs.exports.erreurs import ProfilInvalideError
from maintien.connecteurs.exports.profil import Profil, charge_profil, profils_livres

_NOM = re.compile(r"[a-z][a-z0-9_]*(?:-[0-9a-f]{8})?")


def _dossier() -> Path:
    return Path(settings.MAINTIEN_DONNEES) / "profils"


def available_profils() -> list[str]:
    """Names that a deposit may ask for."""
    locaux = (chemin.stem for chemin in _dossier().glob("*.yaml"))
    return profils_livres() + sorted(locaux)


def load_profil(nom: str) -> Profil:
    """A profile by the name that its import carries."""
    local = _dossier() / f"{nom}.yaml"
    if _NOM.fullmatch(nom) and nom not in profils_livres() and local.is_file():
        return charge_profil(local)
    return charge_profil(nom)


def register_profil(nom_ou_chemin: str) -> str:
    """The name under which a profile can be found again; a landlord's file is checked, then kept with its content.

    An import that was killed resumes with the very text it began with, whatever became of the file meanwhile.
    """
    if not nom_ou_chemin.endswith((".yaml", ".yml")):
        load_profil(nom_ou_chemin)
        return nom_ou_chemin
    chemin = Path(nom_ou_chemin)
    profil = charge_profil(chemin)
    if profil.nom in profils_livres():
        raise ProfilInvalideError(
            chemin.name, "profil", f"« {profil.nom} » est le nom d'un profil livré ; donnez un autre nom au vôtre."
        )
    nom = f"{profil.nom}-{hashlib.sha256(chemin.read_bytes()).hexdigest()[:8]}"
    _dossier().mkdir(parents=True, exist_ok=True)
    brouillon = _dossier() / f".{nom}.brouillon"
    shutil.copyfile(chemin, brouillon)
    brouillon.replace(_dossier() / f"{nom}.yaml")
    return nom

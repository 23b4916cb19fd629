"""Profiles of this installation: those shipped with the product, and each landlord's own, kept beside the deposits."""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from maintien.apps.organismes.models import Organisme
from maintien.connecteurs.exports.erreurs import ExportError, ProfilInvalideError
from maintien.connecteurs.exports.profil import Profil, charge_profil, profils_livres

_NOM = re.compile(r"[a-z][a-z0-9_]*(?:-[0-9a-f]{8})?")


@dataclass(frozen=True, slots=True)
class ProfilPropose:
    """A profile that a deposit may ask for."""

    nom: str
    description: str


def _dossier(organisme: Organisme) -> Path:
    """One folder a landlord: even the name of a profile tells whose customer one is."""
    return Path(settings.MAINTIEN_DONNEES) / "profils" / organisme.code


def available_profils(organisme: Organisme) -> tuple[list[ProfilPropose], list[str]]:
    """Profiles that a deposit of this landlord may ask for, and one sentence for each file that cannot be one."""
    noms, phrases = profils_livres(), []
    for chemin in sorted(fichier for fichier in _dossier(organisme).glob("*.yaml") if fichier.is_file()):
        if _NOM.fullmatch(chemin.stem) and chemin.stem not in noms:
            noms.append(chemin.stem)
        else:
            phrases.append(
                f"Profil {chemin.name} : ce nom ne convient pas ; renommez-le en lettres minuscules, chiffres et "
                "tirets bas, sans le nom d'un profil livré."
            )
    proposes = []
    for nom in noms:
        try:
            proposes.append(ProfilPropose(nom, load_profil(nom, organisme).description))
        except ExportError as erreur:
            phrases.append(str(erreur))
    return proposes, phrases


def load_profil(nom: str, organisme: Organisme) -> Profil:
    """A profile by the name that its import carries."""
    local = _dossier(organisme) / f"{nom}.yaml"
    if _NOM.fullmatch(nom) and nom not in profils_livres() and local.is_file():
        return charge_profil(local)
    return charge_profil(nom)


def register_profil(nom_ou_chemin: str, organisme: Organisme) -> str:
    """The name under which a profile can be found again; a landlord's file is checked, then kept with its content.

    An import that was killed resumes with the very text it began with, whatever became of the file meanwhile.
    """
    if not nom_ou_chemin.endswith((".yaml", ".yml")):
        load_profil(nom_ou_chemin, organisme)
        return nom_ou_chemin
    chemin = Path(nom_ou_chemin)
    profil = charge_profil(chemin)
    if profil.nom in profils_livres():
        raise ProfilInvalideError(
            chemin.name, "profil", f"« {profil.nom} » est le nom d'un profil livré ; donnez un autre nom au vôtre."
        )
    nom = f"{profil.nom}-{hashlib.sha256(chemin.read_bytes()).hexdigest()[:8]}"
    dossier = _dossier(organisme)
    dossier.mkdir(parents=True, exist_ok=True)
    brouillon = dossier / f".{nom}.brouillon"
    shutil.copyfile(chemin, brouillon)
    brouillon.replace(dossier / f"{nom}.yaml")
    return nom

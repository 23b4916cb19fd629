"""The manifest of a mirror: which files make it up. Swapping it is the only thing that changes a mirror."""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

FORMAT = 1
NOM = "manifeste.json"
PREFIXE_SEAU = "seau-"
_VERROU = "verrou"
_TAMPON = 1 << 20


class MiroirIllisibleError(Exception):
    """A mirror folder that cannot be used; it can be made again from the database."""


@dataclass(frozen=True, slots=True)
class Fichier:
    """A file as it was when it was written."""

    nom: str
    taille: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Seau:
    """A bucket: all the entries of the accounts from `premier` to that of the next bucket."""

    premier: str
    comptes: int
    lignes: int
    ecritures: Fichier
    index: Fichier
    acces: Fichier

    @property
    def fichiers(self) -> tuple[Fichier, Fichier, Fichier]:
        return self.ecritures, self.index, self.acces


@dataclass(frozen=True, slots=True)
class Manifeste:
    """`identite` changes when the mirror is made again: what was kept about the former one is then worth nothing.

    `livraison` identifies the delivery of that number in the database: another one under the same number means that
    the database was restored and went another way.
    """

    numero: int = 0
    identite: str = ""
    livraison: str = ""
    seaux: tuple[Seau, ...] = field(default=())

    def avec(self, numero: int, livraison: str, seaux: tuple[Seau, ...]) -> "Manifeste":
        return replace(self, numero=numero, livraison=livraison, seaux=seaux)


def lire_manifeste(dossier: Path) -> Manifeste:
    """The manifest of a folder; that of an empty mirror when there is none."""
    try:
        texte = (dossier / NOM).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifeste()
    try:
        contenu = json.loads(texte)
        if contenu.pop("format") != FORMAT:
            raise MiroirIllisibleError(
                f"Le miroir {dossier} est d'un autre format que celui de cette version : il faut le reconstruire."
            )
        seaux = tuple(_seau(seau) for seau in contenu.pop("seaux"))
        return Manifeste(**contenu, seaux=seaux)
    except (ValueError, KeyError, TypeError) as erreur:
        raise MiroirIllisibleError(
            f"Le manifeste du miroir {dossier / NOM} est illisible : il faut reconstruire le miroir."
        ) from erreur


def _seau(contenu: dict[str, Any]) -> Seau:
    fichiers = {nom: Fichier(**contenu[nom]) for nom in ("ecritures", "index", "acces")}
    return Seau(**{**contenu, **fichiers})


def ecrire_manifeste(dossier: Path, manifeste: Manifeste) -> None:
    """Swap the manifest: before, the old mirror; after, the new one; nothing in between."""
    ecrire_atomique(dossier / NOM, json.dumps({"format": FORMAT, **asdict(manifeste)}, indent=1).encode("utf-8"))


def ecrire_atomique(chemin: Path, contenu: bytes) -> None:
    """Write a whole file or leave the former one."""
    provisoire = chemin.with_name(f"{chemin.name}.{os.getpid()}.tmp")
    with provisoire.open("wb") as flux:
        flux.write(contenu)
        flux.flush()
        os.fsync(flux.fileno())
    provisoire.replace(chemin)
    synchroniser_dossier(chemin.parent)


def synchroniser_dossier(dossier: Path) -> None:
    """Make the names of a folder durable."""
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)


def sceller(chemin: Path) -> Fichier:
    """Make a file durable and note its size and sum."""
    somme = hashlib.sha256()
    with chemin.open("rb") as flux:
        os.fsync(flux.fileno())
        while bloc := flux.read(_TAMPON):
            somme.update(bloc)
        return Fichier(chemin.name, flux.tell(), somme.hexdigest())


def effacer_inutiles(dossier: Path, manifeste: Manifeste) -> None:
    """Delete the bucket files that no manifest names any more, and what a killed run left behind."""
    utiles = {fichier.nom for seau in manifeste.seaux for fichier in seau.fichiers}
    for chemin in dossier.iterdir():
        orphelin = chemin.name.startswith(PREFIXE_SEAU) and chemin.name not in utiles
        if chemin.is_file() and (orphelin or chemin.suffix == ".tmp"):
            chemin.unlink(missing_ok=True)


@contextlib.contextmanager
def verrouiller(dossier: Path) -> Iterator[None]:
    """One writer at a time; the lock of a killed process is free at once."""
    dossier.mkdir(parents=True, exist_ok=True)
    with (dossier / _VERROU).open("w", encoding="utf-8") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield

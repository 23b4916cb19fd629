"""Bytes to lines: bounded, strict about encoding, never a library that guesses.

A line ends with LF or CRLF and with nothing else: no quote can make it longer, so an unclosed quote costs its own
line only. A line that cannot be read is given as `LigneIllisible` and the following lines are not affected.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from maintien.connecteurs.exports.contenu import TETE, refuse_contenu
from maintien.connecteurs.exports.enregistrements import montrer
from maintien.connecteurs.exports.erreurs import FichierRefuseError
from maintien.connecteurs.exports.limites import Limites

BLOC = 1024 * 1024
_BOM_UTF8 = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LigneIllisible:
    """A line that could not become text, or that is too long."""

    motif: str
    remede: str
    extrait: str


Ligne = str | LigneIllisible


def examine(nom: str, chemin: Path, limites: Limites) -> int:
    """Size of a file that looks like text; an `FichierRefuseError` in one sentence otherwise."""
    try:
        taille = chemin.stat().st_size
        with chemin.open("rb") as flux:
            tete = flux.read(TETE)
    except OSError as erreur:
        raise FichierRefuseError(
            nom, "le fichier ne peut pas être lu ; vérifiez son chemin et les droits."
        ) from erreur
    if taille > limites.octets:
        raise FichierRefuseError(
            nom,
            f"il pèse {taille // 1024**2} Mo, plus que les {limites.octets // 1024**2} Mo permis ; "
            "découpez-le par mois, ou relevez « limites: octets » dans le profil.",
        )
    if not tete.strip(b" \t\r\n\xef\xbb\xbf"):
        raise FichierRefuseError(nom, "le fichier est vide ; relancez l'extraction.")
    refuse_contenu(nom, tete)
    return taille


class Lignes:
    """Iterates over blocks of (number of the first line, lines)."""

    def __init__(
        self,
        nom: str,
        chemin: Path,
        encodage: str,
        limites: Limites,
        horloge: Callable[[], float] = time.monotonic,
    ) -> None:
        self.nom = nom
        self.chemin = chemin
        self.encodage = encodage
        self.limites = limites
        self.octets_lus = 0
        self._horloge = horloge
        self._fin = float("inf")
        self._accent_valide = False
        self._accent_vu = False

    def blocs(self) -> Iterator[tuple[int, list[Ligne]]]:
        """Blocks of lines, in order; the bounds of size, rows and time are checked at each block."""
        self._fin = self._horloge() + self.limites.secondes
        premiere = 1
        with self.chemin.open("rb") as flux:
            for brutes in self._decoupe(flux):
                lignes = self._decode(brutes)
                if premiere + len(lignes) - 1 > self.limites.lignes:
                    raise FichierRefuseError(
                        self.nom,
                        f"il a plus de {self.limites.lignes} lignes ; découpez-le, ou relevez « limites: lignes ».",
                    )
                yield premiere, lignes
                premiere += len(lignes)
                self.verifie_duree(premiere)

    def verifie_duree(self, ligne: int) -> None:
        """For whoever reads the lines of a block too: what is done with each may be long."""
        if self._horloge() > self._fin:
            raise FichierRefuseError(
                self.nom,
                f"sa lecture a dépassé {self.limites.secondes} secondes (ligne {ligne}) ; découpez-le, "
                "ou relevez « limites: secondes ».",
            )

    def _decoupe(self, flux: IO[bytes]) -> Iterator[bytes | None]:
        """Whole lines joined by LF, without the last LF; None stands for one line too long to be kept."""
        if flux.read(len(_BOM_UTF8)) != _BOM_UTF8 or self.encodage != "utf-8":
            flux.seek(0)
        self.octets_lus = flux.tell()
        reste, saute = b"", False
        while bloc := flux.read(BLOC):
            self.octets_lus += len(bloc)
            if self.octets_lus > self.limites.octets:
                raise FichierRefuseError(self.nom, "il a grossi pendant la lecture, au-delà de la taille permise.")
            if saute:
                _, saut, bloc = bloc.partition(b"\n")
                if not saut:
                    continue
                saute = False
                yield None
            tete, saut, reste = (reste + bloc).rpartition(b"\n")
            if saut:
                yield tete
            if len(reste) > self.limites.longueur_ligne * 4:
                reste, saute = b"", True
        if saute:
            yield None
        elif reste:
            yield reste

    def _decode(self, brutes: bytes | None) -> list[Ligne]:
        if brutes is None:
            return [self._trop_longue("")]
        brutes = brutes.replace(b"\r\n", b"\n")
        if brutes.endswith(b"\r"):
            brutes = brutes[:-1]
        if brutes.isascii():
            lignes: list[Ligne] = list(brutes.decode("ascii").split("\n"))
        else:
            lignes = self._decode_accents(brutes)
        if max(map(_longueur, lignes)) > self.limites.longueur_ligne:
            lignes = [self._trop_longue(x) if _longueur(x) > self.limites.longueur_ligne else x for x in lignes]
        return lignes

    def _decode_accents(self, brutes: bytes) -> list[Ligne]:
        if not self._accent_vu:
            self._refuse_autre_encodage(brutes)
        try:
            lignes = brutes.decode(self.encodage).split("\n")
        except UnicodeDecodeError:
            return [self._decode_ligne(x) for x in brutes.split(b"\n")]
        self._accent_valide = True
        return list(lignes)

    def _refuse_autre_encodage(self, brutes: bytes) -> None:
        """The first accent tells: a Windows text is almost never valid UTF-8."""
        self._accent_vu = True
        if self.encodage == "utf-8":
            return
        premiere = next(x for x in brutes.split(b"\n") if not x.isascii())
        try:
            premiere.decode("utf-8")
        except UnicodeDecodeError:
            return
        raise FichierRefuseError(
            self.nom,
            f"il est encodé en UTF-8 alors que le profil annonce {self.encodage} ; changez « encodage » dans le "
            f"profil, ou enregistrez le fichier en {self.encodage}.",
        )

    def _decode_ligne(self, brute: bytes) -> Ligne:
        try:
            texte = brute.decode(self.encodage)
        except UnicodeDecodeError as erreur:
            if self.encodage == "utf-8" and not self._accent_valide:
                raise FichierRefuseError(
                    self.nom,
                    "il n'est pas encodé en UTF-8 comme l'annonce le profil, sans doute en Windows-1252 ; changez "
                    "« encodage » dans le profil, ou enregistrez le fichier en UTF-8.",
                ) from erreur
            octet = f"0x{brute[erreur.start]:02X}"
            return LigneIllisible(
                f"octet {octet} illisible en {self.encodage}, au {erreur.start + 1}e octet de la ligne",
                "faire extraire de nouveau cette ligne dans l'encodage du profil",
                montrer(brute.decode("latin-1")),
            )
        self._accent_valide = self._accent_valide or not brute.isascii()
        return texte

    def _trop_longue(self, ligne: Ligne) -> LigneIllisible:
        return LigneIllisible(
            f"ligne de plus de {self.limites.longueur_ligne} caractères",
            "vérifier que le fichier n'a pas perdu ses fins de ligne",
            montrer(ligne) if isinstance(ligne, str) else ligne.extrait,
        )


def _longueur(ligne: Ligne) -> int:
    return len(ligne) if isinstance(ligne, str) else 0

"""The bytes of a CSV file before it is parsed: encoding, line ends, quotes that would swallow lines."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from maintien.moteurs.colonnes.lecture.erreurs import LectureError

_BLOC = 16 << 20
_BOM = codecs.BOM_UTF8
_SANS_CONTROLE = bytes(sorted(set(range(256)) - set(range(9)) - {11, 12} - set(range(14, 32)) - {127}))
_LIGNE_BIEN_FORMEE = re.compile(r'(?:[^",]*|"(?:[^"]|"")*")(?:,(?:[^",]*|"(?:[^"]|"")*"))*')
_CHAMP = re.compile(r'"((?:[^"]|"")*)"|([^,]*)')


@dataclass(frozen=True, slots=True)
class Texte:
    """What the parser must know of a file whose bytes are sound."""

    has_guillemets: bool
    has_lignes_vides: bool
    entete: tuple[str, ...]
    ligne_entete: int


def examiner(chemin: Path) -> Texte:
    """Go through the whole file once; a `LectureError` names the first line that cannot be trusted."""
    guillemets = vides = False
    premiere = 1
    entete: tuple[str, ...] = ()
    ligne_entete = 0
    decodeur = codecs.getincrementaldecoder("utf-8")()
    for bloc in blocs(chemin):
        _refuser_controles(chemin, bloc, premiere)
        _decoder(chemin, decodeur, bloc, premiere)
        if b'"' in bloc:
            guillemets = True
            _verifier_guillemets(chemin, bloc, premiere)
        if not ligne_entete and bloc.strip(b"\r\n"):
            tete = bloc.lstrip(b"\r\n")
            ligne_entete = premiere + bloc.count(b"\n", 0, len(bloc) - len(tete))
            entete = tuple(nom.strip() for nom in champs(tete.split(b"\n", 1)[0].decode("utf-8").rstrip("\r")))
        vides = vides or b"\n\n" in bloc or bloc[:1] in b"\r\n" or (b"\r" in bloc and b"\n\r\n" in bloc)
        premiere += bloc.count(b"\n")
    if not any(entete):
        raise LectureError(chemin, "le fichier est vide ; relancer l'extraction.")
    return Texte(guillemets, vides, entete, ligne_entete)


def blocs(chemin: Path) -> Iterator[bytes]:
    """Runs of whole lines, without the mark that some tools put before UTF-8."""
    reste = b""
    with chemin.open("rb") as flux:
        if flux.read(len(_BOM)) != _BOM:
            flux.seek(0)
        while bloc := flux.read(_BLOC):
            tete, saut, queue = bloc.rpartition(b"\n")
            if saut:
                yield reste + tete + saut
                reste = queue
            else:
                reste += queue
    if reste:
        yield reste


def champs(ligne: str) -> list[str]:
    """The fields of a well-formed line."""
    if '"' not in ligne:
        return ligne.split(",")
    trouves, place = [], 0
    while place <= len(ligne):
        champ = _CHAMP.match(ligne, place)
        if champ is None:
            break
        trouves.append(champ[2] if champ[1] is None else champ[1].replace('""', '"'))
        place = champ.end() + 1
    return trouves


def lignes(chemin: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is not empty, the header included."""
    numero = 0
    for bloc in blocs(chemin):
        for brute in bloc.removesuffix(b"\n").split(b"\n"):
            numero += 1
            if texte := brute.decode("utf-8").rstrip("\r"):
                yield numero, texte


def _refuser_controles(chemin: Path, bloc: bytes, premiere: int) -> None:
    if b"\r" in bloc and bloc.count(b"\r") != bloc.count(b"\r\n"):
        retour = re.search(rb"\r(?!\n)", bloc)
        if retour is not None and retour.end() < len(bloc):
            raise LectureError(
                chemin,
                "un retour chariot est seul au milieu de la ligne ; terminer les lignes par LF ou par CR LF.",
                ligne=premiere + bloc.count(b"\n", 0, retour.start()),
            )
    if bloc.translate(None, _SANS_CONTROLE):
        place = next(i for i, octet in enumerate(bloc) if octet not in _SANS_CONTROLE)
        raise LectureError(
            chemin,
            f"caractère de contrôle (code {bloc[place]}) ; le supprimer dans le logiciel d'origine.",
            ligne=premiere + bloc.count(b"\n", 0, place),
        )


def _decoder(chemin: Path, decodeur: codecs.IncrementalDecoder, bloc: bytes, premiere: int) -> None:
    if bloc.isascii():
        return
    try:
        decodeur.decode(bloc, final=True)
    except UnicodeDecodeError as erreur:
        raise LectureError(
            chemin,
            f"octet 0x{bloc[erreur.start]:02X} illisible en UTF-8 ; enregistrer le fichier en UTF-8.",
            ligne=premiere + bloc.count(b"\n", 0, erreur.start),
        ) from erreur


def _verifier_guillemets(chemin: Path, bloc: bytes, premiere: int) -> None:
    """Each line with a quote must be well formed by itself: then no quote can reach beyond its line."""
    for rang, ligne in enumerate(bloc.split(b"\n")):
        if b'"' in ligne and _LIGNE_BIEN_FORMEE.fullmatch(ligne.decode("utf-8").rstrip("\r")) is None:
            raise LectureError(
                chemin,
                "guillemet mal placé ou jamais fermé ; doubler chaque guillemet à l'intérieur d'un champ.",
                ligne=premiere + rang,
            )

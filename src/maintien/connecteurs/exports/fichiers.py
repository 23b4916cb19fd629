"""Which kind of file a file is, and in which order a deposit is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from maintien.connecteurs.exports.champs import decoupe_guillemets, decoupe_simple
from maintien.connecteurs.exports.erreurs import ExpressionTropLongueError, FichierRefuseError, ValeurRefuseeError
from maintien.connecteurs.exports.lignes import Lignes, examine
from maintien.connecteurs.exports.profil import GENRES, Format, Profil

_LIGNES_LUES = 30


@dataclass(frozen=True, slots=True)
class FichierReconnu:
    """A file and its kind."""

    chemin: Path
    nom: str
    declare: Format
    periode: str


def reconnait(profil: Profil, chemin: Path, nom: str = "") -> FichierReconnu:
    """The kind of a file, by its name, else by the columns of its header."""
    nom = nom or chemin.name
    try:
        par_nom = [declare for declare in profil.formats if declare.motif.search(nom)]
    except ExpressionTropLongueError as erreur:
        raise FichierRefuseError(nom, str(erreur)) from erreur
    if len(par_nom) != 1:
        examine(nom, chemin, profil.limites)
        colonnes = _premieres_lignes(profil, chemin, nom)
        candidats = par_nom or list(profil.formats)
        par_entete = [f for f in candidats if f.entete != "absente" and any(f.colonnes_lues <= c for c in colonnes)]
        if len(par_entete) != 1:
            raise FichierRefuseError(nom, _phrase_inconnu(profil, par_nom or par_entete))
        par_nom = par_entete
    declare = par_nom[0]
    return FichierReconnu(chemin, nom, declare, _periode(declare, nom))


def _phrase_inconnu(profil: Profil, candidats: list[Format]) -> str:
    noms = ", ".join(f"« {f.nom} » ({f.motif.pattern})" for f in candidats or profil.formats)
    constat = "son nom et son en-tête vont à plusieurs" if candidats else "ni son nom ni son en-tête ne vont à l'une"
    return f"{constat} des sortes de fichiers du profil {profil.nom} : {noms} ; renommez-le, ou complétez le profil."


def _premieres_lignes(profil: Profil, chemin: Path, nom: str) -> list[frozenset[str]]:
    decoupe = decoupe_guillemets if profil.guillemets else decoupe_simple
    _, lignes = next(Lignes(nom, chemin, profil.encodage, profil.limites).blocs(), (1, []))
    resultat = []
    for ligne in islice(lignes, _LIGNES_LUES):
        if isinstance(ligne, str):
            try:
                resultat.append(frozenset(champ.strip() for champ in decoupe(ligne, profil.separateur)))
            except ValeurRefuseeError:
                continue
    return resultat


def _periode(declare: Format, nom: str) -> str:
    """Text that sorts like the months: the group `periode`, or `annee` then `mois`."""
    trouve = declare.motif.search(nom)
    groupes = trouve.groupdict("") if trouve else {}
    texte = str(groupes.get("periode") or groupes.get("annee", "") + groupes.get("mois", ""))
    return texte.replace("-", "")


def ordonne(fichiers: Iterable[FichierReconnu]) -> list[FichierReconnu]:
    """Leases and people first, then écritures month by month, then plans: the command line's order does not count."""
    return sorted(fichiers, key=lambda f: (GENRES.index(f.declare.genre), f.periode, f.nom, str(f.chemin)))

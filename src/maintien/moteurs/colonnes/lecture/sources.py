"""Where the columns come from: a CSV file, all text, or a Parquet file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from maintien.moteurs.colonnes.lecture.erreurs import LectureError
from maintien.moteurs.colonnes.lecture.texte import Texte, champs, examiner, lignes

_MAGIE_PARQUET = b"PAR1"
_REPETEE = pa.dictionary(pa.int32(), pa.string())


class Source(Protocol):
    """Columns of a file, and how to say that a value of it is wrong."""

    def lire(self, textes: Sequence[str], repetees: Sequence[str], facultatives: Sequence[str] = ()) -> Any:
        """A table of these columns; `repetees` hold few distinct values."""

    def erreur(self, rang: int, colonne: str, message: str) -> LectureError:
        """The error of the value of a row."""


def ouvrir(chemin: Path) -> Source:
    """The source of a file, from its first bytes."""
    try:
        # A pipe is read once, and waits for whoever writes; the reading goes through the file several times.
        if chemin.exists() and not chemin.is_dir() and not chemin.is_file():
            raise LectureError(chemin, "ce n'est pas un fichier ordinaire ; l'enregistrer d'abord sur le disque.")
        with chemin.open("rb") as flux:
            magie = flux.read(len(_MAGIE_PARQUET))
    except OSError as erreur:
        raise LectureError(chemin, "le fichier ne peut pas être lu ; vérifier son chemin et ses droits.") from erreur
    return SourceParquet(chemin) if magie == _MAGIE_PARQUET else SourceCsv(chemin)


def _exiger(chemin: Path, presentes: Sequence[str], voulues: Sequence[str]) -> None:
    for nom in voulues:
        if nom not in presentes:
            raise LectureError(
                chemin,
                f"la colonne manque ; l'ajouter au fichier. Colonnes lues : {', '.join(presentes)[:300]}.",
                ligne=1,
                colonne=nom,
            )
        if presentes.count(nom) > 1:
            raise LectureError(
                chemin, "la colonne est deux fois dans l'en-tête ; renommer l'une.", ligne=1, colonne=nom
            )


class SourceCsv:
    """UTF-8, comma, header, one record a line."""

    def __init__(self, chemin: Path) -> None:
        self.chemin = chemin
        self._texte: Texte = examiner(chemin)

    def lire(self, textes: Sequence[str], repetees: Sequence[str], facultatives: Sequence[str] = ()) -> Any:
        voulues = [*textes, *repetees]
        entete = self._texte.entete
        _exiger(self.chemin, entete, voulues)
        presentes = [nom for nom in facultatives if nom in entete]
        types = dict.fromkeys(textes, pa.string()) | dict.fromkeys([*repetees, *presentes], _REPETEE)
        try:
            return pyarrow.csv.read_csv(
                self.chemin,
                read_options=pyarrow.csv.ReadOptions(
                    column_names=list(_uniques(entete)), skip_rows=self._texte.ligne_entete
                ),
                parse_options=pyarrow.csv.ParseOptions(quote_char='"' if self._texte.has_guillemets else False),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=types,
                    include_columns=[*voulues, *presentes],
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as erreur:
            raise self._ligne_mal_decoupee(erreur) from erreur

    def _ligne_mal_decoupee(self, erreur: Exception) -> LectureError:
        attendus = len(self._texte.entete)
        for numero, texte in lignes(self.chemin):
            trouves = len(champs(texte))
            if trouves != attendus:
                return LectureError(
                    self.chemin,
                    f"{trouves} colonnes au lieu de {attendus} ; extraire de nouveau cette ligne, ou mettre entre "
                    "guillemets les textes qui contiennent une virgule.",
                    ligne=numero,
                )
        return LectureError(self.chemin, f"le fichier est illisible ({erreur}) ; relancer l'extraction.")

    def erreur(self, rang: int, colonne: str, message: str) -> LectureError:
        numero = rang + 2
        if self._texte.has_lignes_vides:
            numero = next(n for place, (n, _) in enumerate(lignes(self.chemin)) if place == rang + 1)
        return LectureError(self.chemin, message, ligne=numero, colonne=colonne)


def _uniques(entete: Sequence[str]) -> list[str]:
    """Names for the parser: columns that are not read may have any name, even twice."""
    return [nom if entete.count(nom) == 1 else f"{nom}#{rang}" for rang, nom in enumerate(entete)]


class SourceParquet:
    """Texts as in CSV, or dates, decimals, and the integers of SCHEMA_ECRITURES (centimes, months)."""

    def __init__(self, chemin: Path) -> None:
        self.chemin = chemin

    def lire(self, textes: Sequence[str], repetees: Sequence[str], facultatives: Sequence[str] = ()) -> Any:
        voulues = [*textes, *repetees]
        try:
            presentes = pyarrow.parquet.read_schema(self.chemin).names
            _exiger(self.chemin, presentes, voulues)
            return pyarrow.parquet.read_table(
                self.chemin, columns=[*voulues, *(nom for nom in facultatives if nom in presentes)], partitioning=None
            )
        except (pa.ArrowException, OSError) as erreur:
            raise LectureError(
                self.chemin, "ce fichier Parquet est abîmé ou incomplet ; l'écrire de nouveau."
            ) from erreur

    def erreur(self, rang: int, colonne: str, message: str) -> LectureError:
        return LectureError(self.chemin, message, ligne=rang + 1, colonne=colonne)

"""Reading pivot files, CSV or Parquet, fast and strictly: a file is read whole or refused in one sentence."""

from maintien.moteurs.colonnes.lecture.entree import lire_baux, lire_ecritures
from maintien.moteurs.colonnes.lecture.erreurs import LectureError

__all__ = ["LectureError", "lire_baux", "lire_ecritures"]

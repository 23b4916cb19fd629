"""The one error of the reading: where, what, and the cure, in one French sentence."""

from pathlib import Path


class LectureError(Exception):
    """A file that cannot be read."""

    def __init__(self, fichier: Path, message: str, *, ligne: int = 0, colonne: str = "") -> None:
        lieu = str(fichier)
        if ligne:
            lieu += f", ligne {ligne}"
        if colonne:
            lieu += f", colonne « {colonne} »"
        super().__init__(f"{lieu} : {message}")

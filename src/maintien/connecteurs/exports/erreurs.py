"""Errors that a landlord's file or profile can cause: one French sentence each."""


class ExportError(Exception):
    """What a user can cause and cure; the text is the whole message."""


class ProfilInvalideError(ExportError):
    """A profile that cannot be used; names the file, the key and the cure."""

    def __init__(self, fichier: str, cle: str, message: str) -> None:
        lieu = cle if cle.startswith("ligne ") else f"clé « {cle} »" if cle else "début du fichier"
        super().__init__(f"Profil {fichier}, {lieu} : {message}")
        self.fichier = fichier
        self.cle = cle


class ProfilInconnuError(ExportError):
    """A name that no profile has."""


class FichierRefuseError(ExportError):
    """A file that is refused as a whole; nothing of it is taken."""

    def __init__(self, fichier: str, message: str) -> None:
        super().__init__(f"{fichier} : {message}")
        self.fichier = fichier


class ExpressionTropLongueError(ExportError):
    """An expression of the profile that does not end; the reader adds the file."""


class ValeurRefuseeError(ExportError):
    """One value that makes its line refused; the reader adds file, line and column."""

    def __init__(self, motif: str, remede: str, *, colonne: str = "", valeur: str = "") -> None:
        super().__init__(motif)
        self.motif = motif
        self.remede = remede
        self.colonne = colonne
        self.valeur = valeur

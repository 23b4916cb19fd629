"""What an action answers to a person when it does not do what was asked: one French sentence."""

from collections.abc import Sequence


class SaisieRefuseeError(ValueError):
    """What was typed cannot be kept as it is. Nothing was written. `champ` names the field to correct."""

    def __init__(self, message: str, champ: str = "") -> None:
        super().__init__(message)
        self.champ = champ


class DejaTraiteeError(Exception):
    """Someone else dealt with this proposition first. Nothing was written."""


class ConflitError(Exception):
    """The dossier changed since it was read. Nothing was written, and what the other person did is told."""

    def __init__(self, changements: Sequence[str], version: int) -> None:
        suite = " ; ".join(changements) or "une autre personne l'a modifié"
        super().__init__(
            f"Le dossier a changé depuis que vous l'avez ouvert : {suite}. "
            "Votre saisie est gardée : relisez-la, puis enregistrez à nouveau."
        )
        self.changements = tuple(changements)
        self.version = version

"""Un texte découpé en mots repliés, sans accents ni casse, chacun avec sa place dans le texte d'origine."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# « V.I.H. » est un mot ; « l'alcool » et « burn-out » en sont deux.
_MOT = re.compile(r"[a-z](?:\.[a-z])+(?![a-z0-9])|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Mot:
    """Un mot replié, et ce qu'il était : `origine` est le texte de `debut` à `fin`."""

    texte: str
    debut: int
    fin: int
    origine: str

    @property
    def is_capitale(self) -> bool:
        """Commence par une majuscule."""
        return self.origine[:1].isupper()

    @property
    def is_sigle(self) -> bool:
        """Entièrement en majuscules."""
        return self.origine.isupper()


@lru_cache(maxsize=4096)
def _replier_signe(signe: str) -> str:
    plies = signe.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", plies).casefold() if not unicodedata.combining(c))


def replier(texte: str) -> str:
    """Rend le texte sans accents ni casse : « Œdème » devient « oedeme »."""
    return "".join(map(_replier_signe, texte))


def mots(texte: str) -> list[Mot]:
    """Rend les mots du texte, dans l'ordre."""
    plie: list[str] = []
    places: list[int] = []
    for place, signe in enumerate(texte):
        for c in _replier_signe(signe):
            plie.append(c)
            places.append(place)
    trouves = []
    for trouve in _MOT.finditer("".join(plie)):
        debut, fin = places[trouve.start()], places[trouve.end() - 1] + 1
        # Un accent écrit à part, après sa lettre, est du mot.
        while fin < len(texte) and unicodedata.combining(texte[fin]):
            fin += 1
        trouves.append(Mot(trouve[0].replace(".", ""), debut, fin, texte[debut:fin]))
    return trouves

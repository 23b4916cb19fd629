"""Which sector a home belongs to."""

import unicodedata
from collections.abc import Callable

from maintien.apps.organismes.enums import CritereSecteur
from maintien.apps.organismes.models import RattachementSecteur


def fold(texte: str) -> str:
    """Without accents, case or doubled spaces: « Saint-Étienne » and « SAINT-ETIENNE » are one commune."""
    sans_accents = unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode()
    return " ".join(sans_accents.casefold().split())


def sector_resolver() -> Callable[[str, str, str], int | None]:
    """A function (residence, commune, code_postal) -> identifier of the sector, read once for a whole pass."""
    table = {
        (rattachement.critere, fold(rattachement.valeur)): rattachement.secteur_id
        for rattachement in RattachementSecteur.objects.all()
    }

    def resolve(residence: str, commune: str, code_postal: str) -> int | None:
        essais = (
            (CritereSecteur.RESIDENCE, residence),
            (CritereSecteur.COMMUNE, commune),
            (CritereSecteur.CODE_POSTAL, code_postal),
        )
        trouves = (table.get((critere, fold(valeur))) for critere, valeur in essais)
        return next((secteur_id for secteur_id in trouves if secteur_id is not None), None)

    return resolve

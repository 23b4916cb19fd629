"""Les paramètres datés que le paquet porte en YAML, lus une seule fois."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Protocol, TypeVar

import yaml


class Datee(Protocol):
    """Une valeur en vigueur du jour `du` au jour `au`, tous deux compris ; rien : sans borne."""

    @property
    def du(self) -> date | None:
        """Le premier jour."""

    @property
    def au(self) -> date | None:
        """Le dernier jour."""


_Valeur = TypeVar("_Valeur", bound=Datee)


@cache
def lire_yaml(paquet: str, nom: str) -> Any:
    """Rend le contenu d'un fichier YAML du paquet : `lire_yaml("maintien.coeur.droit", "impaye_apl.yaml")`."""
    return yaml.safe_load(files(paquet).joinpath(nom).read_text(encoding="utf-8"))


def en_vigueur(valeurs: Iterable[_Valeur], jour: date) -> _Valeur | None:
    """Rend la valeur en vigueur un jour donné, ou rien."""
    return next((v for v in valeurs if (v.du is None or v.du <= jour) and (v.au is None or jour <= v.au)), None)

"""Le jour avant lequel on répond à la demande d'une personne sur ses données (RGPD, art. 12.3)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from maintien.coeur.calendrier import ajouter_mois
from maintien.coeur.parametres import en_vigueur, lire_yaml


@dataclass(frozen=True, slots=True)
class DelaiReponse:
    """Un délai de réponse en vigueur, et ce qu'il gagne à être prolongé."""

    du: date | None
    au: date | None
    mois: int
    prolongation_mois: int
    reference: str


def delai_reponse(recue_le: date) -> DelaiReponse:
    """Rend le délai en vigueur le jour où la demande est reçue ; lève `ValueError` avant le premier texte."""
    delais = [DelaiReponse(**{"du": None, "au": None, **dit}) for dit in _lire()]
    delai = en_vigueur(delais, recue_le)
    if delai is None:
        raise ValueError(f"aucun délai de réponse n'est en vigueur le {recue_le.isoformat()}")
    return delai


def _lire() -> list[dict[str, Any]]:
    return list(lire_yaml("maintien.coeur.droit", "demandes.yaml")["delais"])


def echeance_reponse(recue_le: date, *, is_prolongee: bool = False) -> date:
    """Rend le dernier jour pour répondre : reçue le 31 janvier, le 28 février ; prolongée, le 30 avril."""
    delai = delai_reponse(recue_le)
    return ajouter_mois(recue_le, delai.mois + (delai.prolongation_mois if is_prolongee else 0))

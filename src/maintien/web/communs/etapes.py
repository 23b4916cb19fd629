"""A proposed step in words, as the worklist and the dossier both show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.urls import reverse

from maintien.apps.dossiers.lignes import EtapeListe
from maintien.apps.dossiers.models import Proposition
from maintien.apps.dossiers.propositions import is_postponable


@dataclass(frozen=True, slots=True)
class CanalLu:
    libelle: str
    icone: str


@dataclass(frozen=True, slots=True)
class Signe:
    """A small sign: icon and word, the colour only helps."""

    icone: str
    texte: str
    ton: str = ""


CANAUX = {
    "appel": CanalLu("Appel", "phone"),
    "visite": CanalLu("Visite", "walk"),
    "courrier": CanalLu("Courrier", "mail"),
    "courriel": CanalLu("Courriel", "mail"),
    "sms": CanalLu("SMS", "message"),
    "interne": CanalLu("Au bureau", "file-text"),
}


@cache
def _adresse_modele(nom: str) -> str:
    return reverse(nom, args=[0])


def adresse_de(nom: str, pk: int) -> str:
    """An address of one number; a list has hundreds, and they differ by it alone."""
    return _adresse_modele(nom).replace("/0/", f"/{pk}/", 1)


def etape_lue(proposition: Proposition | EtapeListe) -> dict[str, Any]:
    """What, how, before when, because, otherwise, by which rule; and the words of what may be decided about it."""
    return {
        "quoi": proposition.quoi,
        "motifs": tuple(textes_des_motifs(proposition.motifs)),
        "sinon": proposition.sinon,
        "regle": proposition.regle,
        "version_regle": proposition.version_regle,
        "canal": CANAUX.get(proposition.canal),
        "avant_le": proposition.avant_le,
        "echeance_legale": proposition.echeance_legale,
        "minutes": proposition.minutes,
        "imposee": proposition.imposee,
    }


def decisions_possibles(proposition: Proposition | EtapeListe, aujourd_hui: date) -> tuple[str, ...]:
    """No button that would be refused: what the law wants by today is not put off."""
    reporter = ("reporter",) if is_postponable(proposition, aujourd_hui) else ()
    return ("faire", *reporter, "refuser")


def textes_des_motifs(motifs: Sequence[Any]) -> list[str]:
    """Reasons as they are stored, or their texts alone."""
    textes = (motif.get("texte") if isinstance(motif, dict) else motif for motif in motifs)
    return [texte for texte in textes if texte and isinstance(texte, str)]

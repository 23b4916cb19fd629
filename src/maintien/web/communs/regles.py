"""Names of the rules and of the kinds of steps they propose, as people read them."""

from functools import cache

from maintien.travaux.nuit.regles import shipped_rules
from maintien.web.communs.typographie import insecables


@cache
def _titres() -> dict[str, str]:
    return {regle.identifiant: insecables(regle.titre) for regle in shipped_rules().toutes()}


@cache
def _genres() -> dict[str, str]:
    return {regle.genre: insecables(regle.titre) for regle in shipped_rules().propositions}


def titre_de_la_regle(identifiant: str) -> str:
    """Empty for a rule that is no longer shipped: its identifier and version still tell it."""
    return _titres().get(identifiant, "")


def nom_du_genre(genre: str) -> str:
    return _genres().get(genre) or genre.replace("_", " ").capitalize()

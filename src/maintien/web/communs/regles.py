"""Names of the rules and of the kinds of steps they propose, as people read them."""

from functools import cache

from maintien.travaux.nuit.regles import shipped_rules
from maintien.web.communs.typographie import insecables

# The steps of a day in the conventions of the account (coeur/compte/imputation.py), as people name them.
CONVENTIONS = {
    "C6 a": "L’aide au logement va à son mois",
    "C6 b": "Une avance sert à l’échéance",
    "C6 c": "Le paiement désigné",
    "C6 c puis d": "Le paiement désigné, puis l’ordre légal",
    "C6 d": "L’ordre légal des paiements (Code civil, art. 1342-10 et 1343-1)",
}


@cache
def _titres() -> dict[str, str]:
    return CONVENTIONS | {regle.identifiant: insecables(regle.titre) for regle in shipped_rules().toutes()}


@cache
def _genres() -> dict[str, str]:
    return {regle.genre: insecables(regle.titre) for regle in shipped_rules().propositions}


def titre_de_la_regle(identifiant: str) -> str:
    """Empty for a rule that is no longer shipped: its identifier and version still tell it."""
    return _titres().get(identifiant, "")


def nom_du_genre(genre: str) -> str:
    return _genres().get(genre) or genre.replace("_", " ").capitalize()

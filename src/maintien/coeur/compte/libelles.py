"""Les mots du compte : ce que chaque code veut dire pour la personne qui lit ou écoute."""

from maintien.coeur.calendrier import format_de_mois, format_jour
from maintien.coeur.compte.credits import Credit
from maintien.coeur.compte.postes import Nature, Poste

_CREDITS = {
    "APL": "l'aide au logement (APL)",
    "RAP": "le rappel d'APL",
    "PAI": "le paiement",
    "AID": "l'aide",
    "GAR": "le versement du garant",
    "EFF": "l'effacement de dette",
    "REG": "la régularisation de charges",
    "DG": "la restitution du dépôt de garantie",
    "REJ": "l'annulation du rejet",
    "TERME": "l'avoir",
}
_POSTES = {
    "FRA": "les frais",
    "INT": "les intérêts",
    "REP": "les réparations locatives",
    "REM": "le remboursement au locataire",
    "APL": "la reprise d'APL",
    "RAP": "la reprise d'APL",
    "REJ": "le paiement rejeté",
    "DG": "la reprise sur le dépôt de garantie",
}
_GENITIFS = {"le ": "du ", "les ": "des "}


def nommer_credit(credit: Credit) -> str:
    """Nomme un crédit et son jour d'effet : « le paiement du 5 septembre 2026 »."""
    nom = _CREDITS.get(credit.code, "l'avoir")
    return f"{nom} du {format_jour(credit.effet)}"


def nommer_poste(poste: Poste) -> str:
    """Nomme un poste par son mois ou par sa cause : « le terme d'octobre 2026 », « les frais du 3 mai 2026 »."""
    if poste.nature is Nature.TERME and poste.mois is not None:
        return f"le terme {format_de_mois(poste.mois)}"
    return f"{_POSTES.get(poste.code, 'la somme due')} du {format_jour(poste.date_exigibilite)}"


def au_genitif(nom: str) -> str:
    """Rend « du terme », « des frais », « de l'aide » pour « le terme », « les frais », « l'aide »."""
    for article, contracte in _GENITIFS.items():
        if nom.startswith(article):
            return contracte + nom.removeprefix(article)
    return f"de {nom}"

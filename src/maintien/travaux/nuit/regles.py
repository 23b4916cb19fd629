"""The rules that ship with the product, read once."""

from functools import cache
from importlib.resources import files

from maintien.coeur.orientation.regles import JeuDeRegles
from maintien.coeur.orientation.validation import lire_regles


@cache
def shipped_rules() -> JeuDeRegles:
    """Every version of every rule of `paquets/regles`; a faulty file is refused with its cure."""
    dossier = files("maintien").joinpath("paquets", "regles")
    fichiers = [fichier for fichier in dossier.iterdir() if fichier.name.endswith(".yaml")]
    return lire_regles({fichier.name: fichier.read_text(encoding="utf-8") for fichier in fichiers})


def shortest_grace(regles: JeuDeRegles) -> int:
    """The smallest number of days that any rule leaves to a payment: no arrears younger than that are looked at."""
    delais = [
        regle.parametres["franchise_jours"] for regle in regles.toutes() if "franchise_jours" in regle.parametres
    ]
    return min(delais, default=0)

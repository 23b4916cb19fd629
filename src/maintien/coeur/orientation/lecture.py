"""La lecture stricte d'un fichier de règles : YAML sans doublon ni renvoi, et des fautes dites en français."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import yaml

from maintien.coeur.yaml_strict import CLE, DOUBLON, RENVOI, ChargeurStrict

TAILLE_MAX = 200_000
"""Un fichier de règle plus long n'est pas une règle."""

Chemin: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Faute:
    """Une faute d'un fichier de règles : où elle est, ce qui ne va pas, ce qu'il faut écrire."""

    fichier: str
    ligne: int
    regle: str
    cle: str
    message: str
    remede: str

    def __str__(self) -> str:
        """Rend la phrase que la personne lit."""
        ou = f"{self.fichier}, ligne {self.ligne}" if self.ligne else self.fichier
        regle = f", règle {self.regle}" if self.regle else ""
        cle = f", clé « {self.cle} »" if self.cle else ""
        return f"{ou}{regle}{cle} : {self.message} ; {self.remede}."


class ReglesInvalidesError(ValueError):
    """Un ou plusieurs fichiers de règles refusés en entier, avec toutes leurs fautes."""

    def __init__(self, fautes: Iterable[Faute]) -> None:
        self.fautes = tuple(fautes)
        super().__init__("\n".join(str(faute) for faute in self.fautes))


def lire_document(fichier: str, texte: str) -> tuple[Any, dict[Chemin, int]]:
    """Rend le contenu d'un fichier YAML et la ligne de chaque clé ; refuse ce qui n'est pas strict."""
    if len(texte) > TAILLE_MAX:
        raise _refus(fichier, 0, "le fichier est trop long", f"le tenir sous {TAILLE_MAX} caractères")
    try:
        chargeur = ChargeurStrict(texte)
        noeud = chargeur.get_single_node()
        if noeud is None:
            raise _refus(fichier, 0, "le fichier est vide", "y écrire une règle ou le retirer")
        return chargeur.construct_document(noeud), dict(_lignes(noeud, ()))
    except yaml.MarkedYAMLError as erreur:
        raise _refus_yaml(fichier, erreur) from erreur
    except (yaml.YAMLError, ValueError) as erreur:
        if isinstance(erreur, ReglesInvalidesError):
            raise
        remede = "vérifier les dates (AAAA-MM-JJ) et l'encodage UTF-8"
        raise _refus(fichier, 0, "une valeur est illisible", remede) from erreur
    except RecursionError as erreur:
        raise _refus(fichier, 0, "le fichier est trop imbriqué", "revenir à la forme du guide") from erreur


def _refus_yaml(fichier: str, erreur: yaml.MarkedYAMLError) -> ReglesInvalidesError:
    ligne = erreur.problem_mark.line + 1 if erreur.problem_mark else 0
    probleme = erreur.problem or ""
    if probleme.startswith(DOUBLON):
        cle = probleme.removeprefix(DOUBLON)
        return _refus(fichier, ligne, f"la clé « {cle} » est écrite deux fois", "n'en garder qu'une")
    if probleme.startswith(CLE):
        return _refus(fichier, ligne, "une clé n'est pas un mot", "mettre des guillemets autour de la clé")
    if probleme == RENVOI:
        return _refus(
            fichier, ligne, "une ancre ou un renvoi YAML (« & », « * ») n'est pas permis", "recopier la valeur"
        )
    return _refus(
        fichier,
        ligne,
        "le YAML est mal formé",
        "vérifier les retraits, les deux-points et les guillemets de cette ligne",
    )


def _refus(fichier: str, ligne: int, message: str, remede: str) -> ReglesInvalidesError:
    return ReglesInvalidesError([Faute(fichier, ligne, "", "", message, remede)])


def _lignes(noeud: Any, chemin: Chemin) -> Iterable[tuple[Chemin, int]]:
    """Rend la ligne de chaque clé et de chaque élément, pour dire où est la faute."""
    yield chemin, noeud.start_mark.line + 1
    if isinstance(noeud, yaml.MappingNode):
        for cle, valeur in noeud.value:
            yield (*chemin, cle.value), cle.start_mark.line + 1
            yield from ((c, ligne) for c, ligne in _lignes(valeur, (*chemin, cle.value)) if c != (*chemin, cle.value))
    elif isinstance(noeud, yaml.SequenceNode):
        for rang, valeur in enumerate(noeud.value):
            yield from _lignes(valeur, (*chemin, rang))


class Lecteur:
    """Lit les clés d'une règle une à une et note les fautes au lieu de s'arrêter à la première."""

    def __init__(self, fichier: str, lignes: Mapping[Chemin, int]) -> None:
        self.fichier = fichier
        self.lignes = lignes
        self.regle = ""
        self.fautes: list[Faute] = []

    def faute(self, chemin: Chemin, message: str, remede: str) -> None:
        """Note une faute à l'endroit du fichier le plus proche."""
        ligne = next((self.lignes[chemin[:n]] for n in range(len(chemin), -1, -1) if chemin[:n] in self.lignes), 0)
        cle = ".".join(str(morceau) for morceau in chemin if not isinstance(morceau, int))
        self.fautes.append(Faute(self.fichier, ligne, self.regle, cle, message, remede))

    def table(self, valeur: Any, chemin: Chemin, permises: Iterable[str]) -> dict[str, Any]:
        """Rend une table dont toutes les clés sont permises ; une clé inconnue est une faute, jamais un oubli."""
        if not isinstance(valeur, dict):
            self.faute(chemin, "il faut des clés et des valeurs", f"écrire les clés {_liste(permises)}")
            return {}
        connues = set(permises)
        for cle in valeur:
            if cle not in connues:
                self.faute((*chemin, cle), "cette clé n'existe pas", f"employer une des clés {_liste(permises)}")
        return {cle: v for cle, v in valeur.items() if cle in connues}

    def lire(self, table: Mapping[str, Any], chemin: Chemin, cle: str, type_: type, defaut: Any = ...) -> Any:
        """Rend la valeur d'une clé si elle est du bon type, la valeur par défaut si la clé manque."""
        if cle not in table:
            if defaut is ...:
                self.faute((*chemin, cle), "cette clé manque", f"l'écrire, c'est {_NOMS[type_]}")
                return None
            return defaut
        valeur = table[cle]
        if valeur is None and defaut is None:
            return None
        if type(valeur) is not type_:
            self.faute((*chemin, cle), f"« {_extrait(valeur)} » n'est pas de la bonne sorte", f"écrire {_NOMS[type_]}")
            return None
        return valeur

    def entier(
        self, table: Mapping[str, Any], chemin: Chemin, cle: str, bornes: tuple[int, int], defaut: Any = ...
    ) -> Any:
        """Rend un entier entre ses bornes."""
        valeur = self.lire(table, chemin, cle, int, defaut)
        if type(valeur) is int and not bornes[0] <= valeur <= bornes[1]:
            self.faute(
                (*chemin, cle), f"{valeur} est hors des bornes", f"écrire un nombre de {bornes[0]} à {bornes[1]}"
            )
            return None
        return valeur

    def mots(self, table: Mapping[str, Any], chemin: Chemin, cle: str) -> list[str]:
        """Rend une liste de mots."""
        valeurs = self.lire(table, chemin, cle, list) or []
        if not all(isinstance(valeur, str) for valeur in valeurs):
            self.faute((*chemin, cle), "il faut une liste de mots", "écrire par exemple [appel, courrier]")
            return []
        return valeurs

    def choix(self, table: Mapping[str, Any], chemin: Chemin, cle: str, permis: Iterable[str]) -> str:
        """Rend un mot pris dans une liste."""
        valeur = self.lire(table, chemin, cle, str)
        if valeur is not None and valeur not in set(permis):
            self.faute((*chemin, cle), f"« {_extrait(valeur)} » n'est pas permis", f"choisir parmi {_liste(permis)}")
        return valeur or ""


def _extrait(valeur: object) -> str:
    return " ".join(str(valeur).split())[:40]


def _liste(noms: Iterable[str]) -> str:
    return ", ".join(sorted(noms))


_NOMS: dict[type, str] = {
    str: "un texte entre guillemets",
    int: "un nombre entier",
    bool: "true ou false",
    dict: "des clés et des valeurs",
    list: "une liste",
    date: "une date AAAA-MM-JJ sans guillemets",
}

"""Le lexique : catégories, termes et expressions permises, lus du fichier daté que le paquet porte."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import yaml

from maintien.coeur.lexique.decoupe import Mot, replier
from maintien.coeur.yaml_strict import ChargeurStrict

_PREFIXE_MIN = 4


@dataclass(frozen=True, slots=True)
class CategorieLexique:
    """Ce qui ne se note pas : pourquoi, d'après quel texte, et quoi écrire à la place."""

    cle: str
    libelle: str
    pourquoi: str
    source: str
    a_la_place: str


@dataclass(frozen=True, slots=True)
class TermeLexique:
    """Un terme et sa classe ; `suite` : ses mots repliés, le dernier signe « * » voulant dire « commence ainsi »."""

    suite: tuple[str, ...]
    categorie: str
    classe: str


class Index:
    """Des suites de mots, rangées par leur premier mot : les chercher ne dépend pas de leur nombre."""

    def __init__(self, termes: Iterable[TermeLexique]) -> None:
        self._exacts: dict[str, list[TermeLexique]] = {}
        self._debuts: dict[str, list[TermeLexique]] = {}
        for terme in termes:
            premier = terme.suite[0]
            rangs = self._debuts if premier.endswith("*") else self._exacts
            rangs.setdefault(premier.rstrip("*"), []).append(terme)

    def trouver(self, mots: list[Mot], rang: int) -> tuple[TermeLexique, int] | None:
        """Rend le terme le plus long qui commence à ce mot, et son nombre de mots."""
        trouve: tuple[TermeLexique, int] | None = None
        for terme in self._candidats(mots[rang].texte):
            longueur = len(terme.suite)
            if (trouve is None or longueur > trouve[1]) and _suit(terme.suite, mots, rang):
                trouve = terme, longueur
        return trouve

    def _candidats(self, mot: str) -> Iterator[TermeLexique]:
        yield from self._exacts.get(mot, ())
        if mot[-1] in "sx":
            yield from self._exacts.get(mot[:-1], ())
        for longueur in range(_PREFIXE_MIN, min(len(mot), 24) + 1):
            yield from self._debuts.get(mot[:longueur], ())


def _suit(suite: tuple[str, ...], mots: list[Mot], rang: int) -> bool:
    return rang + len(suite) <= len(mots) and all(
        _est(mots[rang + pas].texte, attendu) for pas, attendu in enumerate(suite)
    )


def _est(mot: str, attendu: str) -> bool:
    if attendu.endswith("*"):
        return mot.startswith(attendu[:-1])
    return mot == attendu or (mot[:-1] == attendu and mot[-1] in "sx")


@dataclass(frozen=True, slots=True)
class Lexique:
    """Une version du lexique, prête à chercher."""

    version: str
    du: date
    categories: Mapping[str, CategorieLexique]
    classes: Mapping[str, str]
    """La catégorie de chaque classe."""
    termes: Index
    permis: Index
    sigles: Mapping[str, TermeLexique]
    civilites: frozenset[str]
    lieux: frozenset[str]
    liaisons: frozenset[str]


def lire_lexique(texte: str) -> Lexique:
    """Rend le lexique d'un fichier ; lève `ValueError` pour un terme vide, douteux ou donné deux fois."""
    brut = yaml.load(texte, Loader=ChargeurStrict)  # noqa: S506 - un SafeLoader
    categories: dict[str, CategorieLexique] = {}
    classes: dict[str, str] = {}
    termes: list[TermeLexique] = []
    sigles: dict[str, TermeLexique] = {}
    for cle, dite in brut["categories"].items():
        categories[cle] = _categorie(cle, dite)
        for classe, entrees in dite["classes"].items():
            classes[classe] = cle
            termes += (TermeLexique(suite, cle, classe) for entree in entrees for suite in _suites(entree))
        premiere = next(iter(dite["classes"]))
        sigles |= {sigle: TermeLexique((sigle,), cle, premiere) for sigle in dite.get("sigles", ())}
    permis = [TermeLexique(suite, "", "") for entree in brut["permis"] for suite in _suites(entree)]
    _refuser_doublons([terme.suite for terme in termes])
    return Lexique(
        version=str(brut["version"]),
        du=brut["du"],
        categories=categories,
        classes=classes,
        termes=Index(termes),
        permis=Index(permis),
        sigles=sigles,
        **{genre: frozenset(brut["noms"][genre]) for genre in ("civilites", "lieux", "liaisons")},
    )


def _categorie(cle: str, dite: Mapping[str, Any]) -> CategorieLexique:
    return CategorieLexique(cle, dite["libelle"], dite["pourquoi"], dite["source"], dite["a_la_place"])


def _suites(entree: str) -> list[tuple[str, ...]]:
    """Rend les suites de mots d'une entrée : « est|a malade » en donne deux."""
    if entree != replier(entree) or not entree.replace("|", " ").replace("*", "").replace(" ", "").isalnum():
        raise ValueError(f"lexique : « {entree} » s'écrit en minuscules, sans accent ni ponctuation")
    suites = list(product(*(mot.split("|") for mot in entree.split(" "))))
    for mot in (mot for suite in suites for mot in suite):
        if not mot or (mot.endswith("*") and len(mot) <= _PREFIXE_MIN):
            raise ValueError(f"lexique : « {entree} » : un mot manque, ou un début de mot est trop court")
    return suites


def _refuser_doublons(suites: list[tuple[str, ...]]) -> None:
    vues: set[tuple[str, ...]] = set()
    for suite in suites:
        if suite in vues:
            raise ValueError(f"lexique : « {' '.join(suite)} » est donné deux fois")
        vues.add(suite)


@cache
def lexique() -> Lexique:
    """Le lexique en vigueur."""
    return lire_lexique(files("maintien.coeur.lexique").joinpath("lexique.yaml").read_text(encoding="utf-8"))

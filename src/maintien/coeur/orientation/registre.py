"""Le registre des prédicats : ce qu'une règle peut nommer dans « si », avec ses paramètres et ce qu'il dit.

Une règle est une donnée ; un prédicat est du code, avec ses épreuves. Le registre dit à la validation
quels paramètres un prédicat attend, entre quelles bornes, et quelles valeurs il donne aux textes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from maintien.coeur.orientation.faits import FaitsMenage
from maintien.coeur.orientation.textes import GenreValeur, Valeur


@dataclass(frozen=True, slots=True)
class Detail:
    """Un constat parmi plusieurs d'un même prédicat, avec la clé du texte qui le dit."""

    cle: str
    valeurs: Mapping[str, Valeur] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Constat:
    """Ce qu'un prédicat a vu : des valeurs pour les textes, une variante, des détails.

    `jour_utile` : le jour après lequel aider change moins de choses ; le classement s'en sert.
    `compte` : le compte dont il s'agit, quand le constat vaut pour un compte et non pour le ménage.
    `echeance_legale` : le dernier jour qu'un texte laisse pour agir ; rien quand aucun texte ne le fixe.
    """

    valeurs: Mapping[str, Valeur] = field(default_factory=dict)
    variante: str = "defaut"
    details: tuple[Detail, ...] = ()
    jour_utile: date | None = None
    compte: str = ""
    echeance_legale: date | None = None


Parametres: TypeAlias = Mapping[str, int]
Vus: TypeAlias = Constat | tuple[Constat, ...] | None
"""Ce qu'un prédicat rend : un constat, un par compte, ou rien."""

Fonction: TypeAlias = Callable[[FaitsMenage, date, Parametres], Vus]
Sorties: TypeAlias = Mapping[str, GenreValeur]


@dataclass(frozen=True, slots=True)
class Predicat:
    """Un prédicat nommé. `parametres` donne les bornes permises, `sorties` les valeurs toujours données,
    `facultatives` celles qui peuvent manquer, `details` celles de chaque détail."""

    nom: str
    fonction: Fonction
    parametres: Mapping[str, tuple[int, int]]
    sorties: Sorties
    facultatives: Sorties
    variantes: frozenset[str]
    details: Mapping[str, Sorties]


PREDICATS: dict[str, Predicat] = {}
"""Les prédicats connus, par nom."""

AUCUNE_SORTIE: Sorties = {}


def predicat(
    *,
    parametres: Mapping[str, tuple[int, int]] | None = None,
    sorties: Sorties = AUCUNE_SORTIE,
    facultatives: Sorties = AUCUNE_SORTIE,
    variantes: tuple[str, ...] = ("defaut",),
    details: Mapping[str, Sorties] | None = None,
) -> Callable[[Fonction], Fonction]:
    """Inscrit une fonction au registre, sous son propre nom."""

    def inscrire(fonction: Fonction) -> Fonction:
        PREDICATS[fonction.__name__] = Predicat(
            fonction.__name__,
            fonction,
            parametres or {},
            sorties,
            facultatives,
            frozenset(variantes),
            details or {},
        )
        return fonction

    return inscrire


SORTIES_COMMUNES: Sorties = {
    "locataire": "texte",
    "dette": "montant",
    "termes": "quantite",
    "au": "date",
}
"""Les valeurs que tout texte peut employer."""

FACULTATIVES_COMMUNES: Sorties = {
    "du": "montant",
    "depuis": "date",
    "mois_de_dette": "texte",
    "prochaine_echeance": "date",
    "prochain_terme": "montant",
    "dette_prevue": "montant",
    "mandataire": "texte",
    "protege": "texte",
    "libres": "texte",
    "deces": "date",
}
"""Les valeurs que tout texte peut employer quand elles existent, avec une autre façon de le dire."""

FRANCHISE = {"franchise_jours": (0, 31)}
"""Le paramètre commun à tout prédicat qui regarde un retard."""

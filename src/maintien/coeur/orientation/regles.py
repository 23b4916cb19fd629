"""Les règles d'orientation : des valeurs datées, que la lecture a vérifiées (aucune n'est du code)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TypeVar

from maintien.coeur.orientation.faits import FaitsMenage
from maintien.coeur.orientation.registre import PREDICATS, Constat
from maintien.coeur.orientation.textes import Alternatives, Valeur, choisir

RELANCE_JOURS = 3
"""Le délai d'un nouvel essai, quand la règle n'en écrit pas."""

PRESSANT_JOURS = 7
"""Les jours qui restent quand une échéance légale presse, quand la règle n'en écrit pas."""


@dataclass(frozen=True, slots=True)
class TexteRegle:
    """Un texte par variante du constat ; `defaut` quand la variante n'a pas le sien."""

    variantes: Mapping[str, Alternatives]

    def pour(self, variante: str, valeurs: Mapping[str, Valeur]) -> str:
        """Rend la phrase de la variante, avec ses valeurs."""
        return choisir(self.variantes.get(variante, self.variantes["defaut"]), valeurs)


@dataclass(frozen=True, slots=True)
class Avant:
    """La date limite d'une action : une date nommée, plus des jours (négatifs : avant elle)."""

    nom: str = "au"
    jours: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Ce qu'il y a à faire : quoi, par quels canaux dans l'ordre de préférence, avant quand, en combien de minutes.

    `minutes` : le temps prévu, quel que soit le canal, sauf ceux de `minutes_par_canal`.
    `silence_jours` : une fois faite, l'action n'est pas proposée de nouveau avant ce délai tant que les
    faits sont les mêmes ; vide : jamais. `relance_jours` : le temps laissé au ménage après un essai resté
    sans réponse. `pressant_jours` : quand un texte date l'étape, à partir de combien de jours
    de l'objectif de la maison, ou de l'échéance légale si elle vient avant, l'action passe devant toutes les autres.
    """

    quoi: TexteRegle
    canaux: tuple[str, ...]
    avant: Avant
    minutes: int
    minutes_par_canal: Mapping[str, int] = field(default_factory=dict)
    silence_jours: int | None = None
    relance_jours: int = RELANCE_JOURS
    pressant_jours: int = PRESSANT_JOURS

    def duree(self, canal: str) -> int:
        """Rend les minutes à prévoir par ce canal."""
        return self.minutes_par_canal.get(canal, self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poids:
    """Les poids du classement, de 0 à 10. Aucun ne porte sur un montant en euros."""

    socle: int = 0
    retard: int = 0
    comportement: int = 0
    aide: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Regle:
    """Ce que toute règle porte : identité, version, dates, source, ordre, condition, motif."""

    identifiant: str
    version: int
    titre: str
    du: date
    au: date | None
    reference: str
    ordre: int
    predicat: str
    parametres: Mapping[str, int]
    motif: TexteRegle

    def constat(self, faits: FaitsMenage, au: date) -> Constat | None:
        """Rend ce que la condition de la règle voit d'abord dans ces faits, ou rien."""
        return next(iter(self.constats(faits, au)), None)

    def constats(self, faits: FaitsMenage, au: date) -> tuple[Constat, ...]:
        """Rend tout ce que la condition voit : un constat pour le ménage, ou un par compte."""
        vus = PREDICATS[self.predicat].fonction(faits, au, self.parametres)
        if vus is None:
            return ()
        return vus if isinstance(vus, tuple) else (vus,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegleProposition(Regle):
    """Une règle qui propose quelque chose à faire."""

    genre: str
    details: Mapping[str, Alternatives]
    action: Action
    sinon: TexteRegle
    identite: tuple[str, ...]
    poids: Poids
    malgre_pause: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegleContexte(Regle):
    """Une règle qui ajoute un fait aux raisons de toute proposition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegleDossier(Regle):
    """Une règle qui ouvre, change ou clôt un dossier."""

    acte: str
    details: Mapping[str, Alternatives]
    depuis_niveau: str = ""
    niveau: str = ""
    cause: str = ""


_R = TypeVar("_R", bound=Regle)


@dataclass(frozen=True, slots=True, eq=False)
class JeuDeRegles:
    """Toutes les versions connues, ou celles d'un jour (`en_vigueur`), dans leur ordre."""

    propositions: tuple[RegleProposition, ...] = ()
    contexte: tuple[RegleContexte, ...] = ()
    dossiers: tuple[RegleDossier, ...] = ()

    @lru_cache(maxsize=64)  # noqa: B019 - un jeu vit autant que la passe qui l'a lu
    def en_vigueur(self, jour: date) -> "JeuDeRegles":
        """Rend les règles en vigueur un jour donné, par ordre croissant."""
        return JeuDeRegles(
            propositions=_du_jour(self.propositions, jour),
            contexte=_du_jour(self.contexte, jour),
            dossiers=_du_jour(self.dossiers, jour),
        )

    def toutes(self) -> tuple[Regle, ...]:
        """Rend toutes les règles."""
        return (*self.propositions, *self.contexte, *self.dossiers)


def _du_jour(regles: Iterable[_R], jour: date) -> tuple[_R, ...]:
    actives = (regle for regle in regles if regle.du <= jour and (regle.au is None or jour <= regle.au))
    return tuple(sorted(actives, key=lambda regle: (regle.ordre, regle.identifiant)))

"""What a pass changed, counted in the transaction of each change: a killed pass forgets and doubles nothing."""

from dataclasses import asdict, dataclass, field
from typing import Any

from maintien.coeur.calendrier import format_jour, parse_jour


@dataclass
class Bilan:
    """`impayes` and `non_calculables` hold references of accounts, never of a protected household.

    `livres_au`: how far the books go; `livres`: what is said of it to the landlord, once, when they stop before.
    """

    comptes: int = 0
    situations: int = 0
    impayes: list[dict[str, str]] = field(default_factory=list)
    impayes_constitues: int = 0
    dossiers_ouverts: int = 0
    dossiers_changes: int = 0
    dossiers_clos: int = 0
    propositions_nouvelles: int = 0
    propositions_mises_a_jour: int = 0
    propositions_perimees: int = 0
    propositions_a_faire: int = 0
    non_calculables: list[str] = field(default_factory=list)
    livres_au: str = ""
    livres: str = ""

    # What is a state and not a change: the last pass of the day says it.
    _ETATS = ("comptes", "propositions_a_faire", "non_calculables", "livres_au", "livres")

    @classmethod
    def from_json(cls, valeurs: dict[str, Any]) -> "Bilan":
        connus = cls.__dataclass_fields__.keys()
        return cls(**{nom: valeur for nom, valeur in valeurs.items() if nom in connus})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def has_changes(self) -> bool:
        return any(getattr(self, nom) for nom in self.__dataclass_fields__ if nom not in self._ETATS)

    def added_to(self, avant: "Bilan") -> "Bilan":
        """Both runs of one day together."""
        valeurs = {
            nom: getattr(self, nom) if nom in self._ETATS else getattr(avant, nom) + getattr(self, nom)
            for nom in self.__dataclass_fields__
        }
        return Bilan(**valeurs)

    def sentences(self) -> list[str]:
        """What a person reads on the command line; nothing about anyone by name."""
        if not self.has_changes:
            lignes = [f"Rien n'a changé : {_nombre(self.comptes, 'compte')} à jour, {self._a_faire()}."]
        else:
            lignes = [
                f"Situations : {_nombre(self.comptes, 'compte')}, dont {_nombre(self.situations, 'changé')}.",
                *self._impayes(),
                self._dossiers(),
                self._propositions(),
            ]
        return [*([self.livres] if self.livres else []), *lignes, *self._refus()]

    def _dossiers(self) -> str:
        ouverts, changes = _nombre(self.dossiers_ouverts, "ouvert"), _nombre(self.dossiers_changes, "changé")
        return f"Dossiers : {ouverts}, {changes}, {self.dossiers_clos} clos."

    def _propositions(self) -> str:
        nouvelles, perimees = (
            _nombre(self.propositions_nouvelles, "nouvelle"),
            _nombre(self.propositions_perimees, "périmée"),
        )
        mises_a_jour = f"{_nombre(self.propositions_mises_a_jour, 'mise')} à jour"
        return f"Propositions : {nouvelles}, {mises_a_jour}, {perimees} ; {self._a_faire()}."

    def _a_faire(self) -> str:
        return f"{_nombre(self.propositions_a_faire, 'proposition')} à faire"

    def _impayes(self) -> list[str]:
        if not self.impayes_constitues:
            return []
        lignes = [f"Impayés au sens de l'APL : {_nombre(self.impayes_constitues, 'constitué')}."]
        lignes += [_phrase_impaye(impaye) for impaye in self.impayes[:5]]
        reste = len(self.impayes) - 5
        return lignes if reste <= 0 else [*lignes, f"  et {_nombre(reste, 'autre')} (--json les donne tous)"]

    def _refus(self) -> list[str]:
        if not self.non_calculables:
            return []
        comptes = ", ".join(self.non_calculables[:5])
        suite = ", …" if len(self.non_calculables) > 5 else ""
        nombre = len(self.non_calculables)
        return [f"Comptes sans bail, non calculés : {nombre} ({comptes}{suite}). Importez leurs baux, puis relancez."]


def _nombre(nombre: int, mot: str) -> str:
    return f"{nombre} {mot}{'s' if nombre >= 2 else ''}"


def _phrase_impaye(impaye: dict[str, str]) -> str:
    """A landlord's delay is never called missed before the books have shown it."""
    dates = {nom: parse_jour(impaye[nom]) for nom in ("constitue_le", "constate_le", "signalement")}
    debut = f"  {impaye['compte']} : constitué le {format_jour(dates['constitue_le'])}"
    if dates["signalement"] <= dates["constate_le"]:
        return f"{debut}, constaté aujourd'hui seulement : vérifier qu'il a été signalé"
    return f"{debut}, à signaler au plus tard le {format_jour(dates['signalement'])}"

"""From what the provider says of a person (groups, siret…) to a role: data, validated, the first rule wins."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from maintien.connecteurs.exports.erreurs import ExportError
from maintien.connecteurs.exports.yaml_strict import charge_yaml

_CLES = {"version", "sans_regle", "regles"}
_CLES_REGLE = {"revendication", "valeur", "organisme", "role", "secteur"}
CONSERVER, SUSPENDRE = "conserver", "suspendre"


class CorrespondanceError(ValueError):
    """The file cannot be used; the message says where and what to write."""


@dataclass(frozen=True, slots=True)
class Regle:
    revendication: str
    valeur: str
    organisme: str
    role: str
    # Empty: all sectors.
    secteur: str


@dataclass(frozen=True, slots=True)
class Correspondance:
    """`sans_regle` says what becomes of a membership when no rule of its organisme holds any more."""

    regles: tuple[Regle, ...] = ()
    sans_regle: str = CONSERVER

    def organismes(self) -> list[str]:
        return list(dict.fromkeys(regle.organisme for regle in self.regles))

    def choose(self, organisme: str, revendications: Mapping[str, Any]) -> Regle | None:
        """The first rule of the organisme that the person meets."""
        candidates = (regle for regle in self.regles if regle.organisme == organisme)
        return next((r for r in candidates if r.valeur in _values(revendications.get(r.revendication))), None)


def _values(valeur: Any) -> Iterable[str]:
    return [str(v) for v in valeur] if isinstance(valeur, list) else [] if valeur is None else [str(valeur)]


def read_correspondance(nom: str, texte: str, roles: Collection[str]) -> Correspondance:
    try:
        document = charge_yaml(nom, texte)
    except ExportError as erreur:
        raise CorrespondanceError(str(erreur)) from None
    if not isinstance(document, dict) or set(document) - _CLES or str(document.get("version")) != "1":
        raise CorrespondanceError(
            f"{nom} : écrire « version: 1 », « sans_regle » (facultatif) et « regles », sans autre clé."
        )
    sans_regle = document.get("sans_regle", CONSERVER)
    if sans_regle not in (CONSERVER, SUSPENDRE):
        raise CorrespondanceError(f"{nom} : « sans_regle » vaut {CONSERVER} ou {SUSPENDRE}, pas « {sans_regle} ».")
    brutes = document.get("regles")
    if not isinstance(brutes, list) or not brutes:
        raise CorrespondanceError(f"{nom} : « regles » est une liste d'au moins une règle.")
    return Correspondance(tuple(_regle(nom, rang, brute, roles) for rang, brute in enumerate(brutes, 1)), sans_regle)


def _regle(nom: str, rang: int, brute: Any, roles: Collection[str]) -> Regle:
    ou = f"{nom}, règle {rang}"
    if not isinstance(brute, dict):
        raise CorrespondanceError(f"{ou} : écrire des clés ({', '.join(sorted(_CLES_REGLE))}).")
    if en_trop := sorted(set(map(str, brute)) - _CLES_REGLE):
        raise CorrespondanceError(
            f"{ou} : clé inconnue « {en_trop[0]} » ; connues : {', '.join(sorted(_CLES_REGLE))}."
        )
    for cle in ("revendication", "valeur", "organisme", "role"):
        if not isinstance(brute.get(cle), (str, int)) or not str(brute[cle]).strip():
            raise CorrespondanceError(f"{ou} : « {cle} » manque.")
    if brute["role"] not in roles:
        raise CorrespondanceError(
            f"{ou} : le rôle « {brute['role']} » n'existe pas ; choisir parmi {', '.join(roles)}."
        )
    return Regle(
        revendication=str(brute["revendication"]),
        valeur=str(brute["valeur"]),
        organisme=str(brute["organisme"]),
        role=str(brute["role"]),
        secteur=str(brute.get("secteur") or ""),
    )

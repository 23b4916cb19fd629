"""Errors of the JSON schema told in one French sentence: what is wrong at this key, and the cure."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, cast

from jsonschema.exceptions import ValidationError

_TYPES = {
    "string": "un texte (entre guillemets s'il n'est fait que de chiffres)",
    "integer": "un nombre entier",
    "boolean": "true ou false",
    "array": "une liste",
    "object": "un ensemble de clés",
}
_VIDE = "la valeur est vide ; donnez-en au moins une."
_LONG = "la valeur est trop longue ; {} au plus."
_AUTRE = "la valeur ne convient pas ; voyez docs/formats/profil.schema.json."
_TAILLES = {
    "minItems": _VIDE,
    "minLength": _VIDE,
    "minProperties": _VIDE,
    "maxItems": _LONG,
    "maxLength": _LONG,
    "maxProperties": _LONG,
    "uniqueItems": "la même valeur est donnée deux fois ; gardez-en une.",
}


def cle_de(erreur: ValidationError) -> str:
    """Path of the faulty key: fichiers[0].enregistrements.ecriture.code."""
    return chemin_de(erreur.absolute_path)


def chemin_de(parties: Sequence[Any] | Any) -> str:
    """Path written as a person writes it."""
    chemin = ""
    for partie in parties:
        chemin += f"[{partie}]" if isinstance(partie, int) else f"{'.' if chemin else ''}{partie}"
    return chemin


def phrase(erreur: ValidationError) -> str:
    """The sentence for the keywords that our schema uses."""
    regle, instance = str(erreur.validator), cast("Any", erreur.instance)
    valeur = cast("Any", erreur.validator_value)
    match regle:
        case "required":
            manquantes = [cle for cle in valeur if cle not in instance]
            return f"il manque {_liste(manquantes)} ; ajoutez {'cette clé' if len(manquantes) == 1 else 'ces clés'}."
        case "additionalProperties":
            return _cle_inconnue(instance, list(cast("Any", erreur.schema).get("properties", ())))
        case "enum":
            return f"« {instance} » n'est pas permis ; choisissez parmi {_liste(valeur)}."
        case "type":
            attendus = [valeur] if isinstance(valeur, str) else valeur
            return f"la valeur n'est pas du bon type ; mettez {' ou '.join(_TYPES[t] for t in attendus)}."
        case "pattern":
            return f"« {instance} » n'a pas la forme attendue ; {_forme(str(valeur))}"
        case "minimum" | "maximum":
            return f"{instance} est hors des bornes ; mettez une valeur {_borne(regle, valeur)}."
        case _:
            return _TAILLES.get(regle, _AUTRE).format(valeur)


def _cle_inconnue(instance: dict[str, Any], permises: list[str]) -> str:
    inconnue = next(str(cle) for cle in instance if cle not in permises)
    proches = get_close_matches(inconnue, permises, 1)
    conseil = f"vouliez-vous dire « {proches[0]} » ?" if proches else f"clés permises : {', '.join(permises)}."
    return f"la clé « {inconnue} » n'existe pas ; {conseil}"


def _forme(motif: str) -> str:
    if "AAAA" in motif and "JJ" not in motif:
        return "écrivez par exemple MM/AAAA."
    if "AA" in motif:
        return "écrivez par exemple JJ/MM/AAAA."
    return "mettez des minuscules sans accent, des chiffres et des soulignés."


def _borne(regle: str, valeur: Any) -> str:
    return f"d'au moins {valeur}" if regle == "minimum" else f"d'au plus {valeur}"


def _liste(valeurs: Sequence[Any]) -> str:
    return ", ".join("tabulation" if v == "\t" else f"« {v} »" for v in valeurs)

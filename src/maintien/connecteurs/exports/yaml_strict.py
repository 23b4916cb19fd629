"""YAML without its traps: `NO` is not false, 0700 is not 448, a key given twice is an error, aliases are refused."""

import re
from typing import Any

import yaml

from maintien.coeur.yaml_strict import CLE, DOUBLON, RENVOI, ChargeurStrict
from maintien.connecteurs.exports.erreurs import ProfilInvalideError


class _Chargeur(ChargeurStrict):
    """Keys are always text; only plain integers, `true` and `false` are not."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def texte_de_cle(self, noeud: Any) -> str:
        if not isinstance(noeud, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, CLE, noeud.start_mark)
        return str(noeud.value)


def _construire_table(chargeur: _Chargeur, noeud: yaml.MappingNode) -> dict[Any, Any]:
    return chargeur.construct_mapping(noeud, deep=True)


_Chargeur.add_constructor("tag:yaml.org,2002:map", _construire_table)
_Chargeur.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|[1-9][0-9]{0,12})$"), list("0123456789"))
_Chargeur.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def charge_yaml(nom: str, texte: str) -> Any:
    """The content of a small YAML file; `ProfilInvalideError` with its line otherwise."""
    try:
        return yaml.load(texte, _Chargeur)  # noqa: S506 - a SafeLoader, stricter
    except RecursionError as erreur:
        raise ProfilInvalideError(
            nom, "", "des crochets ou des accolades sont emboîtés trop de fois ; fermez-les."
        ) from erreur
    except yaml.MarkedYAMLError as erreur:
        lieu = f"ligne {erreur.problem_mark.line + 1}" if erreur.problem_mark else ""
        raise ProfilInvalideError(nom, lieu, _traduis(erreur)) from erreur
    except yaml.YAMLError as erreur:
        raise ProfilInvalideError(
            nom, "", "ce n'est pas du YAML lisible ; enregistrez le fichier en UTF-8."
        ) from erreur


def _traduis(erreur: yaml.MarkedYAMLError) -> str:
    probleme = erreur.problem or ""
    if probleme == RENVOI:
        return "les ancres (&) et les renvois (*) ne sont pas permis ; écrivez la valeur."
    if probleme.startswith(DOUBLON):
        return f"la clé « {probleme.removeprefix(DOUBLON)} » est donnée deux fois ; gardez-en une seule."
    if probleme.startswith(CLE):
        return "une clé doit être un texte ; vérifiez les crochets et les accolades de cette ligne."
    if "tab" in probleme or "'\\t'" in probleme:
        return "une tabulation sert de retrait ; mettez des espaces."
    return "le YAML est mal formé ; vérifiez les retraits, les deux-points et les guillemets de cette ligne."

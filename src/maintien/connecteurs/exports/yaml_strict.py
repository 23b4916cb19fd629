"""YAML without its traps: `NO` is not false, 0700 is not 448, a key given twice is an error, aliases are refused."""

import re
from typing import Any

import yaml

from maintien.connecteurs.exports.erreurs import ProfilInvalideError

_RENVOI = "les ancres (&) et les renvois (*) ne sont pas permis"


class _Chargeur(yaml.SafeLoader):
    """Keys are always text; only plain integers, `true` and `false` are not."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        evenement = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(evenement, yaml.AliasEvent) or getattr(evenement, "anchor", None):
            raise yaml.composer.ComposerError(None, None, _RENVOI, evenement.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - signature of the library
        resultat: dict[Any, Any] = {}
        for noeud_cle, noeud_valeur in node.value:
            if not isinstance(noeud_cle, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "une clé doit être un texte", noeud_cle.start_mark)
            if noeud_cle.value in resultat:
                raise yaml.constructor.ConstructorError(
                    None, None, f"la clé « {noeud_cle.value} » est donnée deux fois", noeud_cle.start_mark
                )
            resultat[noeud_cle.value] = self.construct_object(noeud_valeur, deep=deep)
        return resultat


def _construire_table(chargeur: _Chargeur, noeud: yaml.MappingNode) -> dict[Any, Any]:
    return chargeur.construct_mapping(noeud, deep=True)


_Chargeur.add_constructor("tag:yaml.org,2002:map", _construire_table)
_Chargeur.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|[1-9][0-9]{0,12})$"), list("0123456789"))
_Chargeur.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def charge_yaml(nom: str, texte: str) -> Any:
    """The content of a small YAML file; `ProfilInvalideError` with its line otherwise."""
    try:
        return yaml.load(texte, _Chargeur)  # noqa: S506 - a SafeLoader, stricter
    except yaml.MarkedYAMLError as erreur:
        lieu = f"ligne {erreur.problem_mark.line + 1}" if erreur.problem_mark else ""
        raise ProfilInvalideError(nom, lieu, _traduis(erreur)) from erreur
    except yaml.YAMLError as erreur:
        raise ProfilInvalideError(
            nom, "", "ce n'est pas du YAML lisible ; enregistrez le fichier en UTF-8."
        ) from erreur


def _traduis(erreur: yaml.MarkedYAMLError) -> str:
    probleme = erreur.problem or ""
    if probleme == _RENVOI:
        return f"{probleme} ; écrivez la valeur."
    if probleme.startswith(("la clé", "une clé")):
        return f"{probleme} ; gardez-en une seule."
    if "tab" in probleme or "'\\t'" in probleme:
        return "une tabulation sert de retrait ; mettez des espaces."
    return "le YAML est mal formé ; vérifiez les retraits, les deux-points et les guillemets de cette ligne."

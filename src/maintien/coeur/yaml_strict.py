"""Un lecteur YAML sans surprise, commun aux règles et aux profils d'import."""

from typing import Any

import yaml

RENVOI = "renvoi"
DOUBLON = "doublon "
CLE = "clé "
"""Débuts des fautes que ce lecteur signale ; chaque sorte de fichier les dit dans ses mots."""


class ChargeurStrict(yaml.SafeLoader):
    """Refuse une clé donnée deux fois, une clé qui n'est pas un texte, les ancres (« & ») et les renvois (« * »)."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Rend le nœud suivant : un document ne renvoie jamais à lui-même, donc ne grandit pas en le lisant."""
        evenement = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(evenement, yaml.AliasEvent) or getattr(evenement, "anchor", None):
            raise yaml.composer.ComposerError(None, None, RENVOI, evenement.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML
        """Rend une table ; sans ce contrôle, la dernière de deux clés égales l'emporterait en silence."""
        table: dict[Any, Any] = {}
        for noeud_cle, noeud_valeur in node.value:
            cle = self.texte_de_cle(noeud_cle)
            if cle in table:
                raise yaml.constructor.ConstructorError(None, None, f"{DOUBLON}{cle}", noeud_cle.start_mark)
            table[cle] = self.construct_object(noeud_valeur, deep=deep)
        return table

    def texte_de_cle(self, noeud: Any) -> str:
        """Rend le texte d'une clé ; `5:` ou `2026-01-01:` sans guillemets n'en sont pas un."""
        cle = self.construct_object(noeud, deep=True)
        if not isinstance(cle, str):
            raise yaml.constructor.ConstructorError(None, None, f"{CLE}{cle}", noeud.start_mark)
        return cle

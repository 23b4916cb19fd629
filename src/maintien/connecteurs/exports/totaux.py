"""The total line that some exports end with."""

import re
from collections.abc import Mapping

from maintien.connecteurs.exports.enregistrements import montrer
from maintien.connecteurs.exports.erreurs import FichierRefuseError, ValeurRefuseeError
from maintien.connecteurs.exports.expressions import expression
from maintien.connecteurs.exports.profil import Format, Profil
from maintien.connecteurs.exports.valeurs import lecteur_montant

_NOMBRE = re.compile("[0-9]{1,9}")


class LigneTotal:
    """Reads the announced count and sum; an unreadable total refuses the file, since nothing can be checked."""

    def __init__(self, nom: str, declare: Format, profil: Profil) -> None:
        self._nom = nom
        self._total = declare.total
        m = profil.montants
        self._lire_montant = lecteur_montant(m["decimale"], m["milliers"], m["decimales"], m["signe"])
        self._extraire = expression(self._total.get("nombre", {}).get("extraire", "(.*)"))

    def lit(self, numero: int, champs: Mapping[str, str]) -> tuple[int | None, int | None]:
        """Announced count and sum in centimes, each None when the profile does not ask for it."""
        return self._nombre(numero, champs), self._montant(numero, champs)

    def _nombre(self, numero: int, champs: Mapping[str, str]) -> int | None:
        if "nombre" not in self._total:
            return None
        texte = champs.get(self._total["nombre"]["colonne"], "").strip()
        trouve = self._extraire.search(texte)
        nombre = trouve[1 if self._extraire.groups else 0] if trouve else ""
        if _NOMBRE.fullmatch(nombre) is None:
            raise self._illisible(numero, texte)
        return int(nombre)

    def _montant(self, numero: int, champs: Mapping[str, str]) -> int | None:
        if "montant" not in self._total:
            return None
        texte = champs.get(self._total["montant"]["colonne"], "").strip()
        try:
            return self._lire_montant(texte)
        except ValeurRefuseeError:
            raise self._illisible(numero, texte) from None

    def _illisible(self, numero: int, texte: str) -> FichierRefuseError:
        return FichierRefuseError(
            self._nom,
            f"sa ligne de total (ligne {numero}) est illisible : « {montrer(texte)} » ; redemandez l'extraction.",
        )

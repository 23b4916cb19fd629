"""From the fields of a line to its records, for one kind of file and one header."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from maintien.coeur.compte.ecritures import Ecriture
from maintien.connecteurs.exports.enregistrements import (
    EnregistrementBail,
    EnregistrementEcriture,
    EnregistrementLocataire,
    EnregistrementPlan,
)
from maintien.connecteurs.exports.erreurs import ValeurRefuseeError
from maintien.connecteurs.exports.gabarits import GABARITS
from maintien.connecteurs.exports.profil import Format, Profil
from maintien.connecteurs.exports.regles import (
    Champs,
    Colonne,
    LireChamp,
    SansMemoire,
    compile_champ,
    valeur_fixe,
)

Convertir = Callable[[int, Champs], Any]


class Convertisseur:
    """Compiled rules of one kind of file."""

    def __init__(self, declare: Format, index: Mapping[str, int], profil: Profil) -> None:
        self._lecteurs = {
            genre: {
                a.nom: compile_champ(a, champs[a.nom], index, profil) if a.nom in champs else valeur_fixe(a)
                for a in GABARITS[genre]
            }
            for genre, champs in declare.enregistrements.items()
        }
        colonnes = declare.enregistrements.get("ecriture", {})
        montant = colonnes.get("montant", colonnes.get("debit", [{}]))
        self._colonne_montant = montant[0].get("colonne", "")
        if colonnes:
            self._montants = self._compile_montants(sens="sens" in colonnes, signe="montant" in colonnes)
        self.convertir: list[tuple[str, Convertir]] = [(genre, self._compile(genre)) for genre in self._lecteurs]

    def montant_net(self, champs: Champs) -> int | None:
        """Debit minus credit of a line, refused or not; None when it cannot be read."""
        try:
            debit, credit = self._montants(champs)
        except (ValeurRefuseeError, IndexError, AttributeError):
            return None
        return debit - credit

    def reference(self, champs: Champs) -> str:
        """Reference of a refused line when it can be read."""
        lecteurs = next(iter(self._lecteurs.values()))
        return str(_lit_ou_vide(lecteurs["reference"], champs))

    def compte_a_proteger(self, champs: Champs) -> str:
        """Account of a refused line that says « contact restreint »: the protection does not wait for the cure."""
        lecteurs = self._lecteurs.get("locataire")
        if lecteurs is None or _lit_ou_vide(lecteurs["contact_restreint"], champs) is not True:
            return ""
        return str(_lit_ou_vide(lecteurs["compte"], champs))

    def _compile(self, genre: str) -> Convertir:
        lecteurs = self._lecteurs[genre]
        if genre == "ecriture":
            return self._compile_ecriture(lecteurs)
        types: dict[str, Callable[..., Any]] = {
            "bail": EnregistrementBail._make,
            "locataire": EnregistrementLocataire._make,
            "plan": EnregistrementPlan._make,
        }
        construire, lire = types[genre], _compile_suite(list(lecteurs.values()))

        def convertir(ligne: int, champs: Champs) -> Any:
            return construire((ligne, *lire(champs)))

        return convertir

    def _compile_ecriture(self, lecteurs: Mapping[str, LireChamp]) -> Convertir:
        lire = _compile_suite([lecteurs[nom] for nom in (*_AVANT_MONTANTS, *_APRES_MONTANTS)])
        montants, construire, milieu = self._montants, EnregistrementEcriture._make, len(_AVANT_MONTANTS)

        def convertir(ligne: int, champs: Champs) -> EnregistrementEcriture:
            valeurs = lire(champs)
            valeurs[milieu:milieu] = montants(champs)
            return construire((ligne, *valeurs))

        return convertir

    def _compile_montants(self, *, signe: bool, sens: bool) -> Callable[[Champs], tuple[int, int]]:
        """Debit and credit, both zero or more: a negative debit is a credit, and conversely (conventions, C1)."""
        lecteurs = self._lecteurs["ecriture"]
        net = self._compile_signe(lecteurs, sens=sens) if signe else self._compile_debit_credit(lecteurs)

        def montants(champs: Champs) -> tuple[int, int]:
            lu = net(champs)
            return (lu, 0) if lu >= 0 else (0, -lu)

        return montants

    def _compile_signe(self, lecteurs: Mapping[str, LireChamp], *, sens: bool) -> Callable[[Champs], int]:
        lire_montant, lire_sens = lecteurs["montant"], lecteurs["sens"]

        def net(champs: Champs) -> int:
            lu = lire_montant(champs)
            if lu is None:
                raise self._sans_montant()
            return -int(lu) if sens and lire_sens(champs) == "credit" else int(lu)

        return net

    def _compile_debit_credit(self, lecteurs: Mapping[str, LireChamp]) -> Callable[[Champs], int]:
        lire_debit, lire_credit = lecteurs["debit"], lecteurs["credit"]

        def net(champs: Champs) -> int:
            debit, credit = lire_debit(champs), lire_credit(champs)
            if debit is None and credit is None:
                raise self._sans_montant()
            if debit and credit:
                raise ValeurRefuseeError(
                    "débit et crédit sur la même ligne",
                    "ne garder que l'un des deux, ou faire deux écritures",
                    colonne=self._colonne_montant,
                )
            return (debit or 0) - (credit or 0)

        return net

    def _sans_montant(self) -> ValeurRefuseeError:
        return ValeurRefuseeError(
            "montant absent", "compléter la ligne dans le logiciel d'origine", colonne=self._colonne_montant
        )


_AVANT_MONTANTS = (
    "reference",
    "compte",
    "date_comptable",
    "date_valeur",
    "date_exigibilite",
    "periode",
    "code",
    "libelle",
)
_APRES_MONTANTS = ("mode", "reference_annulee", "affectation")


def _compile_suite(lecteurs: Sequence[LireChamp]) -> Callable[[Champs], list[Any]]:
    """Several values at once: those of one column in one comprehension, the others afterwards."""
    neutre = SansMemoire(lambda _texte: None)
    simples = [(x.memoire, x.place) if isinstance(x, Colonne) else (neutre, 0) for x in lecteurs]
    autres = [(rang, x) for rang, x in enumerate(lecteurs) if not isinstance(x, Colonne)]

    def lire(champs: Champs) -> list[Any]:
        valeurs = [memoire[champs[place]] for memoire, place in simples]
        for rang, suite in autres:
            valeurs[rang] = suite(champs)
        return valeurs

    return lire


@lru_cache(maxsize=4096)
def has_affectation_illisible(affectation: str, code: str) -> bool:
    """Named months that the core ignores: the entry is taken, and it is reported (conventions, C1)."""
    return Ecriture("", "", date.min, code=code, affectation=affectation).has_affectation_illisible


def _lit_ou_vide(lire: LireChamp, champs: Champs) -> Any:
    try:
        return lire(champs)
    except (ValeurRefuseeError, IndexError):
        return ""

"""Rules of a profile compiled to functions: from the fields of a line to one typed value.

The same texts come back all along a file (dates, codes, amounts), so each rule remembers what it has read, within a
bound. What is remembered depends on the text alone.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from maintien.connecteurs.exports import valeurs
from maintien.connecteurs.exports.enregistrements import montrer
from maintien.connecteurs.exports.erreurs import ValeurRefuseeError
from maintien.connecteurs.exports.expressions import expression
from maintien.connecteurs.exports.gabarits import RESTITUTION, Attribut
from maintien.connecteurs.exports.profil import Champ, Profil

Champs = list[str]
LireChamp = Callable[[Champs], Any]
LireTexte = Callable[[str], Any]

_MEMOIRE = 50_000
_COLONNE_DE_MODELE = re.compile(r"\{([^{}]+)\}")
_INCHANGE = "inchange"


class SansMemoire(dict[str, Any]):
    """Reads a text each time: references do not come back."""

    def __init__(self, analyse: LireTexte) -> None:
        super().__init__()
        self._analyse = analyse

    def __missing__(self, texte: str) -> Any:
        return self._analyse(texte)


class Memoire(SansMemoire):
    """Reads a text once."""

    def __missing__(self, texte: str) -> Any:
        if len(self) >= _MEMOIRE:
            self.clear()
        valeur = self[texte] = self._analyse(texte)
        return valeur


@dataclass(frozen=True, slots=True)
class Colonne:
    """A value that depends on one column alone: the converter looks it up without a call."""

    place: int
    memoire: SansMemoire

    def __call__(self, champs: Champs) -> Any:
        return self.memoire[champs[self.place]]


def compile_champ(attribut: Attribut, champ: Champ, index: Mapping[str, int], profil: Profil) -> LireChamp:
    """The value of one attribute: the first rule that applies, an empty value when none does."""
    if len(champ) == 1 and "si" not in champ[0]:
        return _compile_alternative(attribut, champ[0], index, profil)
    branches = [
        (
            _compile_condition(a["si"], index) if "si" in a else _toujours,
            _compile_alternative(attribut, a, index, profil),
        )
        for a in champ
    ]
    vide = _vide(attribut, champ[0].get("colonne", attribut.nom), obligatoire=attribut.obligatoire)

    def lire(champs: Champs) -> Any:
        for condition, suite in branches:
            if condition(champs):
                return suite(champs)
        return vide("")

    return lire


def valeur_fixe(attribut: Attribut) -> LireChamp:
    """An attribute that the profile does not give."""
    return lambda _champs: attribut.defaut


def _toujours(_champs: Champs) -> bool:
    return True


def _compile_condition(si: Mapping[str, Any], index: Mapping[str, int]) -> Callable[[Champs], bool]:
    place = index[si["colonne"]]
    parmi = frozenset(si["parmi"]) if "parmi" in si else None
    sauf = frozenset(si.get("sauf", ()))
    motif = expression(si["motif"]) if "motif" in si else None

    def condition(champs: Champs) -> bool:
        texte = champs[place].strip()
        if (parmi is not None and texte not in parmi) or texte in sauf:
            return False
        return motif is None or motif.fullmatch(texte) is not None

    return condition


def _compile_alternative(
    attribut: Attribut, alternative: Mapping[str, Any], index: Mapping[str, int], profil: Profil
) -> LireChamp:
    analyse = _compile_texte(attribut, alternative, profil)
    if "constante" in alternative:
        texte = alternative["constante"]
        return lambda _champs: analyse(texte)
    if "modele" in alternative:
        return _compile_modele(alternative["modele"], index, analyse)
    place = index[alternative["colonne"]]
    return Colonne(place, SansMemoire(analyse) if attribut.nom == "reference" else Memoire(analyse))


def _compile_modele(modele: str, index: Mapping[str, int], analyse: LireTexte) -> LireChamp:
    """Empty as soon as one of the columns is: half a reference would be shared by strangers."""
    morceaux = _COLONNE_DE_MODELE.split(modele)
    fixes, places = morceaux[::2], [index[nom] for nom in morceaux[1::2]]

    def lire(champs: Champs) -> Any:
        textes = [champs[place].strip() for place in places]
        if "" in textes:
            return analyse("")
        suite = (texte + fixe for texte, fixe in zip(textes, fixes[1:], strict=True))
        return analyse(fixes[0] + "".join(suite))

    return lire


def _compile_texte(attribut: Attribut, alternative: Mapping[str, Any], profil: Profil) -> LireTexte:
    prepare = _compile_preparation(alternative, profil, attribut)
    lecteur = _lecteur(attribut, alternative, profil)
    colonne = alternative.get("colonne", attribut.nom)
    obligatoire = attribut.obligatoire or alternative.get("obligatoire", False)
    vide = _vide(attribut, colonne, obligatoire=obligatoire)

    def analyse(texte: str) -> Any:
        try:
            propre = prepare(texte)
            return lecteur(propre) if propre else vide(texte)
        except ValeurRefuseeError as refus:
            raise ValeurRefuseeError(refus.motif, refus.remede, colonne=colonne, valeur=texte) from None

    return analyse


def _vide(attribut: Attribut, colonne: str, *, obligatoire: bool) -> LireTexte:
    def vide(texte: str) -> Any:
        if obligatoire:
            raise ValeurRefuseeError(
                "valeur absente", "compléter la ligne dans le logiciel d'origine", colonne=colonne, valeur=texte
            )
        return attribut.defaut

    return vide


def _compile_preparation(alternative: Mapping[str, Any], profil: Profil, attribut: Attribut) -> Callable[[str], str]:
    """Trim, empty words, shape, extraction, removal, then mapping: in this order."""
    vides = frozenset(alternative.get("vides", profil.dates["vides"] if attribut.type == "date" else ()))
    motif = expression(alternative["motif"]) if "motif" in alternative else None
    extraire = _compile_extraction(alternative)
    retirer = [expression(regle) for regle in alternative.get("retirer", ())]
    traduire = _compile_correspondance(alternative)
    longueur_max = profil.limites.longueur_champ

    def prepare(texte: str) -> str:
        if len(texte) > longueur_max:
            raise ValeurRefuseeError(f"champ de plus de {longueur_max} caractères", "vérifier la ligne d'origine")
        propre = texte.strip()
        if not propre.isascii():
            propre = unicodedata.normalize("NFC", propre)
        if propre in vides:
            propre = ""
        if propre and motif is not None and motif.fullmatch(propre) is None:
            raise ValeurRefuseeError(
                f"« {montrer(propre)} » n'a pas la forme attendue",
                "corriger la valeur dans le logiciel d'origine, ou le « motif » du profil s'il est trop strict",
            )
        propre = extraire(propre)
        for regle in retirer:
            propre = regle.remove(propre)
        return traduire(propre.strip())

    return prepare


def _compile_extraction(alternative: Mapping[str, Any]) -> Callable[[str], str]:
    if "extraire" not in alternative:
        return _identite
    regle = expression(alternative["extraire"])
    modele = alternative.get("remplacer_par") or (r"\1" if regle.groups else r"\g<0>")

    def extraire(texte: str) -> str:
        trouve = regle.search(texte)
        return str(trouve.expand(modele)) if trouve else ""

    return extraire


def _identite(texte: str) -> str:
    return texte


def _compile_correspondance(alternative: Mapping[str, Any]) -> Callable[[str], str]:
    if "correspondance" not in alternative:
        return _identite
    table: dict[str, str] = alternative["correspondance"]
    autrement = alternative.get("autrement")

    def traduire(texte: str) -> str:
        if texte in table:
            return table[texte]
        if not texte or autrement == _INCHANGE:
            return texte
        if autrement is None:
            raise ValeurRefuseeError(
                f"« {montrer(texte)} » n'est pas dans la correspondance du profil",
                "ajouter cette valeur à la « correspondance » du profil, ou la corriger dans le logiciel d'origine",
            )
        return str(autrement)

    return traduire


def _lecteur(attribut: Attribut, alternative: Mapping[str, Any], profil: Profil) -> LireTexte:
    match attribut.type:
        case "date":
            pivot = alternative.get("annee_pivot", profil.dates.get("annee_pivot"))
            return valeurs.lecteur_date(alternative.get("formats", profil.dates["formats"]), pivot)
        case "periode":
            return valeurs.lecteur_periode(profil.periodes)
        case "montant":
            m = profil.montants
            lire = valeurs.lecteur_montant(m["decimale"], m["milliers"], m["decimales"], m["signe"])
            return valeurs.positif(lire) if attribut.positif else lire
        case "entier":
            return valeurs.lecteur_entier(*attribut.bornes)
        case "choix":
            return valeurs.lecteur_choix(attribut.choix)
        case "booleen":
            faux = frozenset(alternative.get("faux", ("0",)))
            return lambda texte: texte not in faux
        case "affectation":
            return _lecteur_affectation(attribut, alternative.get("separateur", "|"), profil)
        case _:
            return valeurs.lecteur_texte(attribut.longueur)


def _lecteur_affectation(attribut: Attribut, separateur: str, profil: Profil) -> LireTexte:
    """Named months as AAAA-MM|AAAA-MM; a malformed list is kept as written, for the report and for nothing else."""
    lire_mois = valeurs.lecteur_periode(profil.periodes)
    borne = valeurs.lecteur_texte(attribut.longueur)

    def lire(texte: str) -> str:
        borne(texte)
        if texte == RESTITUTION:
            return texte
        try:
            return "|".join([lire_mois(mois) for mois in texte.split(separateur)])
        except ValeurRefuseeError:
            return texte

    return lire

"""Strict values: ASCII digits, no exponent, no underscore, no NaN, no date that the calendar does not have."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from maintien.connecteurs.exports.enregistrements import montrer
from maintien.connecteurs.exports.erreurs import ValeurRefuseeError

MILLIERS = {"aucun": "", "espace": " \u00a0\u202f", "point": ".", "apostrophe": "'\u2019", "virgule": ","}
EUROS_MAX_CHIFFRES = 11
ANNEES = (1900, 2100)
_JETONS = {
    "AAAA": "(?P<annee>[0-9]{4})",
    "AA": "(?P<court>[0-9]{2})",
    "MM": "(?P<mois>[0-9]{2})",
    "JJ": "(?P<jour>[0-9]{2})",
}
_JETON = re.compile("AAAA|AA|MM|JJ")


def motif_format(forme: str) -> re.Pattern[str]:
    """Compiled form of a date or month format such as JJ/MM/AAAA."""
    morceaux: list[str] = []
    fin = 0
    for jeton in _JETON.finditer(forme):
        morceaux += [re.escape(forme[fin : jeton.start()]), _JETONS[jeton[0]]]
        fin = jeton.end()
    return re.compile("".join(morceaux) + re.escape(forme[fin:]))


def lecteur_date(formes: Sequence[str], annee_pivot: int | None) -> Callable[[str], date]:
    """A function that reads a date in one of these formats, day by day true."""
    motifs = [motif_format(forme) for forme in formes]
    exemple = " ou ".join(formes)

    def lire(texte: str) -> date:
        for motif in motifs:
            if trouve := motif.fullmatch(texte):
                return _jour(texte, trouve.groupdict(), annee_pivot)
        raise ValeurRefuseeError(f"date illisible : « {montrer(texte)} »", f"écrire la date sous la forme {exemple}")

    return lire


def _jour(texte: str, parties: dict[str, str], annee_pivot: int | None) -> date:
    if "court" in parties:
        court = int(parties["court"])
        annee = (2000 if court < (annee_pivot or 0) else 1900) + court
    else:
        annee = int(parties["annee"])
    try:
        jour = date(annee, int(parties["mois"]), int(parties["jour"]))
    except ValueError:
        raise ValeurRefuseeError(
            f"date impossible : « {texte} »", "corriger la date dans le logiciel d'origine, puis refaire l'extraction"
        ) from None
    if not ANNEES[0] <= annee <= ANNEES[1]:
        raise ValeurRefuseeError(f"année hors de portée : « {texte} »", f"attendu entre {ANNEES[0]} et {ANNEES[1]}")
    return jour


def lecteur_periode(formes: Sequence[str]) -> Callable[[str], str]:
    """A function that reads a month in one of these formats and gives AAAA-MM."""
    motifs = [motif_format(forme) for forme in formes]
    exemple = " ou ".join(formes)

    def lire(texte: str) -> str:
        for motif in motifs:
            trouve = motif.fullmatch(texte)
            if trouve and 1 <= int(trouve["mois"]) <= 12 and ANNEES[0] <= int(trouve["annee"]) <= ANNEES[1]:
                return f"{trouve['annee']}-{trouve['mois']}"
        raise ValeurRefuseeError(f"mois illisible : « {montrer(texte)} »", f"écrire le mois sous la forme {exemple}")

    return lire


def lecteur_montant(
    decimale: str, milliers: str, decimales: Sequence[int], signes: Sequence[str]
) -> Callable[[str], int]:
    """A function that reads an amount and gives centimes. Thousands are grouped by three or not at all."""
    separateurs = re.escape(MILLIERS[milliers])
    entier = rf"[0-9]{{1,{EUROS_MAX_CHIFFRES}}}"
    if separateurs:
        entier = rf"(?:{entier}|[0-9]{{1,3}}(?:[{separateurs}][0-9]{{3}}){{1,3}})"
    fraction = "|".join(rf"{re.escape(decimale)}[0-9]{{{n}}}" if n else "" for n in sorted(decimales, reverse=True))
    avant = "(-?)" if "devant" in signes else "()"
    apres = "(-?)" if "derriere" in signes else "()"
    motif = re.compile(rf"{avant}({entier})({fraction}){apres}")
    suppressions = str.maketrans("", "", MILLIERS[milliers])
    modele = _exemple_montant(decimale, milliers, max(decimales))

    def lire(texte: str) -> int:
        trouve = motif.fullmatch(texte)
        if trouve is None or (trouve[1] and trouve[4]):
            raise ValeurRefuseeError(f"montant illisible : « {montrer(texte)} »", f"écrire le montant comme {modele}")
        centimes = int(trouve[2].translate(suppressions)) * 100 + int(trouve[3][1:].ljust(2, "0"))
        return -centimes if trouve[1] or trouve[4] else centimes

    return lire


def _exemple_montant(decimale: str, milliers: str, decimales: int) -> str:
    separateur = MILLIERS[milliers][:1]
    return f"1{separateur}234{decimale}{'56'[:decimales]}" if decimales else f"1{separateur}234"


def positif(lire: Callable[[str], int]) -> Callable[[str], int]:
    """The same function for an amount that cannot be negative."""

    def lire_positif(texte: str) -> int:
        montant = lire(texte)
        if montant < 0:
            raise ValeurRefuseeError(f"montant négatif : « {montrer(texte)} »", "corriger le signe du montant")
        return montant

    return lire_positif


def lecteur_entier(minimum: int, maximum: int) -> Callable[[str], int]:
    """A function that reads a plain integer within bounds."""
    motif = re.compile("[0-9]{1,9}")

    def lire(texte: str) -> int:
        if motif.fullmatch(texte) is None:
            raise ValeurRefuseeError(f"nombre entier illisible : « {montrer(texte)} »", "écrire des chiffres seuls")
        nombre = int(texte)
        if not minimum <= nombre <= maximum:
            raise ValeurRefuseeError(f"nombre hors de portée : {nombre}", f"attendu entre {minimum} et {maximum}")
        return nombre

    return lire


def lecteur_choix(choix: Sequence[str]) -> Callable[[str], str]:
    """A function that accepts these words and no other."""
    permis = frozenset(choix)
    liste = ", ".join(choix)

    def lire(texte: str) -> str:
        if texte not in permis:
            raise ValeurRefuseeError(
                f"valeur inconnue : « {montrer(texte)} »",
                f"ajouter cette valeur à la « correspondance » du profil ; valeurs permises : {liste}",
            )
        return texte

    return lire


def lecteur_texte(longueur: int) -> Callable[[str], str]:
    """A function that accepts a text up to a length; a formula is text like any other."""

    def lire(texte: str) -> str:
        if len(texte) > longueur:
            raise ValeurRefuseeError(
                f"texte de {len(texte)} caractères, {longueur} permis",
                "raccourcir le texte dans le logiciel d'origine",
            )
        return texte

    return lire

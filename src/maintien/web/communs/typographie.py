"""French typography for screens: amounts, dates, durations, plurals, non-breaking spaces."""

import re
from datetime import date

from maintien.coeur.calendrier import format_jour, format_mois
from maintien.coeur.montants import format_euros

INSECABLE = "\u00a0"
FINE = "\u202f"

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
JOURS_COURTS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
# Most texts come right from the rules: one look is cheaper than three substitutions.
_A_REGARDER = re.compile("[ ][;!?:»%€]|« |'")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
MOIS_COURTS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def euros(centimes: int | None) -> str:
    """Amount in words of a screen; a dash where the figure is not defined."""
    return "–" if centimes is None else format_euros(centimes)


def jour_complet(jour: date) -> str:
    """« mardi 12 octobre 2026 »."""
    return f"{JOURS[jour.weekday()]} {format_jour(jour)}"


def jour_court(jour: date, lu_le: date) -> str:
    """« jeu. 15 oct. »: for a column; the year too, « ven. 15 janv. 2027 », when it is not that of the reader."""
    numero = "1er" if jour.day == 1 else str(jour.day)
    annee = "" if jour.year == lu_le.year else f"{INSECABLE}{jour.year}"
    return f"{JOURS_COURTS[jour.weekday()]}{INSECABLE}{numero}{INSECABLE}{MOIS_COURTS[jour.month - 1]}{annee}"


def mois_court(annee: int, mois: int) -> str:
    return f"{MOIS_COURTS[mois - 1]}{INSECABLE}{annee}"


def relatif(jour: date, au: date) -> str:
    """« il y a 3 jours », « dans 2 semaines »: seen from the landlord's working day."""
    ecart = (jour - au).days
    proches = {0: "aujourd’hui", -1: "hier", 1: "demain", -2: "avant-hier", 2: "après-demain"}
    if ecart in proches:
        return proches[ecart]
    duree = _duree_en_mots(abs(ecart))
    return f"il y a {duree}" if ecart < 0 else f"dans {duree}"


def duree_entre(jour: date, au: date) -> str:
    """« 4 mois », « 12 jours »: the time that has gone by, for « depuis »."""
    return "aujourd’hui" if jour == au else _duree_en_mots(abs((au - jour).days))


def _duree_en_mots(jours: int) -> str:
    if jours < 14:
        return pluriel(jours, "jour,jours")
    if jours < 61:
        return pluriel(jours // 7, "semaine,semaines")
    if jours < 730:
        return f"{jours * 12 // 365}{INSECABLE}mois"
    return pluriel(jours // 365, "an,ans")


def pluriel(nombre: int, formes: str) -> str:
    """« 1 ménage », « 12 ménages », « 0 ménage »: French takes the plural from two."""
    return f"{nombre_groupe(nombre)}{INSECABLE}{accord(nombre, formes)}"


def accord(nombre: int, formes: str) -> str:
    """The word alone, agreed with the number: `formes` is « singulier,pluriel »."""
    singulier, _, au_pluriel = formes.partition(",")
    return (au_pluriel or f"{singulier}s") if abs(nombre) >= 2 else singulier


def nombre_groupe(nombre: int) -> str:
    return f"{nombre:,}".replace(",", FINE).replace("-", "−")


def duree_minutes(minutes: int) -> str:
    """« 95 min » under two hours, then « 2 h 05 »."""
    if minutes < 120:
        return f"{minutes}{INSECABLE}min"
    return f"{minutes // 60}{INSECABLE}h{INSECABLE}{minutes % 60:02d}"


def octets(taille: int) -> str:
    if taille < 1024:
        return pluriel(taille, "octet,octets")
    for unite, seuil in (("Ko", 1024**2), ("Mo", 1024**3)):
        if taille < seuil:
            return f"{taille / (seuil / 1024):.1f}".replace(".", ",").replace(",0", "") + f"{INSECABLE}{unite}"
    return f"{taille / 1024**3:.1f}".replace(".", ",") + f"{INSECABLE}Go"


def telephone(numero: str) -> str:
    """A French number in pairs; anything else as it was typed."""
    chiffres = re.sub(r"[\s.\-/()]", "", numero)
    chiffres = re.sub(r"^(\+33|0033)0?", "0", chiffres)
    if not re.fullmatch(r"0[1-9][0-9]{8}", chiffres):
        return numero
    return INSECABLE.join(re.findall("..", chiffres))


def sur_une_ligne(adresse: str) -> str:
    """The lines of an address one after the other, as they would be read aloud."""
    lignes = (" ".join(ligne.split()).rstrip(",") for ligne in adresse.splitlines())
    return ", ".join(ligne for ligne in lignes if ligne)


def insecables(brut: object) -> str:
    """Put the non-breaking spaces that French asks for before and inside marks, and its curly apostrophe."""
    texte = str(brut)
    if _A_REGARDER.search(texte) is None:
        return texte
    texte = _APOSTROPHE.sub("’", texte)
    texte = re.sub(r"[ \u00a0\u202f]+([;!?])", rf"{FINE}\1", texte)
    texte = re.sub(r"[ \u202f]+([:»%€])", rf"{INSECABLE}\1", texte)
    return re.sub(r"« +", f"«{INSECABLE}", texte)


__all__ = [
    "accord",
    "duree_entre",
    "duree_minutes",
    "euros",
    "format_jour",
    "format_mois",
    "insecables",
    "jour_complet",
    "jour_court",
    "mois_court",
    "nombre_groupe",
    "octets",
    "pluriel",
    "relatif",
    "sur_une_ligne",
    "telephone",
]

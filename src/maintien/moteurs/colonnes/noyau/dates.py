"""Days as integers since 1970-01-01, months as year x 12 + month - 1 (conventions, C2)."""

from maintien.moteurs.colonnes.noyau.compilation import compiler
from maintien.moteurs.colonnes.noyau.structures import DERNIER_JOUR

_DERNIERE_PERIODE = 9999 * 12 + 11


@compiler
def jour_de(periode: int, quantieme: int) -> int:
    """The day of a month and a day number (proleptic Gregorian calendar)."""
    annee = periode // 12
    mois = periode % 12 + 1
    if mois <= 2:
        annee -= 1
    siecle = annee // 400
    dans_siecle = annee - siecle * 400
    depuis_mars = (153 * (mois + (-3 if mois > 2 else 9)) + 2) // 5 + quantieme - 1
    return siecle * 146_097 + dans_siecle * 365 + dans_siecle // 4 - dans_siecle // 100 + depuis_mars - 719_468


@compiler
def periode_et_quantieme(jour: int) -> tuple[int, int]:
    """The month of a day, and its number in the month."""
    decale = jour + 719_468
    siecle = decale // 146_097
    reste = decale - siecle * 146_097
    annee = (reste - reste // 1_460 + reste // 36_524 - reste // 146_096) // 365
    dans_annee = reste - (365 * annee + annee // 4 - annee // 100)
    rang = (5 * dans_annee + 2) // 153
    quantieme = dans_annee - (153 * rang + 2) // 5 + 1
    mois = rang + 3 if rang < 10 else rang - 9
    annee += siecle * 400
    if mois <= 2:
        annee += 1
    return annee * 12 + mois - 1, quantieme


@compiler
def fin_de_mois(periode: int) -> int:
    """The last day of a month."""
    return jour_de(periode + 1, 1) - 1


@compiler
def ajouter_mois(jour: int, nombre: int) -> int:
    """Months added, the day number kept or brought back to the end of the month; never past 9999-12-31."""
    periode, quantieme = periode_et_quantieme(jour)
    periode += nombre
    if periode > _DERNIERE_PERIODE:
        return DERNIER_JOUR
    if quantieme <= 28:
        return jour_de(periode, quantieme)
    return min(jour_de(periode, quantieme), fin_de_mois(periode))


@compiler
def age_en_mois(echeance: int, au: int) -> int:
    """The largest whole number of months m with echeance + m months <= au."""
    mois = periode_et_quantieme(au)[0] - periode_et_quantieme(echeance)[0]
    return mois if ajouter_mois(echeance, mois) <= au else mois - 1

"""La situation d'un compte à une date : les chiffres de C7 à C10 et la ligne de C11."""

from dataclasses import dataclass, fields
from datetime import date

from maintien.coeur.montants import Centimes, format_pivot


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """L'état d'un compte au soir du jour `au` (la colonne `date` de C11), les champs dans l'ordre de C11.

    Montants en centimes ; `mois_de_dette` en centièmes de mois ; rien quand C11 laisse la case vide.
    """

    reference_compte: str
    au: date
    statut: str
    solde_centimes: Centimes
    dette_exigible_centimes: Centimes
    dette_locative_centimes: Centimes
    dette_accessoires_centimes: Centimes
    non_echu_centimes: Centimes
    avance_centimes: Centimes
    excedent_apl_centimes: Centimes
    dg_net_centimes: Centimes
    nb_termes_impayes: int
    date_plus_ancien: date | None
    tranche_lt1_centimes: Centimes
    tranche_1_3_centimes: Centimes
    tranche_3_6_centimes: Centimes
    tranche_6_12_centimes: Centimes
    tranche_ge12_centimes: Centimes
    terme_moyen_net_centimes: Centimes | None
    mois_de_dette_centiemes: int | None
    trois_termes_moyens: bool
    apl_concerne: bool
    apl_seuil_ancien_centimes: Centimes | None
    impaye_apl_ancien: bool
    date_impaye_apl_ancien: date | None
    impaye_apl_2027: bool
    date_impaye_apl_2027: date | None
    impaye_apl_legal: bool
    date_impaye_apl_legal: date | None


COLONNES_C11 = (
    "reference_compte",
    "date",
    "statut",
    "solde",
    "dette_exigible",
    "dette_locative",
    "dette_accessoires",
    "non_echu",
    "avance",
    "excedent_apl",
    "dg_net",
    "nb_termes_impayes",
    "date_plus_ancien",
    "tranche_lt1",
    "tranche_1_3",
    "tranche_3_6",
    "tranche_6_12",
    "tranche_ge12",
    "terme_moyen_net",
    "mois_de_dette",
    "trois_termes_moyens",
    "apl_concerne",
    "apl_seuil_ancien",
    "impaye_apl_ancien",
    "date_impaye_apl_ancien",
    "impaye_apl_2027",
    "date_impaye_apl_2027",
    "impaye_apl_legal",
    "date_impaye_apl_legal",
)
"""Les colonnes du fichier de situation, dans l'ordre de C11."""


def ligne_c11(situation: Situation) -> list[str]:
    """Rend les textes de la ligne de C11 : deux décimales, AAAA-MM-JJ, 0 ou 1, vide quand rien n'est défini."""
    return [_texte(champ.name, getattr(situation, champ.name)) for champ in fields(situation)]


def _texte(nom: str, valeur: str | int | date | None) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, bool):
        return "1" if valeur else "0"
    if isinstance(valeur, int) and nom.endswith(("_centimes", "_centiemes")):
        return format_pivot(valeur)
    return str(valeur)

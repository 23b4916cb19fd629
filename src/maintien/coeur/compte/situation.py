"""La situation d'un compte à une date : les chiffres de C7 à C10 et la ligne de C11."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from maintien.coeur.calendrier import age_en_mois
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.impaye import SANS_OBJET, impaye_apl
from maintien.coeur.compte.imputation import Imputation, imputation
from maintien.coeur.compte.moyenne import moyenne
from maintien.coeur.compte.postes import Nature, Poste
from maintien.coeur.compte.presence import StatutCompte, statut
from maintien.coeur.montants import Centimes, format_pivot


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """L'état d'un compte au soir du jour `au` (la colonne `date` de C11), les champs dans l'ordre de C11.

    Montants en centimes ; `mois_de_dette` en centièmes de mois ; rien quand C11 laisse la case vide.
    """

    reference_compte: str
    au: date
    statut: StatutCompte
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


_BORNES_DES_TRANCHES = (1, 3, 6, 12)


def situation(ecritures: Iterable[Ecriture], baux: Sequence[BailCompte], au: date) -> Situation:
    """Rend la situation d'un compte au soir du jour `au`, d'après ses seules écritures connues ce jour-là."""
    return situation_imputee(imputation(ecritures, au), baux)


def situation_imputee(compte: Imputation, baux: Sequence[BailCompte]) -> Situation:
    """Rend la situation d'un compte déjà imputé, pour qui veut aussi montrer les raisons."""
    au = compte.au
    exigibles = compte.postes_exigibles()
    locatifs = [poste for poste in exigibles if poste.is_locatif and poste.reste_centimes]
    locative = sum(poste.reste_centimes for poste in locatifs)
    accessoires = sum(poste.reste_centimes for poste in exigibles if not poste.is_locatif)
    moyen = moyenne(compte.lignes, compte.ecritures, au)
    presence = statut(baux, au)
    apl = impaye_apl(compte, baux) if presence is StatutCompte.PRESENT else SANS_OBJET
    tranches = _tranches(locatifs, au)
    return Situation(
        reference_compte=_reference_compte(compte, baux),
        au=au,
        statut=presence,
        solde_centimes=sum(e.montant_centimes for e in compte.ecritures),
        dette_exigible_centimes=locative + accessoires,
        dette_locative_centimes=locative,
        dette_accessoires_centimes=accessoires,
        non_echu_centimes=_non_echu(compte),
        avance_centimes=compte.avance_centimes,
        excedent_apl_centimes=compte.excedent_apl_centimes,
        dg_net_centimes=sum(e.montant_centimes for e in compte.ecritures if e.is_depot),
        nb_termes_impayes=len({poste.mois for poste in locatifs if poste.nature is Nature.TERME}),
        date_plus_ancien=min((poste.date_exigibilite for poste in locatifs), default=None),
        tranche_lt1_centimes=tranches[0],
        tranche_1_3_centimes=tranches[1],
        tranche_3_6_centimes=tranches[2],
        tranche_6_12_centimes=tranches[3],
        tranche_ge12_centimes=tranches[4],
        terme_moyen_net_centimes=moyen.terme_centimes() if moyen else None,
        mois_de_dette_centiemes=moyen.mois_de_dette_centiemes(locative) if moyen else None,
        trois_termes_moyens=moyen is not None and moyen.is_trois_termes(locative),
        apl_concerne=apl.concerne,
        apl_seuil_ancien_centimes=apl.seuil_ancien_centimes,
        impaye_apl_ancien=apl.ancien is not None,
        date_impaye_apl_ancien=apl.ancien,
        impaye_apl_2027=apl.nouveau is not None,
        date_impaye_apl_2027=apl.nouveau,
        impaye_apl_legal=apl.legal is not None,
        date_impaye_apl_legal=apl.legal,
    )


def _reference_compte(compte: Imputation, baux: Sequence[BailCompte]) -> str:
    """Rend la référence du compte, et refuse de mêler deux comptes : ce qui suit n'aurait plus de sens."""
    references = {bail.compte for bail in baux} | {ecriture.compte for ecriture in compte.ecritures}
    if len(references) != 1:
        raise ValueError(f"une situation porte sur un seul compte, reçu : {', '.join(sorted(references)) or 'aucun'}")
    return references.pop()


def _non_echu(compte: Imputation) -> Centimes:
    """Rend ce qui reste des postes à échoir, les termes en avoir y entrant en négatif (C7)."""
    a_echoir = sum(poste.reste_centimes for poste in compte.postes if poste.date_exigibilite > compte.au)
    return a_echoir + sum(terme.montant_centimes for terme in compte.negatifs if terme.date_exigibilite > compte.au)


def _tranches(locatifs: Iterable[Poste], au: date) -> tuple[Centimes, ...]:
    """Partage la dette locative selon l'âge de chaque poste (C2, C7)."""
    tranches = [0] * (len(_BORNES_DES_TRANCHES) + 1)
    for poste in locatifs:
        age = age_en_mois(poste.date_exigibilite, au)
        tranches[sum(age >= borne for borne in _BORNES_DES_TRANCHES)] += poste.reste_centimes
    return tuple(tranches)


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

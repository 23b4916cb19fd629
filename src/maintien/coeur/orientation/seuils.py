"""Quand un compte atteindra l'impayé au sens de l'APL si rien n'est payé (conventions, C10)."""

from dataclasses import dataclass
from datetime import date, timedelta

from maintien.coeur.calendrier import ajouter_mois
from maintien.coeur.compte.impaye import Definition, definition_en_vigueur, definitions
from maintien.coeur.montants import Centimes
from maintien.coeur.orientation.faits import FaitsCompte


@dataclass(frozen=True, slots=True)
class ImpayePrevu:
    """Le jour où l'impayé serait constitué, par quelle voie (seuil, montant, duree) et sous quelle définition."""

    jour: date
    voie: str
    definition: Definition
    seuil_centimes: Centimes | None
    dette_prevue_centimes: Centimes


def impaye_prevu(compte: FaitsCompte, au: date, horizon_jours: int) -> ImpayePrevu | None:
    """Rend le premier jour de l'horizon où la définition alors en vigueur serait remplie, si rien n'est payé.

    Rien ne bouge entre les jours examinés : échéances, dette qui prend l'âge légal, changement de
    définition. La définition est celle du jour examiné, jamais celle d'aujourd'hui.
    """
    situation = compte.situation
    if not situation.apl_concerne or situation.impaye_apl_legal or situation.dette_locative_centimes <= 0:
        return None
    fin = au + timedelta(days=horizon_jours)
    for jour in sorted(j for j in _jours_a_examiner(compte, fin) if au < j <= fin):
        prevu = _au_jour(compte, jour)
        if prevu is not None:
            return prevu
    return None


def echeances_a_venir(compte: FaitsCompte, fin: date) -> list[date]:
    """Rend les échéances du compte jusqu'à `fin`, de mois en mois."""
    if compte.prochaine_echeance is None:
        return []
    jours = []
    rang = 0
    while (jour := ajouter_mois(compte.prochaine_echeance, rang)) <= fin:
        jours.append(jour)
        rang += 1
    return jours


def _jours_a_examiner(compte: FaitsCompte, fin: date) -> set[date]:
    jours = set(echeances_a_venir(compte, fin))
    plus_ancien = compte.situation.date_plus_ancien
    for definition in definitions():
        if definition.du is not None:
            jours.add(definition.du)
        if definition.duree_mois and plus_ancien is not None:
            jours.add(ajouter_mois(plus_ancien, definition.duree_mois))
    return jours


def _au_jour(compte: FaitsCompte, jour: date) -> ImpayePrevu | None:
    definition = definition_en_vigueur(jour)
    terme = compte.prochain_terme_centimes or 0
    dette = compte.situation.dette_locative_centimes + terme * len(echeances_a_venir(compte, jour))
    voie, seuil = _voie(compte, definition, dette, jour)
    return ImpayePrevu(jour, voie, definition, seuil, dette) if voie else None


def _voie(compte: FaitsCompte, definition: Definition, dette: Centimes, jour: date) -> tuple[str, Centimes | None]:
    """Rend la voie par laquelle la définition serait remplie ce jour-là, vide si elle ne l'est pas."""
    if definition.nombre_de_termes:
        seuil = compte.situation.apl_seuil_ancien_centimes
        return ("seuil", seuil) if seuil is not None and dette >= seuil else ("", None)
    if dette > definition.montant_centimes:
        return "montant", definition.montant_centimes
    plus_ancien = compte.situation.date_plus_ancien
    if plus_ancien is not None and ajouter_mois(plus_ancien, definition.duree_mois) <= jour:
        return "duree", None
    return "", None

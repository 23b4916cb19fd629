"""Quand un compte atteindra l'impayé au sens de l'APL si rien n'est payé, et quel paiement l'évite (C10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maintien.coeur.calendrier import ajouter_mois
from maintien.coeur.compte.impaye import Definition, definition_en_vigueur, definitions
from maintien.coeur.montants import Centimes
from maintien.coeur.orientation.faits import FaitsCompte

_ARRONDI_CENTIMES = 10_00
"""Une somme à demander s'arrondit à la dizaine d'euros au-dessus : on ne demande pas un centime à un ménage."""

_SUITE_JOURS = 124
"""Jusqu'où l'on cherche, après l'horizon, le jour que le paiement ne fait que repousser."""


@dataclass(frozen=True, slots=True)
class ImpayePrevu:
    """Le jour où l'impayé serait constitué, par quelle voie (seuil, montant, duree) et sous quelle définition.

    `suffisant` : la somme qui, payée avant ce jour, écarte chaque voie jusqu'au bout de l'horizon et pour un
    mois au moins, frais compris puisqu'ils se paient d'abord (conventions, C6). `ensuite` : le jour où, cette
    somme payée et rien d'autre, l'impayé serait constitué tout de même.
    """

    jour: date
    voie: str
    definition: Definition
    seuil_centimes: Centimes | None
    dette_prevue_centimes: Centimes
    suffisant_centimes: Centimes
    ensuite: date | None


@dataclass(frozen=True, slots=True)
class _Prevision:
    """Le compte si rien n'est payé : ce qui reste dû et ce qui tombera, échéance par échéance."""

    postes: Sequence[tuple[date, Centimes]]
    seuil_ancien_centimes: Centimes | None

    def dette(self, jour: date) -> Centimes:
        """La dette locative au soir d'un jour."""
        return sum(reste for echeance, reste in self.postes if echeance <= jour)

    def apres(self, paye: Centimes) -> "_Prevision":
        """La même prévision une fois une somme payée, de la plus ancienne échéance à la plus récente."""
        restants = []
        for echeance, reste in self.postes:
            part = min(paye, reste)
            paye -= part
            if reste > part:
                restants.append((echeance, reste - part))
        return _Prevision(restants, self.seuil_ancien_centimes)

    def voie(self, jour: date) -> tuple[str, Centimes | None]:
        """La voie par laquelle l'impayé serait constitué ce jour-là, vide si aucune ne l'est."""
        definition, dette = definition_en_vigueur(jour), self.dette(jour)
        if definition.nombre_de_termes:
            seuil = self.seuil_ancien_centimes
            return ("seuil", seuil) if seuil is not None and dette >= seuil else ("", None)
        if dette > definition.montant_centimes:
            return "montant", definition.montant_centimes
        return ("duree", None) if self._trop_anciens(jour, definition) else ("", None)

    def a_payer(self, jour: date) -> Centimes:
        """La plus petite somme qui, payée avant ce jour, écarte toutes les voies ce soir-là."""
        definition, dette = definition_en_vigueur(jour), self.dette(jour)
        if definition.nombre_de_termes:
            seuil = self.seuil_ancien_centimes
            # Le seuil en termes se franchit à l'égalité, le montant de 2027 strictement au-dessus.
            return 0 if seuil is None else max(0, dette - seuil + 1)
        return max(0, dette - definition.montant_centimes, self._trop_anciens(jour, definition))

    def _trop_anciens(self, jour: date, definition: Definition) -> Centimes:
        """Ce qui aura atteint ce jour-là l'âge de la définition."""
        ages = (reste for echeance, reste in self.postes if ajouter_mois(echeance, definition.duree_mois) <= jour)
        return sum(ages)

    def premier(self, jours: Iterable[date]) -> date | None:
        """Le premier de ces jours où l'impayé serait constitué."""
        return next((jour for jour in jours if self.voie(jour)[0]), None)


def impaye_prevu(compte: FaitsCompte, au: date, horizon_jours: int) -> ImpayePrevu | None:
    """Rend le premier jour de l'horizon où la définition alors en vigueur serait remplie, si rien n'est payé.

    Rien ne bouge entre les jours examinés : échéances, dette qui prend l'âge légal, changement de
    définition. La définition est celle du jour examiné, jamais celle d'aujourd'hui.
    """
    situation = compte.situation
    if not situation.apl_concerne or situation.impaye_apl_legal or situation.dette_locative_centimes <= 0:
        return None
    fin = au + timedelta(days=horizon_jours)
    prevision = _prevision(compte, fin + timedelta(days=_SUITE_JOURS))
    jours = _jours_a_examiner(prevision, au, fin + timedelta(days=_SUITE_JOURS))
    premier = prevision.premier(jour for jour in jours if jour <= fin)
    if premier is None:
        return None
    voie, seuil = prevision.voie(premier)
    # Un paiement qui ne gagne que deux jours (fin décembre 2026, avant l'autre définition) n'aide personne.
    tenir = max(fin, ajouter_mois(premier, 1) - timedelta(days=1))
    exact = max(prevision.a_payer(jour) for jour in jours if jour <= tenir)
    suffisant = _arrondir(exact, situation.dette_locative_centimes)
    return ImpayePrevu(
        jour=premier,
        voie=voie,
        definition=definition_en_vigueur(premier),
        seuil_centimes=seuil,
        dette_prevue_centimes=prevision.dette(premier),
        suffisant_centimes=suffisant + situation.dette_accessoires_centimes,
        ensuite=prevision.apres(suffisant).premier(jours),
    )


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


def _prevision(compte: FaitsCompte, fin: date) -> _Prevision:
    terme = max(0, compte.prochain_terme_centimes or 0)
    a_venir = [(echeance, terme) for echeance in echeances_a_venir(compte, fin) if terme]
    return _Prevision([*_restes(compte), *a_venir], compte.situation.apl_seuil_ancien_centimes)


def _restes(compte: FaitsCompte) -> list[tuple[date, Centimes]]:
    """Ce qui reste dû, échéance par échéance ; sans ce détail, tout est tenu pour aussi vieux que le plus ancien."""
    dette = compte.situation.dette_locative_centimes
    if sum(reste for _echeance, reste in compte.restes) == dette:
        return sorted(compte.restes)
    return [(compte.situation.date_plus_ancien or compte.situation.au, dette)]


def _jours_a_examiner(prevision: _Prevision, au: date, fin: date) -> list[date]:
    jours = {echeance for echeance, _reste in prevision.postes}
    for definition in definitions():
        if definition.du is not None:
            jours.add(definition.du)
        if definition.duree_mois:
            jours.update(ajouter_mois(echeance, definition.duree_mois) for echeance, _reste in prevision.postes)
    return sorted(jour for jour in jours if au < jour <= fin)


def _arrondir(exact: Centimes, dette: Centimes) -> Centimes:
    """Rend la dizaine d'euros au-dessus, sans dépasser tout ce qui est dû quand tout payer suffit."""
    arrondi = -(-exact // _ARRONDI_CENTIMES) * _ARRONDI_CENTIMES
    return dette if exact <= dette < arrondi else arrondi

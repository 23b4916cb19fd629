"""La dette locative de jours passés, telle que les livres la montraient chacun de ces jours (conventions, C1 et C7).

« 737,86 € le 31 octobre » veut dire : d'après les écritures comptabilisées au plus tard ce jour-là. Un rejet saisi en
novembre ne change rien à ce que l'on savait fin octobre : il compte à partir de sa saisie (C3). Le graphique de la
dette par âge, les motifs des règles et les lettres disent donc la même somme du même jour.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from maintien.coeur.calendrier import Periode, periode_de
from maintien.coeur.compte.ecritures import CODES_TERME, Ecriture, ecritures_connues
from maintien.coeur.compte.imputation import Imputation, imputation
from maintien.coeur.montants import Centimes


def dettes_passees(
    ecritures: Iterable[Ecriture], compte: Imputation, jours: Sequence[date]
) -> tuple[tuple[date, Centimes], ...]:
    """Rend la dette locative de chaque jour passé, rien tant que le compte n'a pas commencé.

    `compte` est l'imputation des mêmes écritures à un jour plus récent : quand rien de ce qui a été saisi depuis ne
    peut toucher le jour demandé, son historique suffit ; sinon le compte est imputé de nouveau à ce jour-là.
    """
    connues = ecritures_connues(ecritures, compte.au)
    retours = _Retours(connues, min(jours, default=compte.au))
    soirs = [etat.jour for etat in compte.historique]
    dettes = []
    for jour in jours:
        if retours.changent(jour):
            passes = imputation([e for e in connues if e.date_comptable <= jour], jour).historique
        else:
            passes = compte.historique[: bisect_right(soirs, jour)]
        if passes:
            dettes.append((jour, passes[-1].dette_locative_centimes))
    return tuple(dettes)


class _Retours:
    """Ce qui, saisi après un jour, revient sur ce jour ou sur ceux d'avant ; au moindre doute, cela revient.

    Une écriture revient sur le passé si elle en annule une autre ou est annulée d'avance, si son effet ou son échéance
    est d'un jour déjà passé, ou si son mois est déjà nommé par un crédit, qui se serait imputé autrement. Un crédit de
    valeur à venir, lui, avait déjà effet aux yeux de qui le voyait saisi (C1).
    """

    def __init__(self, ecritures: Sequence[Ecriture], depuis: date) -> None:
        self._anticipees = [
            (e.date_comptable, e.date_valeur)
            for e in ecritures
            if e.date_valeur is not None and e.date_valeur > max(depuis, e.date_comptable)
        ]
        annulees = {e.reference_annulee for e in ecritures}
        nommes = _mois_nommes(ecritures)
        self._suites = [
            (e.date_comptable, date.min if e.reference in annulees else _portee(e, nommes))
            for e in ecritures
            if e.date_comptable > depuis
        ]

    def changent(self, jour: date) -> bool:
        """Dit si l'historique d'un jour plus récent ne vaut pas pour ce jour."""
        return any(saisie > jour >= portee for saisie, portee in self._suites) or any(
            saisie <= jour < valeur for saisie, valeur in self._anticipees
        )


def _mois_nommes(ecritures: Iterable[Ecriture]) -> dict[Periode, date]:
    """Les mois que des crédits nomment, aides allouées, paiements désignés ou avoirs, et depuis quelle saisie."""
    nommes: dict[Periode, date] = {}
    for e in ecritures:
        if e.montant_centimes < 0:
            for mois in (*e.mois_designes, *(() if e.periode is None else (e.periode,))):
                nommes[mois] = min(e.date_comptable, nommes.get(mois, e.date_comptable))
    return nommes


def _portee(e: Ecriture, nommes: Mapping[Periode, date]) -> date:
    """Rend le premier jour que l'écriture peut changer."""
    if e.reference_annulee:
        return date.min
    if e.is_depot:
        return date.max
    if e.montant_centimes < 0 and e.code not in CODES_TERME:
        return e.effet(date.max)
    if e.date_exigibilite is None and e.montant_centimes < 0:
        # Un avoir sans échéance rejoint un terme qui peut être déjà échu.
        return date.min
    echeance = e.date_exigibilite or e.date_comptable
    mois = e.periode if e.periode is not None else periode_de(echeance)
    return min(echeance, nommes.get(mois, date.max))

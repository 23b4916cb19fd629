"""Les crédits à imputer, par rang : alloués, désignés, généraux (conventions, C5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import TypeAlias

from maintien.coeur.calendrier import Periode
from maintien.coeur.compte.ecritures import CODES_AIDE_AU_LOGEMENT, Ecriture
from maintien.coeur.compte.postes import PostesEtablis, is_ligne_de_terme
from maintien.coeur.montants import Centimes

CleOrdre: TypeAlias = tuple[int, str]


class RangCredit(IntEnum):
    """Le rang d'un crédit dans la journée (C5)."""

    ALLOUE = 0
    DESIGNE = 2
    GENERAL = 3


@dataclass(frozen=True, slots=True)
class Credit:
    """Une somme à imputer : un paiement, une aide, un avoir. `mois` sont ceux de l'aide ou de la désignation."""

    reference: str
    effet: date
    rang: RangCredit
    montant_centimes: Centimes
    mois: tuple[Periode, ...] = ()
    code: str = ""

    @property
    def cle_ordre(self) -> CleOrdre:
        """L'ordre dans une étape de la journée : le rang, puis la référence (C6)."""
        return int(self.rang), self.reference


def etablir_credits(ecritures: Iterable[Ecriture], postes: PostesEtablis, au: date) -> tuple[Credit, ...]:
    """Établit les crédits des écritures conservées par C3, y compris les termes négatifs échus au jour `au`."""
    credits_ = [
        _credit(ecriture, au)
        for ecriture in ecritures
        if ecriture.montant_centimes < 0 and not ecriture.is_depot and not is_ligne_de_terme(ecriture)
    ]
    credits_ += [
        Credit(avoir.reference, avoir.effet(au), RangCredit.GENERAL, -avoir.montant_centimes, code=avoir.code)
        for avoir in postes.avoirs_sans_terme
    ]
    credits_ += [
        Credit(terme.reference, terme.date_exigibilite, RangCredit.GENERAL, -terme.montant_centimes, code="TERME")
        for terme in postes.negatifs
        if terme.date_exigibilite <= au
    ]
    return tuple(sorted(credits_, key=lambda credit: (credit.effet, credit.cle_ordre)))


def _credit(ecriture: Ecriture, au: date) -> Credit:
    rang, mois = RangCredit.GENERAL, ecriture.mois_designes
    if ecriture.code in CODES_AIDE_AU_LOGEMENT and ecriture.periode is not None:
        rang, mois = RangCredit.ALLOUE, (ecriture.periode,)
    elif mois:
        rang = RangCredit.DESIGNE
    return Credit(ecriture.reference, ecriture.effet(au), rang, -ecriture.montant_centimes, mois, ecriture.code)

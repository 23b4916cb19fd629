"""Le tableau mensuel du compte : appelé, aidé, payé, reste, mois par mois."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from maintien.coeur.calendrier import Periode
from maintien.coeur.compte.imputation import Imputation
from maintien.coeur.compte.postes import Nature, Poste
from maintien.coeur.montants import Centimes

_CODES_AIDE = frozenset({"APL", "RAP", "AID"})


@dataclass(frozen=True, slots=True)
class LigneMensuelle:
    """Un mois du compte. `mois` est vide pour les sommes hors terme : frais, intérêts, réparations.

    Invariant : appelé = aide + payé + reste. `aide` réunit l'APL, ses rappels et les aides (FSL…) ;
    `paye` tout le reste : paiements, garant, avoirs, effacements.
    """

    mois: Periode | None
    date_exigibilite: date
    is_exigible: bool
    appele_centimes: Centimes
    aide_centimes: Centimes
    paye_centimes: Centimes
    reste_centimes: Centimes


def tableau_mensuel(compte: Imputation) -> tuple[LigneMensuelle, ...]:
    """Rend une ligne par mois qui porte un terme, du plus ancien au plus récent, puis celle des sommes hors terme.

    La somme des restes est celle de tous les postes, échus ou non. Un terme en avoir n'est pas
    appelé : il paie d'autres mois.
    """
    postes_du_mois: dict[Periode | None, list[Poste]] = defaultdict(list)
    for poste in compte.postes:
        postes_du_mois[poste.mois if poste.nature is Nature.TERME else None].append(poste)
    aides: dict[Periode | None, Centimes] = defaultdict(int)
    for affectation in compte.affectations:
        if affectation.credit.code in _CODES_AIDE:
            aides[affectation.poste.mois] += affectation.montant_centimes
    ordre = sorted(postes_du_mois, key=lambda mois: (mois is None, mois or 0))
    return tuple(_ligne(mois, postes_du_mois[mois], aides[mois], compte.au) for mois in ordre)


def _ligne(mois: Periode | None, postes: list[Poste], aide: Centimes, au: date) -> LigneMensuelle:
    appele = sum(poste.montant_centimes for poste in postes)
    reste = sum(poste.reste_centimes for poste in postes)
    echeance = min(poste.date_exigibilite for poste in postes)
    return LigneMensuelle(mois, echeance, echeance <= au, appele, aide, appele - aide - reste, reste)

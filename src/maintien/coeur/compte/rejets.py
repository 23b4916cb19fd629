"""Le rejet qui porte aussi les frais de la banque (conventions, C3)."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from maintien.coeur.compte.ecritures import Ecriture
from maintien.coeur.montants import Centimes
from maintien.coeur.parametres import en_vigueur, lire_yaml

SUFFIXE_FRAIS = "-FRA"
"""Ce que la référence des frais ajoute à celle du rejet : la même ligne relue donne la même écriture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlafondFraisRejet:
    """Le montant au-delà duquel l'écart n'est pas un frais de rejet."""

    plafond_centimes: Centimes
    reference: str
    du: date | None = None
    au: date | None = None


@cache
def _plafonds() -> tuple[PlafondFraisRejet, ...]:
    return tuple(PlafondFraisRejet(**v) for v in lire_yaml("maintien.coeur.droit", "frais_rejet.yaml")["plafonds"])


def separer_frais(rejet: Ecriture, cible: Ecriture) -> tuple[Ecriture, Ecriture] | None:
    """Sépare un rejet de 452,00 € d'un paiement de 450,00 € en un rejet de 450,00 € et 2,00 € de frais.

    Rend rien quand la séparation ne se justifie pas : ce n'est pas un rejet de cette écriture, les
    montants ne laissent aucun frais, ou l'écart dépasse le plafond légal. L'import met alors la ligne en
    quarantaine si les montants diffèrent : laissée entière, elle ferait une dette au jour du rejet et
    laisserait le terme payé.
    """
    frais = rejet.montant_centimes + cible.montant_centimes
    vise = rejet.code == "REJ" and rejet.reference_annulee == cible.reference and rejet.compte == cible.compte
    plafond = en_vigueur(_plafonds(), rejet.date_comptable)
    if not vise or cible.montant_centimes >= 0 or plafond is None or not 0 < frais <= plafond.plafond_centimes:
        return None
    seul = replace(rejet, debit_centimes=-cible.montant_centimes, credit_centimes=0)
    de_frais = replace(
        rejet,
        reference=rejet.reference + SUFFIXE_FRAIS,
        code="FRA",
        libelle=f"FRAIS DE REJET {rejet.libelle}".strip(),
        debit_centimes=frais,
        credit_centimes=0,
        reference_annulee="",
        affectation="",
    )
    return seul, de_frais

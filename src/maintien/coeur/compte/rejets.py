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
    """Le montant au-delà duquel l'écart n'est pas un frais de rejet, pour des moyens de paiement.

    `modes` vide : tout autre moyen, et le moyen inconnu.
    """

    plafond_centimes: Centimes
    reference: str
    modes: tuple[str, ...] = ()
    paiement_max_centimes: Centimes | None = None
    dans_la_limite_du_paiement: bool = False
    du: date | None = None
    au: date | None = None

    def convient(self, mode: str, paiement_centimes: Centimes) -> bool:
        """Dit si le plafond vaut pour un paiement de ce moyen et de ce montant."""
        is_du_mode = not self.modes or mode in self.modes
        return is_du_mode and (self.paiement_max_centimes is None or paiement_centimes <= self.paiement_max_centimes)

    def pour(self, paiement_centimes: Centimes) -> Centimes:
        """Rend les plus forts frais permis pour un paiement."""
        if self.dans_la_limite_du_paiement:
            return min(self.plafond_centimes, paiement_centimes)
        return self.plafond_centimes


@cache
def _plafonds() -> tuple[PlafondFraisRejet, ...]:
    lus = lire_yaml("maintien.coeur.droit", "frais_rejet.yaml")["plafonds"]
    return tuple(PlafondFraisRejet(**{**v, "modes": tuple(v.get("modes", ()))}) for v in lus)


def frais_max_centimes(mode: str, paiement_centimes: Centimes, jour: date) -> Centimes:
    """Rend les plus forts frais que le rejet d'un paiement peut porter, selon son moyen ; zéro si rien ne le dit."""
    convenables = (plafond for plafond in _plafonds() if plafond.convient(mode, paiement_centimes))
    plafond = en_vigueur(convenables, jour)
    return 0 if plafond is None else plafond.pour(paiement_centimes)


def separer_frais(rejet: Ecriture, cible: Ecriture) -> tuple[Ecriture, Ecriture] | None:
    """Sépare un rejet de 452,00 € d'un paiement de 450,00 € en un rejet de 450,00 € et 2,00 € de frais.

    Rend rien quand la séparation ne se justifie pas : ce n'est pas un rejet de cette écriture, les
    montants ne laissent aucun frais, ou l'écart dépasse le plafond légal du moyen du paiement. L'import
    met alors la ligne en quarantaine si les montants diffèrent : laissée entière, elle ferait une dette
    au jour du rejet et laisserait le terme payé.
    """
    frais = rejet.montant_centimes + cible.montant_centimes
    vise = rejet.code == "REJ" and rejet.reference_annulee == cible.reference and rejet.compte == cible.compte
    if not vise or cible.montant_centimes >= 0:
        return None
    if not 0 < frais <= frais_max_centimes(cible.mode, -cible.montant_centimes, rejet.date_comptable):
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

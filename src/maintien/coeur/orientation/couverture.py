"""Ce que les livres couvrent : on ne décide rien d'un jour dont personne ne connaît les paiements.

Un appel est écrit d'avance, un paiement jamais : le dernier paiement enregistré (locataire ou APL) dit
jusqu'où les livres vont. Au-delà de quelques jours, tout le parc paraîtrait en retard.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from maintien.coeur.calendrier import format_jour
from maintien.coeur.parametres import en_vigueur, lire_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class DelaiCouverture:
    """Le nombre de jours pendant lesquels un dernier paiement couvre encore la nuit."""

    jours: int
    reference: str
    du: date | None = None
    au: date | None = None


@dataclass(frozen=True, slots=True)
class Couverture:
    """La nuit du jour `au`, et le jour des faits dont elle décide.

    `livres_au` : le dernier jour que les livres couvrent, ou le jour que le bailleur a déclaré ; rien
    quand aucun paiement n'est enregistré. `faits_au` : le jour dont on regarde les faits.
    """

    au: date
    livres_au: date | None
    faits_au: date | None

    @property
    def is_a_jour(self) -> bool:
        """Les livres couvrent la nuit."""
        return self.faits_au == self.au

    def phrase(self) -> str:
        """Dit au bailleur ce qui manque ; vide quand rien ne manque."""
        if self.is_a_jour:
            return ""
        if self.livres_au is None:
            return "Aucun paiement n’est enregistré\u00a0: importez le grand livre. D’ici là, rien n’est proposé."
        return (
            f"Les écritures datent du {format_jour(self.livres_au)}\u00a0: importez la suite. "
            "D’ici là, rien n’est proposé sur les jours suivants."
        )


@cache
def delais_couverture() -> tuple[DelaiCouverture, ...]:
    """Rend les délais datés."""
    lus = lire_yaml("maintien.coeur.orientation", "couverture.yaml")["couverture"]
    return tuple(DelaiCouverture(**valeurs) for valeurs in lus)


def couverture(livres_au: date | None, au: date) -> Couverture:
    """Rend ce que les livres couvrent d'une nuit : les faits sont ceux de ce jour-là, jamais d'après."""
    if livres_au is None:
        return Couverture(au, None, None)
    delai = en_vigueur(delais_couverture(), au)
    jours = delai.jours if delai is not None else 0
    return Couverture(au, livres_au, min(au, livres_au + timedelta(days=jours)))

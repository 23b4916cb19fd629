"""L'objectif de la maison pour une action : un jour ouvré, jamais après ce que la règle permet.

L'échéance légale, quand un texte en fixe une, est celle du constat (`Constat.echeance_legale`).
"""

from collections.abc import Mapping
from datetime import date, timedelta

from maintien.coeur.orientation.regles import Avant
from maintien.coeur.orientation.textes import Valeur

_SAMEDI = 5


def avant_le(avant: Avant, valeurs: Mapping[str, Valeur], au: date) -> date:
    """Rend le jour avant lequel agir, ramené au vendredi quand il tombe en fin de semaine.

    Pour un acte que le bailleur doit faire, la date la plus tôt est la prudente (procédure, section 1).
    Une limite déjà passée devient le prochain jour ouvré : le retard n'est pas une dispense.
    """
    depart = valeurs[avant.nom]
    if not isinstance(depart, date):
        raise TypeError(f"« {avant.nom} » n'est pas une date")
    limite = depart + timedelta(days=avant.jours)
    while limite.weekday() >= _SAMEDI:
        limite -= timedelta(days=1)
    premier = au
    while premier.weekday() >= _SAMEDI:
        premier += timedelta(days=1)
    return max(limite, premier)

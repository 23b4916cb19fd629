"""How households pay, and in what proportions: the shares are those of the national survey (argent.md, 3.4).

End of 2018: 18.6 % of the present households late, 6.5 % owing more than three months, 1.5 % more than twelve. Exact
quotas are dealt in each block instead of being drawn, so a small landlord shows the same shares as a large one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from maintien.connecteurs.fictif import courbes as formes
from maintien.connecteurs.fictif.courbes import Courbes
from maintien.connecteurs.fictif.tableaux import Booleens, Entiers, Tirage


@dataclass(frozen=True)
class Profil:
    """One way of paying. `pour_mille`: share of the present households; `tenure`: months in the home it needs."""

    nom: str
    pour_mille: int
    tenure: int
    forme: Callable[[Tirage, int], Courbes]
    prelevement: float = 0.25
    a_jour: bool = False


EXEMPLAIRE = Profil("exemplaire", 0, 0, partial(formes.constante, valeur=0.0), 0.62, a_jour=True)
PRESENTS = (
    Profil("dette_ancienne", 15, 36, partial(formes.montee, bas=12.6, haut=28.0, lente=0.45)),
    Profil("dette_lourde", 22, 20, partial(formes.montee, bas=3.25, haut=10.0, lente=0.4)),
    Profil("plateau", 10, 30, partial(formes.plateau, bas=3.3, haut=9.0)),
    Profil("plan_lourd", 9, 30, partial(formes.plan_tenu, bas=3.3, haut=6.5)),
    Profil("plan_rompu", 9, 30, partial(formes.plan_rompu, bas=3.4, haut=9.0)),
    Profil("plan_tenu", 10, 24, partial(formes.plan_tenu, bas=0.4, haut=2.7)),
    Profil("dette_montante", 16, 8, partial(formes.montee, bas=1.1, haut=2.75, lente=0.3)),
    Profil("decalage", 16, 8, formes.decalage),
    Profil("deux_rejets", 4, 8, formes.deux_rejets, prelevement=1.0),
    Profil("aide_rompue", 6, 14, partial(formes.constante, valeur=0.0), 0.4),
    Profil("rejet", 9, 6, partial(formes.dernier_mois, bas=1.0, haut=1.0), prelevement=1.0),
    Profil("regularisation_impayee", 6, 14, partial(formes.constante, valeur=0.0), 0.4),
    Profil("premier_retard", 30, 14, partial(formes.dernier_mois, bas=0.3, haut=1.0), 0.1),
    Profil("reliquat", 24, 6, formes.reliquat, 0.0),
    Profil("effacement", 3, 36, formes.effacee, a_jour=True),
    Profil("alerte_puis_credit", 8, 12, formes.alerte_puis_credit, 0.2, a_jour=True),
    Profil("aide_versee", 9, 24, formes.aidee, a_jour=True),
    Profil("aide_retablie", 22, 20, partial(formes.constante, valeur=0.0), 0.5, a_jour=True),
    Profil("plan_solde", 28, 24, formes.bosse, a_jour=True),
    Profil("avance", 18, 2, formes.en_avance, 0.3, a_jour=True),
    Profil("tardif", 50, 3, partial(formes.constante, valeur=0.0), 0.0, a_jour=True),
    EXEMPLAIRE,
)
PARTIS = (
    Profil("parti_dette", 240, 0, partial(formes.montee, bas=1.2, haut=9.0, lente=0.35)),
    Profil("parti_reliquat", 120, 0, partial(formes.dernier_mois, bas=0.2, haut=1.0)),
    Profil("parti_solde", 0, 0, partial(formes.constante, valeur=0.0), 0.5, a_jour=True),
)
CATALOGUE = PRESENTS + PARTIS
RANG = {profil.nom: i for i, profil in enumerate(CATALOGUE)}


def attribuer(rng: Tirage, parti: Booleens, tenure: Entiers, en_tiers_payant: Booleens) -> Entiers:
    """The rank in CATALOGUE of the way of paying of each account; leavers have their own."""
    resultat = np.full(len(parti), RANG["exemplaire"], dtype=np.int64)
    presents = np.flatnonzero(~parti)
    _servir(rng, resultat, presents, PRESENTS, tenure, en_tiers_payant)
    resultat[parti] = RANG["parti_solde"]
    _servir(rng, resultat, np.flatnonzero(parti), PARTIS, tenure, en_tiers_payant)
    return resultat


def _servir(
    rng: Tirage,
    resultat: Entiers,
    candidats: Entiers,
    profils: tuple[Profil, ...],
    tenure: Entiers,
    en_tiers_payant: Booleens,
) -> None:
    """Deal each quota, the demanding ones first, among the accounts that are still free and long enough there."""
    libres = rng.permutation(candidats)
    reste = 0.0
    for profil in profils:
        voulus = len(candidats) * profil.pour_mille / 1000 + reste
        nombre = int(voulus)
        reste = voulus - nombre
        aptes = tenure[libres] >= profil.tenure
        if profil.nom.startswith("aide_r"):
            aptes &= en_tiers_payant[libres]
        choisis = np.flatnonzero(aptes)[:nombre]
        resultat[libres[choisis]] = RANG[profil.nom]
        libres = np.delete(libres, choisis)

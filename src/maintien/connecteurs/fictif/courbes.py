"""Shapes of a debt over time, in months of what the tenant owes, drawn between knots.

A curve is five knots (k, value): k months before the last term due, 0 = that term. Before the first knot the value is
the first one; after the last, the last one. Two knots on one month make a step of one month.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maintien.connecteurs.fictif.tableaux import Entiers, Reels, Tirage, entre

NOEUDS = 5
AUCUN = -1
LOIN = 400
PENTE_MAX = 0.9
"""A tenant who pays nothing adds one month a month; a little less leaves room for months of another amount."""


@dataclass
class Courbes:
    """Knots of n curves, and what happens on them: a plan signed or broken, a debt put out by an aid or a remission.

    `plan_k`, `rupture_k`, `extinction_k`: months before the last term due, AUCUN if it does not happen.
    """

    cles: Entiers
    valeurs: Reels
    plan_k: Entiers
    plan_nombre: Entiers
    rupture_k: Entiers
    extinction_k: Entiers

    def au_mois(self, k: npt.NDArray[np.int64]) -> Reels:
        """The value of each curve at each k of its row."""
        resultat = np.repeat(self.valeurs[:, :1], k.shape[1], axis=1)
        for i in range(1, NOEUDS):
            depart = self.cles[:, i - 1 : i]
            duree = np.maximum(depart - self.cles[:, i : i + 1], 1)
            part = np.clip((depart - k) / duree, 0.0, 1.0)
            resultat += part * (self.valeurs[:, i : i + 1] - self.valeurs[:, i - 1 : i])
        return resultat


def courbes(nombre: int, *noeuds: tuple[Entiers | int, Reels | float]) -> Courbes:
    """Curves through these knots; the last one is repeated up to five."""
    complets = [*noeuds, *[noeuds[-1]] * (NOEUDS - len(noeuds))]
    cles = np.stack([np.broadcast_to(np.asarray(k, dtype=np.int64), nombre) for k, _ in complets], axis=1)
    valeurs = np.stack([np.broadcast_to(np.asarray(v, dtype=np.float64), nombre) for _, v in complets], axis=1)
    aucun = np.full(nombre, AUCUN, dtype=np.int64)
    return Courbes(cles, valeurs, aucun, np.zeros(nombre, dtype=np.int64), aucun.copy(), aucun.copy())


def _reels(rng: Tirage, nombre: int, bas: float, haut: float) -> Reels:
    return bas + rng.random(nombre) * (haut - bas)


def _duree(rng: Tirage, montee: Reels, lente: float) -> Entiers:
    """Months that a rise takes, at a pace between `lente` and the fastest one."""
    mois: Reels = np.ceil(montee / _reels(rng, len(montee), lente, PENTE_MAX))
    return np.maximum(mois.astype(np.int64), 1)


def constante(_rng: Tirage, nombre: int, valeur: float) -> Courbes:
    """The same value at all times: 0 pays each month, below 0 pays ahead."""
    return courbes(nombre, (LOIN, valeur))


def en_avance(rng: Tirage, nombre: int) -> Courbes:
    """Always a part of a month ahead."""
    return courbes(nombre, (LOIN, _reels(rng, nombre, -0.9, -0.3)))


def dernier_mois(rng: Tirage, nombre: int, bas: float, haut: float) -> Courbes:
    """Nothing ever, then a part of the last term unpaid."""
    return courbes(nombre, (1, 0.0), (0, _reels(rng, nombre, bas, haut)))


def deux_rejets(_rng: Tirage, nombre: int) -> Courbes:
    """The last two terms unpaid, whole."""
    return courbes(nombre, (2, 0.0), (0, 2.0))


def montee(rng: Tirage, nombre: int, bas: float, haut: float, lente: float) -> Courbes:
    """A debt that grows up to today."""
    fin = _reels(rng, nombre, bas, haut)
    return courbes(nombre, (_duree(rng, fin, lente), 0.0), (0, fin))


def reliquat(rng: Tirage, nombre: int) -> Courbes:
    """Each month a little is missing."""
    fin = _reels(rng, nombre, 0.15, 0.9)
    return courbes(nombre, (entre(rng, nombre, 3, 14), 0.0), (0, fin))


def decalage(rng: Tirage, nombre: int) -> Courbes:
    """One month behind for long, and no more."""
    debut = entre(rng, nombre, 5, 40)
    return courbes(nombre, (debut, 0.0), (debut - 1, _reels(rng, nombre, 1.02, 1.4)))


def plateau(rng: Tirage, nombre: int, bas: float, haut: float) -> Courbes:
    """An old debt, the current term paid."""
    fin = _reels(rng, nombre, bas, haut)
    debut = entre(rng, nombre, 4, 28)
    return courbes(nombre, (debut + _duree(rng, fin, 0.3), 0.0), (debut, fin))


def bosse(rng: Tirage, nombre: int) -> Courbes:
    """A debt of the past repaid under a plan that was kept."""
    sommet = _reels(rng, nombre, 1.3, 5.0)
    retour = entre(rng, nombre, 3, 12)
    fin = retour + entre(rng, nombre, 2, 18)
    resultat = courbes(nombre, (fin + _duree(rng, sommet, 0.4), 0.0), (fin, sommet), (fin - retour, 0.0))
    resultat.plan_k, resultat.plan_nombre = fin, retour
    return resultat


def alerte_puis_credit(rng: Tirage, nombre: int) -> Courbes:
    """A scare, then more paid than was owed."""
    sommet = _reels(rng, nombre, 0.9, 1.8)
    k = entre(rng, nombre, 2, 4)
    credit = _reels(rng, nombre, -1.3, -0.35)
    return courbes(nombre, (k + 2, 0.0), (k, sommet), (k - 1, credit))


def aidee(rng: Tirage, nombre: int) -> Courbes:
    """A debt put out by an aid on named months."""
    sommet = _reels(rng, nombre, 1.4, 2.6)
    k = entre(rng, nombre, 3, 24)
    resultat = courbes(nombre, (k + _duree(rng, sommet, 0.6), 0.0), (k, sommet), (k - 1, 0.0))
    resultat.extinction_k = k - 1
    return resultat


def effacee(rng: Tirage, nombre: int) -> Courbes:
    """A long debt wiped out by a decision, the current term paid since."""
    sommet = _reels(rng, nombre, 6.0, 22.0)
    k = entre(rng, nombre, 3, 20)
    resultat = courbes(nombre, (k + 1 + _duree(rng, sommet, 0.5), 0.0), (k + 1, sommet), (k, 0.0))
    resultat.extinction_k = k
    return resultat


def plan_tenu(rng: Tirage, nombre: int, bas: float, haut: float) -> Courbes:
    """A debt that goes down month after month under a plan."""
    fin = _reels(rng, nombre, bas, haut)
    ecoule = entre(rng, nombre, 2, 11)
    duree = rng.choice(np.array([15, 18, 24, 30, 36]), nombre)
    sommet = fin / (1 - ecoule / duree)
    resultat = courbes(nombre, (ecoule + _duree(rng, sommet, 0.4), 0.0), (ecoule, sommet), (0, fin))
    resultat.plan_k, resultat.plan_nombre = ecoule, duree
    return resultat


def plan_rompu(rng: Tirage, nombre: int, bas: float, haut: float) -> Courbes:
    """A plan kept for some months, then given up: the debt grows again."""
    fin = _reels(rng, nombre, bas, haut)
    signe = fin * _reels(rng, nombre, 0.45, 0.8)
    duree = rng.choice(np.array([18, 24, 30, 36]), nombre)
    tenus = entre(rng, nombre, 2, 6)
    creux = signe * (1 - tenus / duree)
    rupture = _duree(rng, fin - creux, 0.5)
    sommet = rupture + tenus
    resultat = courbes(nombre, (sommet + _duree(rng, signe, 0.4), 0.0), (sommet, signe), (rupture, creux), (0, fin))
    resultat.plan_k, resultat.plan_nombre, resultat.rupture_k = sommet, duree, rupture
    return resultat

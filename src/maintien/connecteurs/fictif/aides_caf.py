"""Incidents of the housing aid: broken for some months, given back by recalls, or taken back as an overpayment."""

from dataclasses import dataclass

import numpy as np

from maintien.connecteurs.fictif.horizon import Horizon
from maintien.connecteurs.fictif.profils import RANG
from maintien.connecteurs.fictif.tableaux import Entiers, Tirage, entre
from maintien.connecteurs.fictif.termes import Termes


@dataclass
class Rappels:
    """Recalls: for the account `lignes[i]`, `montants[i]` of the month of column `mois[i]`, paid at `colonnes[i]`."""

    lignes: Entiers
    colonnes: Entiers
    mois: Entiers
    montants: Entiers


@dataclass
class AideCaf:
    """`verse`: the aid really paid each month. `perdu`: what breaks have cost so far and no recall has given back."""

    verse: Entiers
    rappels: Rappels
    perdu: Entiers
    trop_percus: Entiers

    @property
    def rappele(self) -> Entiers:
        """Recalls received, by column of payment."""
        total = np.zeros_like(self.verse)
        np.add.at(total, (self.rappels.lignes, self.rappels.colonnes), self.rappels.montants)
        return total


def tirer_aide_caf(rng: Tirage, periode: Horizon, termes: Termes, profil: Entiers, dernier: Entiers) -> AideCaf:
    """The aid of each account, with the breaks that its way of paying calls for and some recalls at random."""
    verse = termes.apl.copy()
    perdu = np.zeros_like(verse)
    colonnes = np.arange(periode.colonnes)
    rompues = np.flatnonzero(profil == RANG["aide_rompue"])
    debut = dernier[rompues] - entre(rng, len(rompues), 1, 3)
    _rompre(verse, perdu, rompues, colonnes >= debut[:, np.newaxis])
    retablies = np.flatnonzero(profil == RANG["aide_retablie"])
    duree = entre(rng, len(retablies), 1, 4)
    reprise = dernier[retablies] - entre(rng, len(retablies), 2, 16)
    coupe = (colonnes >= (reprise - duree)[:, np.newaxis]) & (colonnes < reprise[:, np.newaxis]) & (colonnes > 0)
    _rompre(verse, perdu, retablies, coupe)
    perdu[retablies] *= colonnes < reprise[:, np.newaxis]
    rang, mois = np.nonzero(coupe & (termes.apl[retablies] > 0))
    dus = Rappels(retablies[rang], reprise[rang], mois, termes.apl[retablies][rang, mois])
    autres = _rappels_au_hasard(rng, periode, verse, profil)
    rappels = Rappels(
        *(
            np.concatenate([getattr(dus, nom), getattr(autres, nom)])
            for nom in ("lignes", "colonnes", "mois", "montants")
        )
    )
    return AideCaf(verse, rappels, perdu, _trop_percus(rng, verse))


def _rompre(
    verse: Entiers, perdu: Entiers, lignes: Entiers, coupe: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> None:
    """Take the aid away in these months and count the loss."""
    perdu[lignes] = np.cumsum(np.where(coupe, verse[lignes], 0), axis=1)
    verse[lignes] = np.where(coupe, 0, verse[lignes])


def _rappels_au_hasard(rng: Tirage, periode: Horizon, verse: Entiers, profil: Entiers) -> Rappels:
    """Small recalls of one past month, on accounts without another incident of the aid."""
    nombre = len(verse) * periode.colonnes // 450
    if not nombre or periode.colonnes < 6:
        vide = np.zeros(0, dtype=np.int64)
        return Rappels(vide, vide, vide, vide)
    cases = np.unique(rng.integers(0, len(verse) * periode.colonnes, nombre))
    lignes, colonnes = np.divmod(cases, periode.colonnes)
    mois = colonnes - rng.integers(1, 5, len(cases))
    calmes = ~np.isin(profil[lignes], [RANG["aide_rompue"], RANG["aide_retablie"]])
    gardes = calmes & (mois >= 1) & (verse[lignes, np.maximum(mois, 0)] > 0) & (verse[lignes, colonnes] > 0)
    montants = rng.integers(8, 60, len(cases)) * 100
    return Rappels(lignes[gardes], colonnes[gardes], mois[gardes], montants[gardes])


def _trop_percus(rng: Tirage, verse: Entiers) -> Entiers:
    """Overpayments that the Caf takes back from the landlord: a debit, due with the term of the month."""
    touches = (rng.random(verse.shape, dtype=np.float32) < 0.0012) & (verse > 0)
    touches[:, :2] = False
    return np.where(touches, rng.integers(20, 180, verse.shape, dtype=np.int32) * 100, 0).astype(np.int64)

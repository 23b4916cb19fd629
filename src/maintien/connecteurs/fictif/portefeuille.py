"""A fictitious landlord, made block by block: the same number of leases, seed and dates give the same bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from maintien.coeur.calendrier import Periode
from maintien.connecteurs.fictif.appels import (
    ecrire_apl,
    ecrire_appels,
    ecrire_reprise,
    tirer_occupants_sans_titre,
)
from maintien.connecteurs.fictif.baux import references_comptes, table_baux
from maintien.connecteurs.fictif.comptes import BLOC, tirer_comptes
from maintien.connecteurs.fictif.conduites import tirer_conduites
from maintien.connecteurs.fictif.encaissements import ecrire_versements
from maintien.connecteurs.fictif.evenements import (
    ecrire_aides_sur_quittance,
    ecrire_departs,
    ecrire_depots,
    ecrire_extinctions,
    ecrire_frais,
)
from maintien.connecteurs.fictif.horizon import Horizon, horizon
from maintien.connecteurs.fictif.journal import Journal, Vocabulaire
from maintien.connecteurs.fictif.personnes import table_locataires
from maintien.connecteurs.fictif.plans import table_plans
from maintien.connecteurs.fictif.termes import tirer_termes
from maintien.connecteurs.fictif.versements import tirer_versements

BAUX_AU_PLUS = 9_600_000
"""The seven digits of a dwelling in an account reference."""


class NombreDeBauxError(ValueError):
    """A number of leases that cannot be generated."""


@dataclass(frozen=True)
class Portefeuille:
    """Arrow tables with the columns of the pivot files, amounts in centimes (0 on the empty side), months as numbers.

    `ecritures` has one column more, `ordre`: the rank of delivery. Absent dates and months are null, texts are empty.
    """

    baux: Any
    locataires: Any
    ecritures: Any
    plans: Any


def engendrer(nb_baux: int, graine: int, du: Periode, au: date, fin: date | None = None) -> Portefeuille:
    """A landlord of `nb_baux` household leases (parkings and moves on top), opened on the first day of the month `du`.

    Households pay so that the shares of the national survey hold at `au`. The books stop there, or go on to `fin`:
    what is booked after `au` are then deliveries to come, in which everybody goes on as before.
    """
    lots = list(engendrer_par_lots(nb_baux, graine, du, au, fin))
    return Portefeuille(
        **{
            nom: pa.concat_tables(getattr(lot, nom) for lot in lots)
            for nom in ("baux", "locataires", "ecritures", "plans")
        }
    )


def engendrer_par_lots(
    nb_baux: int, graine: int, du: Periode, au: date, fin: date | None = None
) -> Iterator[Portefeuille]:
    """The same landlord in blocks of whole accounts, for any size in bounded memory."""
    if not 1 <= nb_baux <= BAUX_AU_PLUS:
        raise NombreDeBauxError(f"nombre de baux impossible : {nb_baux} ; donner un nombre de 1 à {BAUX_AU_PLUS}.")
    mois = horizon(du, au, fin or au)
    vocabulaire = Vocabulaire(mois)
    ordre = 0
    for bloc in range((nb_baux + BLOC - 1) // BLOC):
        nombre = min(BLOC, nb_baux - bloc * BLOC)
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([graine, bloc])))
        lot = _engendrer_bloc(rng, mois, vocabulaire, nombre, bloc, ordre)
        ordre += lot.ecritures.num_rows
        yield lot


def _engendrer_bloc(
    rng: np.random.Generator, mois: Horizon, vocabulaire: Vocabulaire, nombre: int, bloc: int, ordre: int
) -> Portefeuille:
    comptes = tirer_comptes(rng, mois, nombre, bloc)
    termes = tirer_termes(rng, mois, comptes)
    conduites = tirer_conduites(rng, mois, comptes, termes)
    versements = tirer_versements(comptes, termes, conduites)
    journal = Journal(mois, vocabulaire, nombre)
    ecrire_reprise(journal, comptes, conduites, versements)
    ecrire_depots(rng, journal, comptes)
    ecrire_appels(journal, termes, conduites, tirer_occupants_sans_titre(rng, conduites))
    ecrire_apl(journal, termes, conduites)
    ecrire_extinctions(journal, termes, conduites, versements)
    ecrire_aides_sur_quittance(rng, journal, termes, conduites, versements)
    ecrire_frais(rng, journal, conduites)
    ecrire_versements(rng, journal, comptes, termes, conduites, versements)
    ecrire_departs(rng, journal, comptes, conduites, versements)
    ecritures = journal.table(references_comptes(comptes))
    rangs = pa.array(np.arange(ordre, ordre + ecritures.num_rows, dtype=np.int64))
    return Portefeuille(
        baux=table_baux(rng, comptes, conduites),
        locataires=table_locataires(rng, comptes),
        ecritures=ecritures.append_column("ordre", rangs),
        plans=table_plans(rng, mois, comptes, termes, conduites, versements),
    )

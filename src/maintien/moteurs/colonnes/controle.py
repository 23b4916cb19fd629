"""What a person must be told of the entries of a file: refused, ignored, delivered twice (conventions C1 and C11)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from maintien.moteurs.colonnes.affectations import is_affectation_lisible
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES
from maintien.moteurs.colonnes.tri import connecter

_DOUBLONS = "select count(*) - count(distinct hash(reference_ecriture)) from ecritures"
_CONTENU = ", ".join(nom for nom in SCHEMA_ECRITURES.names if nom not in ("reference_ecriture", "ordre"))
_UNIQUES = (
    "select * from ecritures qualify row_number() over (partition by reference_ecriture order by ordre) = 1 "
    "order by ordre"
)
_DIVERGENTES = (
    f"select reference_ecriture from ecritures group by reference_ecriture "  # noqa: S608 - names of our own schema
    f"having count(distinct hash({_CONTENU})) > 1 order by 1"
)


@dataclass(frozen=True, slots=True)
class Controle:
    """`ecritures`: the first delivered of each reference. The rest is for the report.

    `divergentes`: references delivered again with another content. `refusees`: (reference, account) of the entries
    whose account has no lease. `illisibles`: (reference, affectation) of those whose named months are ignored.
    """

    ecritures: Any
    divergentes: list[str]
    refusees: list[tuple[str, str]]
    illisibles: list[tuple[str, str]]


def controler(ecritures: Any, baux: Any) -> Controle:
    """Set aside what C1 and C11 set aside, and say so."""
    divergentes: list[str] = []
    with connecter() as base:
        base.register("ecritures", ecritures)
        [(doublons,)] = base.execute(_DOUBLONS).fetchall()
        if doublons:
            divergentes = [reference for (reference,) in base.execute(_DIVERGENTES).fetchall()]
            ecritures = base.sql(_UNIQUES).to_arrow_table().cast(SCHEMA_ECRITURES)
    return Controle(ecritures, divergentes, _refusees(ecritures, baux), _illisibles(ecritures))


def _refusees(ecritures: Any, baux: Any) -> list[tuple[str, str]]:
    sans_bail = pc.invert(pc.is_in(ecritures.column("reference_compte"), value_set=baux.column("reference_compte")))
    return _couples(ecritures.filter(sans_bail), "reference_compte")


def _illisibles(ecritures: Any) -> list[tuple[str, str]]:
    remplies = ecritures.filter(pc.not_equal(ecritures.column("affectation"), ""))
    lisibles = [
        is_affectation_lisible(affectation, code)
        for affectation, code in zip(
            remplies.column("affectation").to_pylist(), remplies.column("code").to_pylist(), strict=True
        )
    ]
    return _couples(remplies.take(pa.array(np.flatnonzero(~np.array(lisibles, dtype=np.bool_)))), "affectation")


def _couples(ecritures: Any, colonne: str) -> list[tuple[str, str]]:
    return list(
        zip(ecritures.column("reference_ecriture").to_pylist(), ecritures.column(colonne).to_pylist(), strict=True)
    )

"""La somme qui évite l'impayé au sens de l'APL : elle suffit, et dix euros de moins ne suffisent pas."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.coeur.orientation.outils import compte

from maintien.coeur.calendrier import ajouter_mois
from maintien.coeur.orientation.faits import FaitsCompte
from maintien.coeur.orientation.seuils import ImpayePrevu, impaye_prevu

HORIZON = 35


def _compte(hasard: Random, au: date) -> FaitsCompte:
    """Un compte qui doit d'une à quatre échéances, dont le terme suivant tombe dans le mois."""
    prochaine = au + timedelta(days=hasard.randint(1, 31))
    restes = tuple(
        (ajouter_mois(prochaine, -recul), hasard.randint(1, 400_00))
        for recul in range(hasard.randint(1, 4), 0, -1)
        if ajouter_mois(prochaine, -recul) <= au
    ) or ((au, hasard.randint(1, 400_00)),)
    dette = sum(reste for _jour, reste in restes)
    return compte(
        "C1",
        au,
        apl_concerne=True,
        apl_seuil_ancien_centimes=hasard.choice((None, dette + hasard.randint(1, 900_00))),
        dette_locative_centimes=dette,
        dette_accessoires_centimes=hasard.choice((0, 8_00)),
        date_plus_ancien=restes[0][0],
        restes=restes,
        prochaine_echeance=prochaine,
        prochain_terme_centimes=hasard.randint(0, 500_00),
    )


def _prevu(vu: FaitsCompte, horizon: int = HORIZON) -> ImpayePrevu | None:
    return impaye_prevu(vu, vu.situation.au, horizon)


def _paye(vu: FaitsCompte, somme: int) -> FaitsCompte | None:
    """Le compte une fois une somme payée, frais d'abord ; rien quand elle dépasse ce qui est dû."""
    somme = max(0, somme - vu.situation.dette_accessoires_centimes)
    if somme > vu.situation.dette_locative_centimes:
        return None
    restes = []
    for jour, reste in vu.restes:
        part = min(somme, reste)
        somme -= part
        restes.append((jour, reste - part))
    dus = tuple((jour, reste) for jour, reste in restes if reste)
    situation = replace(
        vu.situation,
        dette_locative_centimes=sum(reste for _jour, reste in dus),
        dette_accessoires_centimes=0,
        date_plus_ancien=dus[0][0] if dus else None,
    )
    return replace(vu, situation=situation, restes=dus)


@pytest.mark.proprietes
@given(st.integers(0, 2**32), st.dates(date(2026, 9, 1), date(2027, 6, 30)))
def test_la_somme_suffit_et_dix_euros_de_moins_ne_suffisent_pas(graine: int, au: date) -> None:
    vu = _compte(Random(graine), au)  # noqa: S311 - un tirage d'épreuve
    prevu = _prevu(vu)
    if prevu is None:
        return

    assert au < prevu.jour <= au + timedelta(days=HORIZON)
    # La somme tient jusqu'au bout de l'horizon, et un mois au moins.
    tenir = max(HORIZON, (ajouter_mois(prevu.jour, 1) - au).days - 1)
    assert prevu.ensuite is None or prevu.ensuite > au + timedelta(days=tenir)
    apres, un_peu_moins = _paye(vu, prevu.suffisant_centimes), _paye(vu, prevu.suffisant_centimes - 10_00)
    if apres is not None:
        assert _prevu(apres, tenir) is None
    if un_peu_moins is not None:
        assert _prevu(un_peu_moins, tenir) is not None


def test_sans_le_detail_des_echeances_toute_la_dette_est_tenue_pour_la_plus_ancienne() -> None:
    vu = compte(
        "C1",
        date(2027, 3, 15),
        apl_concerne=True,
        dette_locative_centimes=160_00,
        date_plus_ancien=date(2027, 1, 5),
        prochaine_echeance=date(2027, 4, 5),
        prochain_terme_centimes=200_00,
    )

    prevu = _prevu(vu)

    assert prevu is not None
    assert (prevu.voie, prevu.jour, prevu.suffisant_centimes) == ("duree", date(2027, 4, 5), 160_00)

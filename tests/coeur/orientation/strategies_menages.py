"""Des ménages au hasard, cohérents entre leurs montants et leurs dates, pour les propriétés.

Un ménage se tire d'une graine que hypothesis choisit : une centaine de choix par ménage, trop lents un à un.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st
from tests.coeur.orientation.outils import compte, menage

from maintien.coeur.calendrier import ajouter_mois, periode_de
from maintien.coeur.orientation.faits import (
    DossierOuvert,
    Echange,
    FaitsCompte,
    FaitsMenage,
    Pause,
    Plan,
    Rejet,
    TermeTardif,
)

AU = date(2026, 10, 14)
MOTIFS = ("AM04", "AC04", "MD01", "MD06", "MD07", "MS03", "RC01", "")
_T = TypeVar("_T")


def menages(**fixes: Any) -> st.SearchStrategy[FaitsMenage]:
    """Un ménage d'un à trois comptes, joignable ou non, avec ou sans dossier et pause."""
    return st.integers(0, 2**32).map(lambda graine: replace(_menage(Random(graine)), **fixes))  # noqa: S311


def _jour(hasard: Random, du: date, au: date) -> date:
    return du + timedelta(days=hasard.randint(0, (au - du).days))


def _un_sur(hasard: Random, nombre: int, valeur: _T) -> _T | None:
    return valeur if hasard.randrange(nombre) == 0 else None


def _choix(hasard: Random, *valeurs: _T) -> _T:
    return hasard.choice(valeurs)


def _compte(hasard: Random, reference: str) -> FaitsCompte:
    terme = hasard.randint(10_00, 900_00)
    dette = _choix(hasard, 0, hasard.randint(1, terme), hasard.randint(1, 4 * terme))
    jour = _choix(hasard, 1, 5, 10, 15)
    derniere = date(2026, 10, jour) if jour <= AU.day else date(2026, 9, jour)
    age = hasard.randint(0, 14)
    plus_ancien = ajouter_mois(derniere, -age) if dette else None
    statut = _choix(hasard, "present", "present", "present", "parti", "futur")
    is_constitue = dette > 0 and statut == "present" and hasard.random() < 0.4
    mois = range(periode_de(AU) - 6, periode_de(AU) + 1)
    return compte(
        reference,
        AU,
        statut=statut,
        solde_centimes=dette,
        dette_exigible_centimes=dette,
        dette_locative_centimes=dette,
        excedent_apl_centimes=_choix(hasard, 0, 0, 0, 90_00),
        nb_termes_impayes=age + 1 if dette else 0,
        date_plus_ancien=plus_ancien,
        terme_moyen_net_centimes=terme,
        mois_de_dette_centiemes=(200 * dette + terme) // (2 * terme),
        trois_termes_moyens=dette >= 3 * terme,
        apl_concerne=hasard.random() < 0.5,
        apl_seuil_ancien_centimes=2 * terme,
        impaye_apl_legal=is_constitue,
        date_impaye_apl_legal=plus_ancien if is_constitue else None,
        constate_le=_un_sur(hasard, 2, AU - timedelta(days=3)),
        date_sortie=_jour(hasard, date(2023, 1, 1), AU) if statut == "parti" else None,
        dernier_mois_appele=hasard.randint(mois[2], mois[-1]),
        appels_recents=((derniere, terme),) if hasard.random() < 0.5 else (),
        prochaine_echeance=_un_sur(hasard, 2, ajouter_mois(derniere, 1)),
        prochain_terme_centimes=terme,
        apl_recue=tuple((m, 200_00) for m in mois if hasard.random() < 0.7),
        plan=_un_sur(hasard, 3, _plan(hasard)),
    )


def _plan(hasard: Random) -> Plan:
    premiere = _jour(hasard, date(2026, 4, 1), date(2026, 10, 30))
    return Plan("P1", date(2026, 3, 1), hasard.randint(100_00, 4_000_00), hasard.randint(1, 36), 100_00, premiere)


def _rejet(hasard: Random) -> Rejet:
    jour = _jour(hasard, AU - timedelta(days=120), AU)
    motif, has_cible = hasard.choice(MOTIFS), hasard.random() < 0.9
    return Rejet(_choix(hasard, "C1", "C2"), jour, hasard.randint(1, 900_00), motif, has_cible)


def _termes_tardifs(hasard: Random) -> tuple[TermeTardif, ...]:
    """Des termes payés tard ou encore dus, sur trois ans."""
    jours = sorted({_jour(hasard, date(2023, 10, 1), AU) for _ in range(hasard.randint(0, 6))})
    payes: Sequence[date | None] = [_un_sur(hasard, 2, jour + timedelta(days=hasard.randint(1, 60))) for jour in jours]
    return tuple(
        TermeTardif(jour, paye if paye is not None and paye <= AU else None)
        for jour, paye in zip(jours, payes, strict=True)
    )


def _menage(hasard: Random) -> FaitsMenage:
    fins = (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30))
    dossier = DossierOuvert(
        _jour(hasard, date(2026, 1, 1), AU),
        niveau=_choix(hasard, "ordinaire", "suivi", "protege"),
        cause=_choix(hasard, "inconnue", "durable"),
    )
    return menage(
        cle=f"M{hasard.getrandbits(40)}",
        comptes=tuple(_compte(hasard, f"C{n + 1}") for n in range(_choix(hasard, 1, 1, 2, 3))),
        locataire=_choix(hasard, "Mme Martinez", "M. Faure", "Émile Horn", "", "Mme {dette}"),
        has_titulaire=hasard.random() < 0.8,
        has_telephone=hasard.random() < 0.5,
        has_courriel=hasard.random() < 0.5,
        opposition_sms=hasard.random() < 0.5,
        contact_restreint=hasard.random() < 0.2,
        protection=_choix(hasard, "aucune", "aucune", "curatelle", "tutelle", "habilitation"),
        mandataire=_choix(hasard, "", "UDAF 31"),
        deces_le=_un_sur(hasard, 4, date(2026, 9, 1)),
        has_survivant=hasard.random() < 0.5,
        rejets=tuple(_rejet(hasard) for _ in range(hasard.randint(0, 3))),
        termes_tardifs=_termes_tardifs(hasard),
        dettes_passees=tuple((jour, hasard.randint(0, 2_000_00)) for jour in fins),
        dernier_paiement=_un_sur(hasard, 2, (_jour(hasard, date(2025, 1, 1), AU), hasard.randint(1, 900_00))),
        dernier_echange=_un_sur(hasard, 2, Echange(date(2026, 10, 1), "appel", "rappel promis")),
        pause=_un_sur(hasard, 3, Pause(date(2026, 10, 1), date(2026, 10, 31), "aide demandée")),
        dossier=_un_sur(hasard, 2, dossier),
    )

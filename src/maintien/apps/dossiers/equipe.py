"""Where the open dossiers of a landlord stand, by sector and by referent: counts, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from maintien.apps.comptes.models import SituationCompte
from maintien.apps.dossiers.enums import EtatDossier, EtatProposition
from maintien.apps.dossiers.models import Dossier, Proposition
from maintien.apps.dossiers.permissions import visible
from maintien.apps.organismes.models import Appartenance, Secteur, Utilisateur
from maintien.apps.organismes.selectors import working_day

EQUIPE = "equipe.voir"
_Cle = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Charge:
    """What one referent follows in one sector; nobody's dossiers when `referent` is None.

    `a_faire` and `en_retard` are households with a step to do, and with one whose day is past.
    """

    referent: Utilisateur | None = None
    dossiers: int = 0
    dette_exigible_centimes: int = 0
    a_faire: int = 0
    en_retard: int = 0


@dataclass(frozen=True, slots=True)
class ChargeSecteur:
    """A sector, or what has none, with its referents by name."""

    secteur: Secteur | None
    charges: tuple[Charge, ...]
    total: Charge = field(default_factory=Charge)


@dataclass(frozen=True, slots=True)
class EtatEquipe:
    au: date
    secteurs: tuple[ChargeSecteur, ...]
    total: Charge
    sans_referent: int


def team_state(appartenance: Appartenance) -> EtatEquipe:
    jour = working_day(appartenance.organisme)
    figures = _figures(appartenance, jour)
    secteurs = Secteur.objects.in_bulk([secteur for secteur, _ in figures if secteur is not None])
    referents = Utilisateur.objects.in_bulk([referent for _, referent in figures if referent is not None])
    lignes: dict[int | None, list[Charge]] = {}
    for (secteur, referent), valeurs in figures.items():
        charge = Charge(referents.get(referent) if referent is not None else None, **valeurs)
        lignes.setdefault(secteur, []).append(charge)
    par_secteur = [
        ChargeSecteur(secteurs.get(pk) if pk is not None else None, tuple(sorted(siennes, key=_rang)), _total(siennes))
        for pk, siennes in lignes.items()
    ]
    par_secteur.sort(key=lambda un: (un.secteur is None, un.secteur.code if un.secteur else ""))
    toutes = [charge for un in par_secteur for charge in un.charges]
    sans_referent = sum(charge.dossiers for charge in toutes if charge.referent is None)
    return EtatEquipe(jour, tuple(par_secteur), _total(toutes), sans_referent)


def _rang(charge: Charge) -> tuple[bool, str]:
    """Those whom nobody follows first, then by name."""
    return charge.referent is not None, str(charge.referent or "")


def _total(charges: Iterable[Charge]) -> Charge:
    charges = list(charges)
    noms = ("dossiers", "dette_exigible_centimes", "a_faire", "en_retard")
    return Charge(**{nom: sum(getattr(charge, nom) for charge in charges) for nom in noms})


def _figures(appartenance: Appartenance, jour: date) -> dict[_Cle, dict[str, Any]]:
    """Three grouped queries over what the reader may see."""
    ouverts = visible(Dossier.objects.filter(etat=EtatDossier.OUVERT), appartenance, EQUIPE)
    figures: dict[_Cle, dict[str, Any]] = {
        (secteur, referent): {"dossiers": nombre}
        for secteur, referent, nombre in ouverts.values_list("secteur_id", "referent_id")
        .annotate(nombre=Count("pk"))
        .order_by()
    }
    depasse = Q(avant_le__lt=jour) | Q(echeance_legale__lt=jour)
    etapes = Proposition.objects.filter(etat=EtatProposition.A_FAIRE, dossier__in=ouverts).values_list(
        "dossier__secteur_id", "dossier__referent_id"
    )
    comptees = etapes.annotate(
        a_faire=Count("dossier", distinct=True), en_retard=Count("dossier", distinct=True, filter=depasse)
    )
    for secteur, referent, a_faire, en_retard in comptees.order_by():
        figures[secteur, referent] |= {"a_faire": a_faire, "en_retard": en_retard}
    # One open dossier a household: no account is counted twice.
    dettes = (
        SituationCompte.objects.filter(compte__rattachement__menage__dossiers__in=ouverts)
        .values_list(
            "compte__rattachement__menage__dossiers__secteur_id",
            "compte__rattachement__menage__dossiers__referent_id",
        )
        .annotate(dette=Sum("dette_exigible_centimes"))
        .order_by()
    )
    for secteur, referent, dette in dettes:
        figures[secteur, referent] |= {"dette_exigible_centimes": dette}
    return figures

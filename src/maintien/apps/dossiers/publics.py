"""What programs read of a landlord: situations of accounts and state of dossiers, never of a protected household.

A household is protected here by any of three signs: a dossier of that level, be it a former one; a contact that is
restricted; one person, on any of its accounts, who asks not to be contacted. It is then in no list and at no address.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from maintien.apps.comptes.models import Compte, Occupation
from maintien.apps.dossiers.enums import EtatDossier, NiveauDossier
from maintien.apps.dossiers.models import Dossier, Menage, MenageCompte
from maintien.apps.dossiers.permissions import readable, visible, visible_comptes
from maintien.apps.organismes.enums import ClasseChamp, Mode, Niveau, Relation
from maintien.apps.organismes.habilitations import table
from maintien.apps.organismes.models import Appartenance
from maintien.apps.plans.models import PlanApurement

LIRE = "api.lire"


@dataclass(frozen=True, slots=True)
class DossierPublic:
    """The state of a dossier, with the accounts of its household that the asker may read, and what he reads of it."""

    dossier: Dossier
    comptes: tuple[str, ...]
    has_plan: bool
    classes: frozenset[ClasseChamp]


def situations(
    client: Appartenance, *, secteur: str = "", modifie_depuis: date | None = None, apres: str = "", limite: int
) -> list[Compte]:
    """Accounts with their situation, by reference, from the one after `apres`."""
    comptes = _comptes(client).filter(reference__gt=apres) if apres else _comptes(client)
    if secteur:
        comptes = comptes.filter(secteur__code=secteur)
    if modifie_depuis is not None:
        # Not known for figures that have not changed since the day is kept: given rather than missed.
        recentes = Q(situation__modifiee_le__gte=modifie_depuis) | Q(situation__modifiee_le=None)
        comptes = comptes.filter(recentes)
    return list(comptes.order_by("reference")[:limite])


def situation(client: Appartenance, reference: str) -> Compte | None:
    return _comptes(client).filter(reference=reference).first()


def situation_classes(client: Appartenance) -> frozenset[ClasseChamp]:
    """The classes of fields of an account: what is read at every level that an account may have."""
    cases = [table().case(client.role, LIRE, Relation.PERIMETRE, n) for n in Niveau if n is not Niveau.PROTEGE]
    if any(case.mode is not Mode.OUI for case in cases):
        return frozenset()
    return frozenset.intersection(*(case.classes for case in cases))


def dossiers(
    client: Appartenance, *, secteur: str = "", etat: EtatDossier | None = None, apres: int = 0, limite: int
) -> list[DossierPublic]:
    """Dossiers by number, from the one after `apres`."""
    lignes = _dossiers(client).filter(pk__gt=apres)
    if secteur:
        lignes = lignes.filter(secteur__code=secteur)
    if etat is not None:
        lignes = lignes.filter(etat=etat)
    return _lus(client, list(lignes.order_by("pk")[:limite]))


def dossier(client: Appartenance, pk: int) -> DossierPublic | None:
    return next(iter(_lus(client, list(_dossiers(client).filter(pk=pk)))), None)


def _comptes(client: Appartenance) -> QuerySet[Compte]:
    comptes = Compte.objects.filter(situation__isnull=False).select_related("situation", "secteur")
    retenus = Occupation.objects.filter(personne__contact_restreint=True).values("compte_id")
    proteges = _menages_proteges().values("pk")
    comptes = comptes.exclude(rattachement__menage_id__in=proteges).exclude(pk__in=retenus)
    return visible_comptes(comptes, client, LIRE)


def _dossiers(client: Appartenance) -> QuerySet[Dossier]:
    tous = Dossier.objects.exclude(menage_id__in=_menages_proteges().values("pk"))
    return visible(tous.select_related("secteur"), client, LIRE)


def _menages_proteges() -> QuerySet[Menage]:
    suivis = Dossier.objects.filter(niveau=NiveauDossier.PROTEGE).values("menage_id")
    retenus = Occupation.objects.filter(personne__contact_restreint=True).values("compte_id")
    rattaches = MenageCompte.objects.filter(compte_id__in=retenus).values("menage_id")
    return Menage.objects.filter(Q(contact_restreint=True) | Q(pk__in=suivis) | Q(pk__in=rattaches))


def _lus(client: Appartenance, lignes: list[Dossier]) -> list[DossierPublic]:
    """Three queries whatever the number of dossiers."""
    rattaches = MenageCompte.objects.filter(
        menage_id__in=[ligne.menage_id for ligne in lignes],
        compte__in=visible_comptes(Compte.objects.all(), client, LIRE),
    )
    comptes: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for menage_id, reference, compte_id in rattaches.values_list("menage_id", "compte__reference", "compte_id"):
        comptes[menage_id].append((reference, compte_id))
    cles = [compte_id for siens in comptes.values() for _, compte_id in siens]
    courants = PlanApurement.objects.filter(compte_id__in=cles, date_rupture=None, date_solde=None)
    en_plan = set(courants.values_list("compte_id", flat=True))
    return [
        DossierPublic(
            ligne,
            tuple(sorted(reference for reference, _ in comptes[ligne.menage_id])),
            any(compte_id in en_plan for _, compte_id in comptes[ligne.menage_id]),
            readable(client, LIRE, ligne),
        )
        for ligne in lignes
    ]

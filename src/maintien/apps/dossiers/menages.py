"""Households: which accounts belong together, how they are named, and the protection that covers all of them.

Called after every import of leases or people, in its transaction, and safe to repeat. A household is never split and
a protection never lifted here: a person decides that.
"""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from maintien.apps.comptes.models import Bail, Compte, Occupation
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES
from maintien.apps.dossiers.enums import GenreFait
from maintien.apps.dossiers.faits import record_fait
from maintien.apps.dossiers.models import Dossier, Fait, Menage, MenageCompte
from maintien.apps.socle import journal

_LOT = 2000


class _Groupes:
    """Union of accounts (disjoint sets, path halving)."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def find(self, compte: int) -> int:
        parents = self._parents
        parents.setdefault(compte, compte)
        while parents[compte] != compte:
            parents[compte] = parents[parents[compte]]
            compte = parents[compte]
        return compte

    def join(self, un: int, autre: int) -> None:
        racines = sorted((self.find(un), self.find(autre)))
        self._parents[racines[1]] = racines[0]

    def components(self) -> list[list[int]]:
        par_racine: dict[int, list[int]] = defaultdict(list)
        for compte in sorted(self._parents):
            par_racine[self.find(compte)].append(compte)
        return list(par_racine.values())


def attach_menages() -> int:
    """Put every account in a household; returns the number of accounts attached or moved."""
    with transaction.atomic():
        connus = dict(MenageCompte.objects.values_list("compte_id", "menage_id"))
        composants = _composants()
        nouveaux = [c for c in composants if not any(compte in connus for compte in c)]
        crees = Menage.objects.bulk_create([Menage() for _ in nouveaux], batch_size=_LOT)
        liens = [
            MenageCompte(menage=menage, compte_id=compte)
            for menage, composant in zip(crees, nouveaux, strict=True)
            for compte in composant
        ]
        deplaces = 0
        for composant in composants:
            menages = sorted({connus[compte] for compte in composant if compte in connus})
            if menages:
                liens += [MenageCompte(menage_id=menages[0], compte_id=c) for c in composant if c not in connus]
                deplaces += _absorb(menages[0], menages[1:])
        MenageCompte.objects.bulk_create(liens, batch_size=_LOT)
        return len(liens) + deplaces


def _composants() -> list[list[int]]:
    """Accounts linked by a tenant or by an annexed lease; never by a guarantor, who may stand for two households."""
    groupes = _Groupes()
    for compte in Compte.objects.values_list("pk", flat=True).iterator(chunk_size=_LOT):
        groupes.find(compte)
    premiers: dict[int, int] = {}
    occupations = Occupation.objects.filter(role__in=ROLES_LOCATAIRES).values_list("personne_id", "compte_id")
    for personne, compte in occupations.order_by("pk").iterator(chunk_size=_LOT):
        groupes.join(premiers.setdefault(personne, compte), compte)
    comptes_des_baux = dict(Bail.objects.values_list("reference", "compte_id"))
    annexes = Bail.objects.exclude(bail_annexe_de="").values_list("bail_annexe_de", "compte_id")
    for principal, compte in annexes.iterator(chunk_size=_LOT):
        if principal in comptes_des_baux:
            groupes.join(comptes_des_baux[principal], compte)
    return groupes.components()


def _absorb(garde: int, autres: Collection[int]) -> int:
    """Move the accounts of households that turn out to be the same one, unless they already have a history."""
    if not autres:
        return 0
    pris = set(Dossier.objects.filter(menage_id__in=autres).values_list("menage_id", flat=True))
    pris |= set(Fait.objects.filter(menage_id__in=autres).values_list("menage_id", flat=True))
    vides = [menage for menage in autres if menage not in pris]
    if not vides:
        return 0
    if Menage.objects.filter(pk__in=vides, contact_restreint=True).exists():
        Menage.objects.filter(pk=garde).update(contact_restreint=True)
    deplaces = MenageCompte.objects.filter(menage_id__in=vides).update(menage_id=garde)
    Menage.objects.filter(pk__in=vides).delete()
    return deplaces


def protect_menages() -> int:
    """Protect at once every household in which one person asks not to be contacted; returns how many were not yet.

    Any person counts, a guarantor too: when in doubt one asks before calling.
    """
    aujourd_hui = timezone.localdate()
    with transaction.atomic():
        concernes = Menage.objects.filter(
            contact_restreint=False,
            rattachements__compte__occupations__personne__contact_restreint=True,
        ).distinct()
        menages = list(concernes)
        Menage.objects.filter(pk__in=[menage.pk for menage in menages]).update(contact_restreint=True)
        for menage in menages:
            record_fait(menage, GenreFait.PROTECTION, aujourd_hui, source="import", contact_restreint=True)
            journal.record("protection.posee", menage, motif="contact restreint signalé par le bailleur")
        return len(menages)


def protected_person_ids() -> set[int]:
    """People whose coordinates an import must leave as they are: everyone of a protected household."""
    proteges = Menage.objects.filter(contact_restreint=True).values("pk")
    suivis = Dossier.objects.filter(niveau="protege").values("menage_id")
    occupations = Occupation.objects.values_list("personne_id", flat=True)
    return set(occupations.filter(compte__rattachement__menage_id__in=proteges)) | set(
        occupations.filter(compte__rattachement__menage_id__in=suivis)
    )

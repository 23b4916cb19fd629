"""Who is named on a protected household: never nobody, and nobody by accident.

A level that a rule raises names the duo. A person who leaves, or loses the role that reads protected dossiers, counts
no more; when the last one goes, the heads of service are named, and not whoever took his seat.
"""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from maintien.apps.dossiers.enums import NiveauDossier
from maintien.apps.dossiers.models import Dossier, Menage, MiseSousProtection, PersonneNommee
from maintien.apps.organismes.enums import Mode, Niveau, Relation, Role
from maintien.apps.organismes.habilitations import table
from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.apps.socle import journal
from maintien.apps.socle.journal import Ligne

LIRE = "dossier.voir"


def roles_that_may(permission: str) -> list[str]:
    """The roles that do this on a protected dossier once they are named on it."""
    cellule = (Relation.PORTEFEUILLE, Niveau.PROTEGE)
    return [role for role in Role.values if table().of(role, permission)[cellule].mode is not Mode.NON]


def active_members(permission: str = LIRE, roles: Collection[str] = ()) -> QuerySet[Appartenance]:
    """Those who may be named: active, with a role that reads protected dossiers."""
    ouverts = [role for role in roles_that_may(permission) if not roles or role in roles]
    return Appartenance.objects.filter(actif=True, utilisateur__is_active=True, role__in=ouverts)


def nameable() -> list[Utilisateur]:
    membres = active_members().select_related("utilisateur")
    return [m.utilisateur for m in membres.order_by("utilisateur__last_name", "utilisateur__first_name", "pk")]


def named_on(menage_id: int, permission: str = LIRE) -> list[int]:
    """The users who are named on this household and may still read it, by key."""
    nommes = PersonneNommee.objects.filter(
        menage_id=menage_id, utilisateur_id__in=active_members(permission).values("utilisateur_id")
    )
    return list(nommes.order_by("utilisateur_id").values_list("utilisateur_id", flat=True))


def name_followers(menage_ids: Collection[int]) -> int:
    """See that each protected household of these has somebody left; returns how many were given somebody.

    The duo where nobody was ever named and a rule raised the level; the heads of service in every other case.
    In the transaction of the job.
    """
    return _name(Q(menage_id__in=menage_ids))


def name_all() -> int:
    """The same for all the protected households of the organisme."""
    return _name(Q())


def _name(condition: Q) -> int:
    presents = PersonneNommee.objects.filter(utilisateur_id__in=active_members().values("utilisateur_id"))
    proteges = Dossier.objects.filter(condition, niveau=NiveauDossier.PROTEGE)
    seuls = {d.menage_id: d for d in proteges.exclude(menage_id__in=presents.values("menage_id")).order_by("pk")}
    if not seuls:
        return 0
    jamais = set(seuls) - _once_named(seuls)
    chefs = list(active_members(roles=[Role.RESPONSABLE]).order_by("pk").values_list("utilisateur_id", flat=True))
    actifs = set(active_members().values_list("utilisateur_id", flat=True))
    nommes = {
        menage_id: sorted(_duo(dossier, actifs) if menage_id in jamais else ()) or sorted(set(chefs))
        for menage_id, dossier in seuls.items()
    }
    PersonneNommee.objects.bulk_create(
        PersonneNommee(menage_id=menage_id, utilisateur_id=pk) for menage_id, pks in nommes.items() for pk in pks
    )
    journal.record_many(
        Ligne(
            "protection.nommer",
            Menage(pk=menage_id),
            {"utilisateurs": pks},
            "niveau posé par une règle" if menage_id in jamais else "plus personne de nommé n'est en poste",
        )
        for menage_id, pks in nommes.items()
        if pks
    )
    return sum(1 for pks in nommes.values() if pks)


def _once_named(menage_ids: Iterable[int]) -> set[int]:
    """Where a person, or a rule before, said who is to know: whoever sits there since was not chosen."""
    nommes = PersonneNommee.objects.filter(menage_id__in=menage_ids).values_list("menage_id", flat=True)
    places = MiseSousProtection.objects.filter(menage_id__in=menage_ids).values_list("menage_id", flat=True)
    return {*nommes, *places}


def _duo(dossier: Dossier, actifs: Collection[int]) -> set[int]:
    return {pk for pk in (dossier.referent_id, dossier.cesf_id) if pk is not None and pk in actifs}

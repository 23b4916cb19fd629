"""Who is named on a protected household. A level that a rule raised must not hide a household from everybody."""

from collections.abc import Collection

from maintien.apps.dossiers.enums import NiveauDossier
from maintien.apps.dossiers.models import Dossier, Menage, PersonneNommee
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle import journal
from maintien.apps.socle.journal import Ligne


def name_followers(menage_ids: Collection[int]) -> int:
    """Name the duo on each protected household of these that names nobody, the heads of service where it has none.

    In the transaction of the job that raised the level. Returns how many households were given somebody.
    """
    proteges = Dossier.objects.filter(menage_id__in=menage_ids, niveau=NiveauDossier.PROTEGE)
    seuls = {d.menage_id: d for d in proteges.exclude(menage__personnes_nommees__isnull=False).order_by("pk")}
    if not seuls:
        return 0
    responsables = Appartenance.objects.filter(role=Role.RESPONSABLE, actif=True, utilisateur__is_active=True)
    chefs = list(responsables.order_by("pk").values_list("utilisateur_id", flat=True))
    nommes = {
        menage_id: [pk for pk in (dossier.referent_id, dossier.cesf_id) if pk is not None] or chefs
        for menage_id, dossier in seuls.items()
    }
    PersonneNommee.objects.bulk_create(
        PersonneNommee(menage_id=menage_id, utilisateur_id=pk) for menage_id, pks in nommes.items() for pk in set(pks)
    )
    journal.record_many(
        Ligne(
            "protection.nommer", Menage(pk=menage_id), {"utilisateurs": sorted(set(pks))}, "niveau posé par une règle"
        )
        for menage_id, pks in nommes.items()
    )
    return sum(1 for pks in nommes.values() if pks)

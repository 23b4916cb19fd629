"""The households that share a tenant with this one: whether they are one is for a person to say.

Nothing here says where anybody lives; a household whose contact is restricted is named to nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from maintien.apps.comptes.models import Compte, Occupation
from maintien.apps.dossiers.canaux_surs import kept_menages
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES, nom_complet
from maintien.apps.dossiers.enums import EtatRapprochement
from maintien.apps.dossiers.models import Dossier, Menage, Rapprochement
from maintien.apps.dossiers.permissions import visible_comptes
from maintien.apps.organismes.models import Appartenance

CORRIGER = "menage.corriger"


@dataclass(frozen=True, slots=True)
class Voisin:
    """`autre`: the other household, empty once it was joined; `communs`: the tenants whom both sides name."""

    rapprochement: Rapprochement
    autre: Menage
    comptes: tuple[str, ...]
    communs: tuple[str, ...]

    @property
    def etat(self) -> EtatRapprochement:
        return EtatRapprochement(self.rapprochement.etat)


def voisins(appartenance: Appartenance, dossier: Dossier) -> tuple[Voisin, ...]:
    """Those that this person may decide about. Five queries at most; one when there is none."""
    menage_id = dossier.menage_id
    paires = Rapprochement.objects.filter(Q(un_id=menage_id) | Q(autre_id=menage_id)).select_related("un", "autre")
    trouves = [(paire, paire.autre if paire.un_id == menage_id else paire.un) for paire in paires.order_by("pk")]
    if not trouves or dossier.menage.contact_restreint:
        return ()
    gardes = kept_menages([menage_id, *(autre.pk for _, autre in trouves)])
    if menage_id in gardes:
        return ()
    ids = [autre.pk for _, autre in trouves if not autre.contact_restreint and autre.pk not in gardes]
    comptes, communs = _decidable(appartenance, ids), _shared(menage_id, ids)
    return tuple(
        Voisin(paire, autre, _references(paire, comptes.get(autre.pk, ())), tuple(communs.get(autre.pk, ())))
        for paire, autre in trouves
        if (paire.etat == EtatRapprochement.REUNIS and paire.garde_id == menage_id)
        or (paire.etat != EtatRapprochement.REUNIS and comptes.get(autre.pk))
    )


def _references(paire: Rapprochement, comptes: Sequence[str]) -> tuple[str, ...]:
    return tuple(paire.deplaces.get("references", ())) if paire.etat == EtatRapprochement.REUNIS else tuple(comptes)


def _decidable(appartenance: Appartenance, menage_ids: Collection[int]) -> dict[int, list[str]]:
    """The accounts of households all of whose accounts are in the reach of this person."""
    tous: dict[int, list[tuple[int, str]]] = defaultdict(list)
    lignes = Compte.objects.filter(rattachement__menage_id__in=menage_ids).order_by("reference")
    for menage_id, pk, reference in lignes.values_list("rattachement__menage_id", "pk", "reference"):
        tous[menage_id].append((pk, reference))
    a_portee = set(visible_comptes(lignes, appartenance, CORRIGER).values_list("pk", flat=True))
    return {
        menage_id: [reference for _, reference in comptes]
        for menage_id, comptes in tous.items()
        if all(pk in a_portee for pk, _ in comptes)
    }


def _shared(menage_id: int, autres: Iterable[int]) -> dict[int, list[str]]:
    tenues = Occupation.objects.filter(
        compte__rattachement__menage_id__in=[menage_id, *autres], role__in=ROLES_LOCATAIRES
    ).select_related("personne", "compte__rattachement")
    noms: dict[int, dict[int, str]] = defaultdict(dict)
    for tenue in tenues.order_by("pk"):
        noms[tenue.compte.rattachement.menage_id][tenue.personne_id] = nom_complet(tenue.personne)
    siens = noms[menage_id]
    return {autre: [nom for pk, nom in noms[autre].items() if pk in siens] for autre in autres}

"""Sectors, from the landlord's table down to who follows whom: homes, accounts, then the dossiers that are open.

After an import, a change of the table, and every night: somebody who leaves, or moves to another sector, keeps no
dossier that they can no longer open. A protected household keeps somebody named: never nobody, never their successor.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from maintien.apps.comptes.secteurs import assign_secteurs
from maintien.apps.dossiers.decisions import Alignement, align_dossiers
from maintien.apps.dossiers.enums import EtatDossier
from maintien.apps.dossiers.levees import expire_requests
from maintien.apps.dossiers.models import Dossier, MenageCompte
from maintien.apps.dossiers.nominations import name_all
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Secteur
from maintien.apps.socle import journal

_LOT = 1000
_ROLES = {"referent_id": (Role.RECOUVREMENT, Role.CONTENTIEUX), "cesf_id": (Role.CESF,)}

# Sectors that a user covers, by role: None stands for all of them.
_Couvertures = Mapping[tuple[str, int], set[int | None]]


def align_secteurs(jour: date | None = None) -> int:
    """Give homes and accounts their sector, then open dossiers theirs; returns how many dossiers changed."""
    assign_secteurs()
    return realign_dossiers(jour or timezone.localdate())


def realign_dossiers(jour: date) -> int:
    """Safe to repeat. A dossier whose household has no sector at all keeps its own: somebody must see it."""
    couvertures = _coverage()
    noms = dict(Secteur.objects.values_list("pk", "nom"))
    champs = ("pk", "menage_id", "secteur_id", "referent_id", "cesf_id")
    ouverts = list(Dossier.objects.filter(etat=EtatDossier.OUVERT).order_by("pk").values_list(*champs))
    changes = 0
    for debut in range(0, len(ouverts), _LOT):
        lot = ouverts[debut : debut + _LOT]
        secteurs = _household_sectors([menage for _, menage, *_ in lot])
        voulus = [
            _wanted(dossier, secteur, secteurs.get(menage, secteur), (referent, cesf), couvertures, noms)
            for dossier, menage, secteur, referent, cesf in lot
        ]
        with journal.atomic():
            changes += align_dossiers([voulu for voulu in voulus if voulu is not None], jour)
    with journal.atomic():
        name_all()
    expire_requests(jour)
    return changes


def _wanted(
    dossier: int,
    avant: int | None,
    secteur: int | None,
    duo: tuple[int | None, int | None],
    couvertures: _Couvertures,
    noms: Mapping[int, str],
) -> Alignement | None:
    gardes = [
        membre if membre is not None and _covers(couvertures, roles, membre, secteur) else None
        for membre, roles in zip(duo, _ROLES.values(), strict=True)
    ]
    phrases = []
    if secteur != avant and secteur is not None:
        phrases.append(f"Le logement dépend maintenant du secteur {noms[secteur]}.")
    for garde, membre, nom in zip(gardes, duo, ("Le référent", "La CESF"), strict=True):
        if garde != membre:
            phrases.append(f"{nom} ne suit plus ce secteur : à désigner.")
    if not phrases:
        return None
    return Alignement(dossier, secteur, gardes[0], gardes[1], " ".join(phrases))


def _covers(couvertures: _Couvertures, roles: Iterable[Role], membre: int, secteur: int | None) -> bool:
    siens = set().union(*(couvertures.get((role, membre), set()) for role in roles))
    return None in siens or secteur in siens


def _coverage() -> _Couvertures:
    couvertures: dict[tuple[str, int], set[int | None]] = defaultdict(set)
    actifs = Appartenance.objects.filter(actif=True, utilisateur__is_active=True)
    for role, secteur, utilisateur in actifs.values_list("role", "secteur_id", "utilisateur_id"):
        couvertures[role, utilisateur].add(secteur)
    return couvertures


def _household_sectors(menage_ids: Iterable[int]) -> dict[int, int]:
    """The sector that a new dossier of each household would have: that of its first account that has one."""
    liens = MenageCompte.objects.filter(menage_id__in=menage_ids, compte__secteur__isnull=False)
    secteurs: dict[int, int] = {}
    for menage, secteur in liens.order_by("compte__reference").values_list("menage_id", "compte__secteur_id"):
        secteurs.setdefault(menage, secteur)
    return secteurs

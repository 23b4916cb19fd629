"""Households: which accounts are put together, and the protection that an import lays on all of them.

Called after every import of leases or people, in its transaction, and safe to repeat. A household is never split and
a protection never lifted here: a person decides that.
"""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from maintien.apps.comptes.models import Occupation
from maintien.apps.dossiers.attention import extend_protections
from maintien.apps.dossiers.canaux_surs import kept_people
from maintien.apps.dossiers.enums import EtatRapprochement, GenreFait, Protection
from maintien.apps.dossiers.models import Dossier, Fait, Menage, MenageCompte, MiseSousProtection, Rapprochement
from maintien.apps.dossiers.protections import take_effect
from maintien.apps.dossiers.rapprochements import group_comptes
from maintien.apps.socle import journal
from maintien.apps.socle.journal import Ligne

_LOT = 2000
_LOT_PROTEGE = 500
_MESURE = ("protection", "mandataire", "mandataire_adresse", "protection_depuis", "personne_protegee_id")
A_RAPPROCHER = "menage.a_rapprocher"


def attach_menages() -> int:
    """Put every account in a household; returns the number of accounts attached or moved."""
    with journal.atomic():
        connus = dict(MenageCompte.objects.values_list("compte_id", "menage_id"))
        tailles = Counter(connus.values())
        rapprochements = group_comptes()
        seuls: list[list[int]] = []
        liens: list[MenageCompte] = []
        a_verifier = list(rapprochements.a_verifier)
        deplaces = 0
        for composant in rapprochements.groupes:
            presents = Counter(connus[compte] for compte in composant if compte in connus)
            neufs = [compte for compte in composant if compte not in connus]
            # A household that also holds somebody else's account takes no more of them: a person sorts it out.
            propres = sorted(menage for menage, nombre in presents.items() if nombre == tailles[menage])
            if propres:
                garde, pris = _absorb(propres)
                liens += [MenageCompte(menage_id=garde, compte_id=compte) for compte in neufs]
                deplaces += pris
            elif neufs:
                seuls.append(neufs)
            if len(presents) > len(propres):
                a_verifier += [(composant[0], autre) for autre in composant[1:]]
        crees = Menage.objects.bulk_create([Menage() for _ in seuls], batch_size=_LOT)
        liens += [
            MenageCompte(menage=menage, compte_id=compte)
            for menage, comptes in zip(crees, seuls, strict=True)
            for compte in comptes
        ]
        MenageCompte.objects.bulk_create(liens, batch_size=_LOT)
        _propose_joins(a_verifier)
        return len(liens) + deplaces


def _absorb(menage_ids: Sequence[int]) -> tuple[int, int]:
    """Make one of households that turn out to be the same, unless two of them already have a history.

    Returns the household kept and how many accounts moved.
    """
    if len(menage_ids) < 2:
        return menage_ids[0], 0
    menages = list(Menage.objects.filter(pk__in=menage_ids).order_by("pk"))
    suivis = set(Dossier.objects.filter(menage_id__in=menage_ids).values_list("menage_id", flat=True))
    notes = Fait.objects.filter(menage_id__in=menage_ids, auteur__isnull=False)
    suivis |= set(notes.values_list("menage_id", flat=True))
    # What protects a household is written on it: it is taken into no other.
    suivis |= set(MiseSousProtection.objects.filter(menage_id__in=menage_ids).values_list("menage_id", flat=True))
    garde = next((menage for menage in menages if menage.pk in suivis), menages[0])
    separes = _kept_apart(garde.pk)
    vides = [m for m in menages if m.pk != garde.pk and m.pk not in suivis and m.pk not in separes]
    return garde.pk, sum(_merge(garde, vide) for vide in vides if _is_compatible(garde, vide))


def _kept_apart(menage_id: int) -> set[int]:
    """The households that a person said are others than this one: no file overrules that."""
    dits = Rapprochement.objects.filter(Q(un_id=menage_id) | Q(autre_id=menage_id), etat=EtatRapprochement.DISTINCTS)
    return {pk for paire in dits.values_list("un_id", "autre_id") for pk in paire} - {menage_id}


def _is_compatible(garde: Menage, vide: Menage) -> bool:
    """Two different measures cannot be kept on one household: a person sorts them out."""
    mesures = [[getattr(m, champ) for champ in _MESURE] for m in (garde, vide) if m.protection != Protection.AUCUNE]
    return len(mesures) < 2 or mesures[0] == mesures[1]


def _merge(garde: Menage, vide: Menage) -> int:
    """Move the accounts and the facts of a household into another, with every protection that covered it."""
    avant = (garde.contact_restreint, garde.protection, garde.deces_le)
    garde.contact_restreint = garde.contact_restreint or vide.contact_restreint
    garde.deces_le = max(filter(None, (garde.deces_le, vide.deces_le)), default=None)
    if vide.protection != Protection.AUCUNE:
        for champ in _MESURE:
            setattr(garde, champ, getattr(vide, champ))
    garde.save(update_fields=["contact_restreint", "deces_le", *(c.removesuffix("_id") for c in _MESURE)])
    Fait.objects.filter(menage=vide).update(menage=garde)
    deplaces = MenageCompte.objects.filter(menage=vide).update(menage=garde)
    _carry_decisions(garde, vide)
    journal.record("menage.reunir", garde, absorbe=vide.pk, comptes=deplaces)
    vide.delete()
    if avant != (garde.contact_restreint, garde.protection, garde.deces_le):
        take_effect([garde.pk])
    return deplaces


def _carry_decisions(garde: Menage, vide: Menage) -> None:
    """What a person kept apart from the household that goes stays apart from the one that takes its place."""
    for autre_id in _kept_apart(vide.pk) - {garde.pk}:
        un_id, dernier_id = sorted((garde.pk, autre_id))
        Rapprochement.objects.update_or_create(
            un_id=un_id, autre_id=dernier_id, defaults={"etat": EtatRapprochement.DISTINCTS}
        )


def _propose_joins(paires: Sequence[tuple[int, int]]) -> None:
    """Name once two households that share a tenant: whether they are one is for a person to say (`reunions`)."""
    if not paires:
        return
    liens = dict(MenageCompte.objects.values_list("compte_id", "menage_id"))
    trouvees = {(min(a, b), max(a, b)) for a, b in ((liens[un], liens[autre]) for un, autre in paires) if a != b}
    nouvelles = sorted(trouvees - set(Rapprochement.objects.values_list("un_id", "autre_id")))
    Rapprochement.objects.bulk_create(
        (Rapprochement(un_id=un, autre_id=autre) for un, autre in nouvelles), batch_size=_LOT
    )
    journal.record_many(Ligne(A_RAPPROCHER, Menage(pk=un), {"autre": autre}) for un, autre in nouvelles)


def protect_menages() -> int:
    """Protect at once every household in which one person asks not to be contacted; returns how many were not yet.

    Any person counts, a guarantor too: when in doubt one asks before calling. Whoever a person of the team protects
    stays so, by the same people, under a lease that this import brings.
    """
    concernes = Menage.objects.filter(rattachements__compte__occupations__personne__contact_restreint=True)
    etendus = extend_protections()
    return etendus + restrict(concernes, "contact restreint signalé par le bailleur")


def restrict(menages: QuerySet[Menage], motif: str) -> int:
    """Protect households that an import names, with all its effects; a number of queries that depends on no count."""
    aujourd_hui = timezone.localdate()
    with journal.atomic():
        nouveaux = list(menages.filter(contact_restreint=False).distinct())
        for debut in range(0, len(nouveaux), _LOT_PROTEGE):
            lot = nouveaux[debut : debut + _LOT_PROTEGE]
            Menage.objects.filter(pk__in=[menage.pk for menage in lot]).update(contact_restreint=True)
            Fait.objects.bulk_create(
                Fait(
                    menage=menage,
                    genre=GenreFait.PROTECTION,
                    date=aujourd_hui,
                    source="import",
                    donnees={"contact_restreint": True},
                )
                for menage in lot
            )
            journal.record_many(Ligne("protection.posee", menage, motif=motif) for menage in lot)
            take_effect([menage.pk for menage in lot])
    return len(nouveaux)


def protected_person_ids() -> set[int]:
    """People whose coordinates an import must leave as they are: everyone of a protected household.

    And whoever was of one, until somebody says that the coordinates of the file are good again.
    """
    proteges = Menage.objects.filter(contact_restreint=True).values("pk")
    suivis = Dossier.objects.filter(niveau="protege").values("menage_id")
    occupations = Occupation.objects.values_list("personne_id", flat=True)
    restreints = set(occupations.filter(compte__rattachement__menage_id__in=proteges))
    return restreints | set(occupations.filter(compte__rattachement__menage_id__in=suivis)) | kept_people()

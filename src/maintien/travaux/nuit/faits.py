"""The facts of a block of households, in a number of queries that does not depend on how many there are.

What the ledger and the files say is read outside any transaction, since it is long; what people may change meanwhile
(dossier, pauses, exchanges, decisions on propositions) is read by `suivi` inside the one that writes, and protections
are compared there with those that the facts were made of.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q

from maintien.apps.comptes.models import Bail, Compte, Ecriture, SituationCompte
from maintien.apps.dossiers.destinataires import split_protected
from maintien.apps.dossiers.enums import Protection
from maintien.apps.dossiers.models import Menage, MenageCompte
from maintien.apps.plans.models import PlanApurement
from maintien.coeur.compte.ecritures import BailCompte
from maintien.coeur.compte.situation import Situation
from maintien.coeur.orientation.couverture import Couverture
from maintien.coeur.orientation.faits import FaitsCompte, FaitsMenage, Plan
from maintien.coeur.orientation.histoire import HistoireCompte, faits_du_compte
from maintien.moteurs.colonnes.miroir import Miroir
from maintien.travaux.nuit.grand_livre import histories, replays
from maintien.travaux.nuit.personnes import Joignable, names_of, reachable

_CHAMPS_SITUATION = [nom for nom in Situation.__dataclass_fields__ if nom not in ("reference_compte", "au")]


@dataclass(frozen=True, slots=True)
class MenageLu:
    """The lasting facts of a household, the sector its dossier would have, and what protected it when it was read."""

    faits: FaitsMenage
    secteur_id: int | None
    protections: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Rattache:
    """An account and what the files say of it."""

    reference: str
    secteur_id: int | None
    date_sortie: date | None
    plan: Plan | None
    signatures: tuple[date, ...]
    situation: SituationCompte | None
    aide_au_locataire: bool


def read_menages(
    menage_ids: Collection[int], miroir: Miroir, couvre: Couverture, sans_bail: Collection[str]
) -> dict[int, MenageLu]:
    """The facts of each household of the block, without its dossier, on the day that the books cover."""
    liens = list(MenageCompte.objects.filter(menage_id__in=menage_ids).values_list("menage_id", "compte_id"))
    rattaches = _accounts([compte for _, compte in liens], couvre.au)
    situations, histoires = _ledger(rattaches, miroir, couvre)
    par_menage: dict[int, list[int]] = defaultdict(list)
    for menage_id, compte_id in liens:
        par_menage[menage_id].append(compte_id)
    personnes = reachable(menage_ids)
    orphelins = _first_entries([c for c, r in rattaches.items() if r.reference in sans_bail])
    lus = {}
    for menage in Menage.objects.filter(pk__in=menage_ids):
        siens = [rattaches[compte] for compte in par_menage[menage.pk]]
        siens.sort(key=lambda rattache: rattache.reference)
        non_calculable = next(
            ((rattaches[c].reference, orphelins[c]) for c in par_menage[menage.pk] if c in orphelins), None
        )
        faits = _menage(menage, siens, situations, histoires, personnes.get(menage.pk, Joignable()), non_calculable)
        if not couvre.is_a_jour:
            faits = replace(faits, exigible_depuis_centimes=_due_tonight(siens))
        secteur_id = next((r.secteur_id for r in siens if r.secteur_id is not None), None)
        lus[menage.pk] = MenageLu(faits, secteur_id, protections_of(menage))
    return lus


def protections_of(menage: Menage) -> tuple[object, ...]:
    """What people enter about a household, and what decides whom one addresses and how."""
    return (
        menage.contact_restreint,
        menage.protection,
        menage.mandataire,
        menage.personne_protegee_id,
        menage.deces_le,
    )


def _ledger(
    rattaches: Mapping[int, _Rattache], miroir: Miroir, couvre: Couverture
) -> tuple[Mapping[str, Situation], Mapping[str, HistoireCompte]]:
    """Situations and histories by account. Those of the night are stored; those of an earlier day are replayed."""
    calcules = {compte: r for compte, r in rattaches.items() if r.situation is not None}
    comptes = {compte: rattache.reference for compte, rattache in calcules.items()}
    if couvre.is_a_jour or couvre.faits_au is None:
        situations = {rattache.reference: _situation(rattache) for rattache in calcules.values()}
        termes = {reference: s.terme_moyen_net_centimes for reference, s in situations.items()}
        return situations, histories(miroir, comptes, termes, couvre.au)
    rejoues = replays(miroir, comptes, _leases(comptes), couvre.faits_au)
    return {r: s for r, (s, _) in rejoues.items()}, {r: h for r, (_, h) in rejoues.items()}


def _leases(comptes: Mapping[int, str]) -> dict[str, list[BailCompte]]:
    baux: dict[str, list[BailCompte]] = defaultdict(list)
    champs = ("reference", "compte_id", "date_entree", "date_sortie", "apl_mode")
    for reference, compte_id, entree, sortie, mode in Bail.objects.filter(compte_id__in=comptes).values_list(*champs):
        baux[comptes[compte_id]].append(BailCompte(reference, comptes[compte_id], entree, sortie, mode))
    return baux


def _due_tonight(rattaches: Iterable[_Rattache]) -> int:
    return sum(r.situation.dette_exigible_centimes for r in rattaches if r.situation is not None)


def _accounts(compte_ids: Collection[int], au: date) -> dict[int, _Rattache]:
    situations = SituationCompte.objects.in_bulk(compte_ids, field_name="compte_id")
    sorties = _exits(compte_ids)
    aides = _aids_paid_to_tenant(compte_ids, au)
    plans = _running_plans(compte_ids, au)
    signatures = _signatures(compte_ids, au)
    comptes = Compte.objects.filter(pk__in=compte_ids).values_list("pk", "reference", "secteur_id")
    return {
        compte_id: _Rattache(
            reference,
            secteur_id,
            sorties.get(compte_id),
            plans.get(compte_id),
            signatures.get(compte_id, ()),
            situations.get(compte_id),
            compte_id in aides,
        )
        for compte_id, reference, secteur_id in comptes
    }


def _exits(compte_ids: Collection[int]) -> dict[int, date]:
    """The last exit of an account all of whose leases end; one lease that goes on, and there is none."""
    fins: dict[int, list[date | None]] = defaultdict(list)
    for compte_id, sortie in Bail.objects.filter(compte_id__in=compte_ids).values_list("compte_id", "date_sortie"):
        fins[compte_id].append(sortie)
    connues = {compte: [fin for fin in liste if fin is not None] for compte, liste in fins.items()}
    return {compte: max(jours) for compte, jours in connues.items() if jours and len(jours) == len(fins[compte])}


def _aids_paid_to_tenant(compte_ids: Collection[int], au: date) -> set[int]:
    """Accounts whose housing aid goes to the tenant and not to the landlord, by the leases that run on that day."""
    courants = Bail.objects.filter(compte_id__in=compte_ids, date_entree__lte=au).filter(
        Q(date_sortie=None) | Q(date_sortie__gt=au)
    )
    return set(courants.filter(apl_mode="locataire").values_list("compte_id", flat=True))


def _running_plans(compte_ids: Collection[int], au: date) -> dict[int, Plan]:
    """The last plan signed that is neither broken nor paid off on that day."""
    en_cours = PlanApurement.objects.filter(compte_id__in=compte_ids, date_signature__lte=au).filter(
        Q(date_rupture=None) | Q(date_rupture__gt=au), Q(date_solde=None) | Q(date_solde__gt=au)
    )
    return {
        plan.compte_id: Plan(
            reference=plan.reference,
            date_signature=plan.date_signature,
            montant_centimes=plan.montant_centimes,
            nombre_echeances=max(1, plan.nombre_echeances),
            mensualite_centimes=plan.mensualite_centimes,
            premiere_echeance=plan.premiere_echeance,
        )
        for plan in en_cours.order_by("date_signature", "reference")
    }


def _signatures(compte_ids: Collection[int], au: date) -> dict[int, tuple[date, ...]]:
    """When plans were signed, broken ones included: each signature acknowledged the debt."""
    signes: dict[int, tuple[date, ...]] = defaultdict(tuple)
    plans = PlanApurement.objects.filter(compte_id__in=compte_ids, date_signature__lte=au)
    for compte_id, jour in plans.order_by("date_signature").values_list("compte_id", "date_signature"):
        signes[compte_id] += (jour,)
    return signes


def _first_entries(compte_ids: Collection[int]) -> dict[int, date]:
    """Since when accounts without lease have entries that nobody can compute."""
    if not compte_ids:
        return {}
    premieres: dict[int, date] = {}
    lignes = Ecriture.objects.filter(compte_id__in=compte_ids).values_list("compte_id", "date_comptable")
    for compte_id, jour in lignes:
        premieres[compte_id] = min(jour, premieres.get(compte_id, jour))
    return premieres


def _menage(
    menage: Menage,
    rattaches: Iterable[_Rattache],
    situations: Mapping[str, Situation],
    histoires: Mapping[str, HistoireCompte],
    personnes: Joignable,
    non_calculable: tuple[str, date] | None,
) -> FaitsMenage:
    calcules = [r for r in rattaches if r.situation is not None]
    connues = [histoires[r.reference] for r in calcules if r.reference in histoires]
    observes = [h.observe_depuis for h in connues if h.observe_depuis is not None]
    paiements = [h.dernier_paiement for h in connues if h.dernier_paiement is not None]
    proteges, libres = split_protected(menage, personnes.vivants)
    return FaitsMenage(
        cle=f"{menage.pk:012d}",
        comptes=tuple(_compte(r, situations[r.reference], histoires.get(r.reference)) for r in calcules),
        locataire=personnes.nom,
        has_titulaire=personnes.has_titulaire,
        has_telephone=personnes.has_telephone,
        has_courriel=personnes.has_courriel,
        opposition_sms=personnes.opposition_sms,
        contact_restreint=menage.contact_restreint,
        protection=menage.protection if proteges or not personnes.vivants else Protection.AUCUNE,
        protege=names_of(proteges),
        libres=names_of(libres) if proteges else "",
        mandataire=" ".join(menage.mandataire.split())[:120],
        deces_le=menage.deces_le or personnes.deces_le,
        has_survivant=personnes.has_survivant,
        observe_depuis=min(observes, default=None),
        rejets=tuple(rejet for h in connues for rejet in h.rejets),
        termes_tardifs=tuple(sorted((t for h in connues for t in h.termes_tardifs), key=lambda t: t.echeance)),
        dettes_passees=_past_debts(connues),
        dernier_paiement=max(paiements, default=None),
        non_calculable=non_calculable,
    )


def _past_debts(histoires: Iterable[HistoireCompte]) -> tuple[tuple[date, int], ...]:
    """The debt of the household at each month end that any of its accounts knows."""
    sommes: dict[date, int] = defaultdict(int)
    for histoire in histoires:
        for jour, dette in histoire.dettes_passees:
            sommes[jour] += dette
    return tuple(sorted(sommes.items()))


def _compte(rattache: _Rattache, situation: Situation, histoire: HistoireCompte | None) -> FaitsCompte:
    constate = rattache.situation.constate_le if rattache.situation is not None else None
    champs: dict[str, Any] = {
        "constate_le": constate,
        "date_sortie": rattache.date_sortie,
        "plan": rattache.plan,
        "aide_au_locataire": rattache.aide_au_locataire,
        "reconnaissances": _acknowledgements(rattache, histoire),
    }
    if histoire is None:
        return FaitsCompte(situation=situation, **champs)
    return faits_du_compte(situation, histoire, **champs)


def _acknowledgements(rattache: _Rattache, histoire: HistoireCompte | None) -> tuple[date, ...]:
    paiement = histoire.dernier_paiement if histoire is not None else None
    return tuple(sorted({*rattache.signatures, *((paiement[0],) if paiement is not None else ())}))


def _situation(rattache: _Rattache) -> Situation:
    ligne = rattache.situation
    if ligne is None:
        raise ValueError(f"{rattache.reference}: no situation")
    valeurs = {champ: getattr(ligne, champ) for champ in _CHAMPS_SITUATION}
    return Situation(reference_compte=rattache.reference, au=ligne.au, **valeurs)

"""To whom one writes or speaks: never a guarantor, never someone who died; the curateur or tuteur too.

A debt is addressed to the tenants of the lease that owes it: who left a lease, or is named on another one of the
same household, is not written to about it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Bail, Occupation, Personne, SituationCompte
from maintien.apps.dossiers.enums import Protection
from maintien.apps.dossiers.models import Menage

ROLES_LOCATAIRES = (RoleOccupation.TITULAIRE, RoleOccupation.COTITULAIRE)
REPRESENTATIONS = frozenset({Protection.TUTELLE, Protection.HABILITATION})
"""Measures under which somebody else acts for the person (Code civil, art. 475 and 494-6)."""
QUALITES = {
    Protection.CURATELLE: "curateur",
    Protection.TUTELLE: "tuteur",
    Protection.HABILITATION: "personne habilitée",
}


@dataclass(frozen=True, slots=True)
class Destinataire:
    """One addressee: a tenant, or (without `personne`) the curateur or tuteur as the landlord wrote it down."""

    nom: str
    qualite: str
    personne: Personne | None = None
    adresse: str = ""


@dataclass(frozen=True, slots=True)
class Destinataires:
    """Who may be written to, and what must be known before doing it."""

    personnes: tuple[Destinataire, ...]
    avertissements: tuple[str, ...]
    is_contact_restreint: bool


def nom_complet(personne: Personne) -> str:
    return " ".join(filter(None, (personne.civilite, personne.prenom, personne.nom)))


def current_occupations(
    occupations: Iterable[Occupation], baux: Mapping[int, Collection[Bail]], au: date
) -> list[Occupation]:
    """Those of the leases that run, account by account; of the last one ended where none runs any more.

    An occupation that names no known lease counts for its account.
    """
    references = {compte: {bail.reference for bail in siens} for compte, siens in baux.items()}
    vivants = {compte: _running(siens, au) for compte, siens in baux.items()}
    return [
        occupation
        for occupation in occupations
        if occupation.bail_reference not in references.get(occupation.compte_id, ())
        or occupation.bail_reference in vivants[occupation.compte_id]
    ]


def _running(baux: Collection[Bail], au: date) -> set[str]:
    courants = {bail.reference for bail in baux if bail.date_sortie is None or bail.date_sortie >= au}
    if courants:
        return courants
    fin = max(bail.date_sortie for bail in baux if bail.date_sortie is not None)
    return {bail.reference for bail in baux if bail.date_sortie == fin}


def tenancies(menage_ids: Collection[int], au: date | None = None) -> dict[int, list[Occupation]]:
    """Tenants of the running leases of each household, titulaires first. Two queries."""
    occupations = (
        Occupation.objects.filter(compte__rattachement__menage_id__in=menage_ids, role__in=ROLES_LOCATAIRES)
        .select_related("personne", "compte__rattachement")
        .order_by("-role", "pk")
    )
    baux: dict[int, list[Bail]] = defaultdict(list)
    for bail in Bail.objects.filter(compte__rattachement__menage_id__in=menage_ids):
        baux[bail.compte_id].append(bail)
    par_menage: dict[int, list[Occupation]] = defaultdict(list)
    for occupation in current_occupations(occupations, baux, au or timezone.localdate()):
        par_menage[occupation.compte.rattachement.menage_id].append(occupation)
    return par_menage


def owed_by(occupations_par_menage: Mapping[int, Sequence[Occupation]]) -> dict[int, list[Occupation]]:
    """The tenants of the accounts that owe, household by household; all of them where nothing is owed. One query."""
    comptes = {o.compte_id for occupations in occupations_par_menage.values() for o in occupations}
    debiteurs = set(
        SituationCompte.objects.filter(compte_id__in=comptes, dette_exigible_centimes__gt=0).values_list(
            "compte_id", flat=True
        )
    )
    return {
        menage: [o for o in occupations if o.compte_id in debiteurs] or list(occupations)
        for menage, occupations in occupations_par_menage.items()
    }


def people(occupations: Iterable[Occupation]) -> list[Personne]:
    """Each person once, in the order of the occupations."""
    return list({occupation.personne_id: occupation.personne for occupation in occupations}.values())


def locataires(menage: Menage) -> list[Personne]:
    """The tenants of the leases that owe, titulaires first, each once; guarantors are not of the household."""
    return people(owed_by(tenancies([menage.pk])).get(menage.pk, []))


def destinataires(menage: Menage) -> Destinataires:
    """Whom to address for this household, in order.

    Curatelle: the person and the curateur (Code civil, art. 467). Tutelle and habilitation familiale: whoever
    represents the person protected, alone (art. 475 and 494-6). Co-tenants whom no measure protects are written to in
    their own name. A death that names nobody in a household of several
    leaves nobody certain: no one, until it is checked.
    """
    occupations = tenancies([menage.pk])
    tous = people(occupations.get(menage.pk, []))
    personnes = people(owed_by(occupations).get(menage.pk, []))
    avertissements = []
    if menage.contact_restreint:
        avertissements.append("Contact restreint : vérifier auprès du référent avant d'écrire ou d'appeler.")
    vivants = [personne for personne in personnes if personne.deces_le is None]
    if menage.deces_le is not None and all(personne.deces_le is None for personne in tous):
        avertissements.append(
            "Un décès est signalé : s'adresser à la succession ou au notaire."
            if len(personnes) <= 1
            else "Un décès est signalé sans dire de qui : le vérifier avant d'écrire."
        )
        vivants = []
    elif len(vivants) < len(personnes) and not vivants:
        avertissements.append("Le titulaire est décédé : s'adresser à la succession ou au notaire.")
    adresses = tuple(_with_protection(menage, vivants, avertissements))
    return Destinataires(adresses, tuple(avertissements), menage.contact_restreint)


def split_protected(menage: Menage, personnes: Sequence[Personne]) -> tuple[list[Personne], list[Personne]]:
    """Of these people, those whom the measure protects, and those who are written to like anybody.

    A co-tenant who is not protected owes in his own name, and nobody represents him. Without a name for the protected
    person, all are taken to be: the tuteur says who may be addressed.
    """
    if menage.protection == Protection.AUCUNE:
        return [], list(personnes)
    if menage.personne_protegee_id is None:
        return list(personnes), []
    proteges = [personne for personne in personnes if personne.pk == menage.personne_protegee_id]
    return proteges, [personne for personne in personnes if personne.pk != menage.personne_protegee_id]


def _with_protection(menage: Menage, vivants: list[Personne], avertissements: list[str]) -> list[Destinataire]:
    proteges, libres = split_protected(menage, vivants)
    mesure = Protection(menage.protection)
    ecrits = libres if proteges and mesure in REPRESENTATIONS else vivants
    adresses = [Destinataire(nom_complet(personne), "locataire", personne) for personne in ecrits]
    if not proteges:
        return adresses
    if not menage.mandataire:
        avertissements.append(_mandataire_manquant(mesure))
        return adresses
    return [*adresses, Destinataire(menage.mandataire, QUALITES[mesure], adresse=menage.mandataire_adresse)]


def _mandataire_manquant(mesure: Protection) -> str:
    if mesure is Protection.HABILITATION:
        return "Habilitation familiale : le nom de la personne habilitée manque, le demander."
    return f"Mesure de {mesure.label} : le nom du {QUALITES[mesure]} manque, le demander."

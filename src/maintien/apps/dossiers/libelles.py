"""What a household is called in lists, where it lives, and the words by which it is found.

Kept on the household so that a page of the worklist reads one row and not the people, leases and homes behind it.
A household whose contact is restricted, or whose coordinates stay aside, keeps no place: neither shown, nor searched.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from maintien.apps.comptes.models import Bail
from maintien.apps.dossiers.canaux_surs import kept_menages
from maintien.apps.dossiers.destinataires import people, tenancies
from maintien.apps.dossiers.models import Menage, MenageCompte
from maintien.apps.organismes.secteurs import fold

_LOT = 1000
_CHAMPS = ["libelle", "lieu", "recherche"]


def names_of(personnes: Iterable[tuple[str, str, str]]) -> str:
    """« Mme Émilie Martinez et M. Paul Durand », from (civilité, prénom, nom)."""
    noms = [" ".join(filter(None, personne)) for personne in personnes]
    if len(noms) <= 2:
        return " et ".join(noms)
    autres = len(noms) - 2
    return f"{noms[0]}, {noms[1]} et {autres} autre{'s' if autres > 1 else ''}"


def name_menages(menage_ids: Collection[int] | None = None) -> int:
    """Bring names and places up to date, of all households or of some; returns how many changed."""
    menages = Menage.objects.order_by("pk")
    if menage_ids is not None:
        menages = menages.filter(pk__in=menage_ids)
    iterateur = menages.iterator(chunk_size=_LOT)
    return sum(_name(lot) for lot in _lots(iterateur))


def _lots(menages: Iterator[Menage]) -> Iterator[list[Menage]]:
    while lot := list(islice(menages, _LOT)):
        yield lot


def _name(lot: Sequence[Menage]) -> int:
    comptes: dict[int, list[str]] = defaultdict(list)
    ids = [menage.pk for menage in lot]
    liens = MenageCompte.objects.filter(menage_id__in=ids).order_by("compte__reference")
    for menage_id, reference in liens.values_list("menage_id", "compte__reference"):
        comptes[menage_id].append(reference)
    personnes = _personnes(ids)
    lieux, mots = _lieux(ids)
    tus = {menage.pk for menage in lot if menage.contact_restreint} | kept_menages(ids)
    changes = []
    for menage in lot:
        cherches = [*(" ".join(p) for p in personnes[menage.pk]), *comptes[menage.pk]]
        lieu = ""
        if menage.pk not in tus:
            lieu, cherches = lieux.get(menage.pk, ""), [*cherches, *mots[menage.pk]]
        valeurs = (names_of(personnes[menage.pk])[:200], lieu[:200], fold(" ".join(cherches)))
        if valeurs != (menage.libelle, menage.lieu, menage.recherche):
            menage.libelle, menage.lieu, menage.recherche = valeurs
            changes.append(menage)
    Menage.objects.bulk_update(changes, _CHAMPS)
    return len(changes)


def _personnes(menage_ids: Collection[int]) -> dict[int, list[tuple[str, str, str]]]:
    """Tenants of the running leases of each household, titulaires first, each once."""
    return defaultdict(
        list,
        {
            menage_id: [(p.civilite, p.prenom, p.nom) for p in people(occupations)]
            for menage_id, occupations in tenancies(menage_ids).items()
        },
    )


def _lieux(menage_ids: Collection[int]) -> tuple[dict[int, str], dict[int, list[str]]]:
    """Where each household lives: the home, not the parking space; the last left, if it left all."""
    rangs: dict[int, tuple[bool, date, date, str]] = {}
    lieux: dict[int, str] = {}
    mots: dict[int, list[str]] = defaultdict(list)
    baux = (
        Bail.objects.filter(compte__rattachement__menage_id__in=menage_ids)
        .order_by("reference")
        .values_list(
            "compte__rattachement__menage_id",
            "reference",
            "bail_annexe_de",
            "date_sortie",
            "date_entree",
            "logement__residence",
            "logement__commune",
        )
    )
    for menage_id, reference, annexe_de, sortie, entree, residence, commune in baux:
        mots[menage_id] += [reference, residence or "", commune or ""]
        rang = (annexe_de == "", sortie or date.max, entree, reference)
        if menage_id not in rangs or rang > rangs[menage_id]:
            rangs[menage_id] = rang
            lieux[menage_id] = ", ".join(filter(None, (residence, commune)))
    return lieux, mots

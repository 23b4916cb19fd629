"""Second step: the current situation of every account, from the columnar engine to the database."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import Count, Min

from maintien.apps.comptes.models import Bail, Compte, SituationCompte
from maintien.apps.dossiers.models import MenageCompte
from maintien.coeur.compte.impaye import echeance_signalement
from maintien.moteurs.colonnes.etat import lire_etat
from maintien.moteurs.colonnes.passe import Passe, passe_incrementale
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_SITUATION
from maintien.travaux.nuit.passage import DUREE_DU_CALCUL, Passage

_LOT = 1000
_SIMPLES = {
    "statut",
    "nb_termes_impayes",
    "trois_termes_moyens",
    "apl_concerne",
    "impaye_apl_ancien",
    "impaye_apl_2027",
    "impaye_apl_legal",
}


def field_of(colonne: str) -> str:
    """The field of `SituationCompte` that holds a column of C11."""
    if colonne in _SIMPLES or colonne.startswith("date_"):
        return colonne
    return f"{colonne}_centiemes" if colonne == "mois_de_dette" else f"{colonne}_centimes"


CHAMPS = {c: field_of(c) for c in SCHEMA_SITUATION.names if c not in ("reference_compte", "date")}


def compute_situations(passage: Passage) -> dict[str, int]:
    """Write what changed; returns the accounts that cannot be computed for want of a lease, and their entries."""
    passage.tell("situations")
    passage.save("situations", duree=DUREE_DU_CALCUL)
    baux = _leases()
    if not len(baux):
        return _nothing_to_compute(passage)
    passe = _compute(passage, baux)
    lignes = passe.situations.to_pylist()
    for debut in range(0, len(lignes), _LOT):
        with transaction.atomic():
            _write(lignes[debut : debut + _LOT], passage)
            passage.save("situations", debut, len(lignes))
        passage.tell("situations", debut + _LOT, len(lignes))
    with transaction.atomic():
        SituationCompte.objects.filter(compte__reference__in=passe.disparus).delete()
        SituationCompte.objects.exclude(au=passage.au).update(au=passage.au)
        _observe_legal(passage)
        passage.bilan.comptes = passe.nombre_de_comptes
        passage.bilan.non_calculables = _without_protected(sorted(passe.sans_bail))
        passage.save("situations", len(lignes), len(lignes))
    if passage.miroir.dossier.is_dir() and not passage.is_essai:
        # Only now: whoever is killed before this line computes the same accounts again.
        passe.etat.enregistrer(passage.miroir.dossier)
    return passe.sans_bail


def _nothing_to_compute(passage: Passage) -> dict[str, int]:
    """A landlord without any lease: entries may have come first."""
    orphelins = dict(Compte.objects.annotate(nombre=Count("ecritures")).values_list("reference", "nombre"))
    sans_bail = {reference: nombre for reference, nombre in orphelins.items() if nombre}
    with transaction.atomic():
        SituationCompte.objects.all().delete()
        passage.bilan.non_calculables = _without_protected(sorted(sans_bail))
        passage.save("situations")
    return sans_bail


def _compute(passage: Passage, baux: Any) -> Passe:
    miroir = passage.miroir
    etat = lire_etat(miroir.dossier)
    stockees = SituationCompte.objects.aggregate(nombre=Count("pk"), plus_ancienne=Min("au"))
    if etat is not None and (
        stockees["nombre"] != len(etat.references) or (stockees["plus_ancienne"] or etat.au) < etat.au
    ):
        # The database was restored or repaired: what the state says of it is not true any more. A mirror of another
        # history is made again under another identity, and the state does not follow it either.
        etat = None
    return passe_incrementale(miroir, baux, passage.au, etat)


def _leases() -> Any:
    champs = ("reference", "compte__reference", "date_entree", "date_sortie", "apl_mode")
    baux = list(Bail.objects.values_list(*champs))
    colonnes = [[bail[rang] for bail in baux] for rang in range(len(champs))]
    return pa.table([pa.array(c, type=f.type) for c, f in zip(colonnes, SCHEMA_BAUX, strict=True)], schema=SCHEMA_BAUX)


def _write(lignes: Iterable[Mapping[str, Any]], passage: Passage) -> None:
    """Insert or replace the situations of a lot that are not already stored as they are."""
    par_reference = {ligne["reference_compte"]: ligne for ligne in lignes}
    comptes = dict(Compte.objects.filter(reference__in=par_reference).values_list("reference", "pk"))
    anciennes = SituationCompte.objects.in_bulk(comptes.values(), field_name="compte_id")
    nouvelles = []
    for reference, ligne in par_reference.items():
        if reference not in comptes:
            continue
        ancienne = anciennes.get(comptes[reference])
        situation = _situation(ligne, comptes[reference], ancienne, passage.au)
        if ancienne is None or ancienne.empreinte != situation.empreinte:
            nouvelles.append(situation)
    SituationCompte.objects.bulk_create(
        nouvelles,
        update_conflicts=True,
        unique_fields=["compte"],
        update_fields=["au", "modifiee_le", *CHAMPS.values(), "constate_le", "empreinte"],
    )
    passage.bilan.situations += len(nouvelles)


def _situation(
    ligne: Mapping[str, Any], compte_id: int, ancienne: SituationCompte | None, au: date
) -> SituationCompte:
    """`constate_le`, the first pass of an unbroken run that shows the arrears constituted, is kept or set later."""
    valeurs = {champ: ligne[colonne] for colonne, champ in CHAMPS.items()}
    constate = None
    if valeurs["impaye_apl_legal"] and ancienne is not None and ancienne.impaye_apl_legal:
        constate = ancienne.constate_le
    empreinte = hashlib.sha256(repr(sorted(valeurs.items())).encode("utf-8")).hexdigest()
    return SituationCompte(
        compte_id=compte_id, au=au, modifiee_le=au, constate_le=constate, empreinte=empreinte, **valeurs
    )


def _observe_legal(passage: Passage) -> None:
    """Legal arrears that the books show for the first time tonight; protected households are counted, not named.

    Arrears that would be constituted on a day that the books do not cover are not shown by them (conventions, C10).
    """
    constitues = list(
        SituationCompte.objects.filter(
            impaye_apl_legal=True, constate_le=None, date_impaye_apl_legal__lte=passage.faits_au
        ).order_by("compte__reference")
    )
    SituationCompte.objects.filter(pk__in=[s.pk for s in constitues]).update(
        constate_le=passage.au, modifiee_le=passage.au
    )
    passage.bilan.impayes_constitues += len(constitues)
    references = dict(Compte.objects.filter(pk__in=[s.compte_id for s in constitues]).values_list("pk", "reference"))
    dicibles = set(_without_protected(references.values()))
    for situation in constitues:
        constitue, reference = situation.date_impaye_apl_legal, references[situation.compte_id]
        if constitue is not None and reference in dicibles:
            passage.bilan.impayes.append(
                {
                    "compte": reference,
                    "constitue_le": constitue.isoformat(),
                    "constate_le": passage.au.isoformat(),
                    "signalement": echeance_signalement(constitue).isoformat(),
                }
            )


def _without_protected(references: Iterable[str]) -> list[str]:
    """The accounts that may be named in a report: not those of protected households."""
    listees = list(references)
    proteges = MenageCompte.objects.filter(compte__reference__in=listees, menage__contact_restreint=True)
    tues = set(proteges.values_list("compte__reference", flat=True))
    return [reference for reference in listees if reference not in tues]

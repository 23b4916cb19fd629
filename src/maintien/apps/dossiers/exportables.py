"""What a list gives when it is taken out: its households as they are seen, and what is said of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet, Sum

from maintien.apps.comptes.models import SituationCompte
from maintien.apps.dossiers.enums import EtatDossier, EtatProposition, NiveauDossier
from maintien.apps.dossiers.journee import worklist
from maintien.apps.dossiers.listes import JOURNEE, Filtres, Onglet, read_ids
from maintien.apps.dossiers.models import Dossier, Proposition
from maintien.apps.dossiers.permissions import visible
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.selectors import working_day


@dataclass(frozen=True, slots=True)
class MenageExporte:
    """One household, the first step to do for it, and the sums over its accounts."""

    dossier: Dossier
    etape: Proposition | None
    dette_exigible_centimes: int
    date_plus_ancien: date | None


def listed_menages(appartenance: Appartenance, onglet: Onglet, filtres: Filtres, limite: int) -> list[int]:
    """Households of a list as it is seen, its other pages too; never one that is protected."""
    if onglet == Onglet.A_FAIRE and not filtres.tout and not filtres.recherche:
        ids = [ligne.dossier.pk for ligne in worklist(appartenance, onglet, filtres).lignes]
    else:
        ids = read_ids(appartenance, onglet, filtres, working_day(appartenance.organisme), (0, limite))
    menages = dict(_exportable(appartenance).filter(pk__in=ids).values_list("pk", "menage_id"))
    return [menages[pk] for pk in ids if pk in menages]


def exported(appartenance: Appartenance, menages: Sequence[int]) -> list[MenageExporte]:
    """These households in this order, as far as the person may still see them; three queries, however many."""
    lus = _exportable(appartenance).filter(menage_id__in=menages)
    dossiers = {d.menage_id: d for d in lus.select_related("menage", "secteur", "referent", "cesf")}
    etapes: dict[int, Proposition] = {}
    a_faire = Proposition.objects.filter(dossier__in=[d.pk for d in dossiers.values()], etat=EtatProposition.A_FAIRE)
    for etape in a_faire.order_by("rang", "pk"):
        etapes.setdefault(etape.dossier_id, etape)
    situations = SituationCompte.objects.filter(compte__rattachement__menage_id__in=list(dossiers))
    sommes = situations.values_list("compte__rattachement__menage_id").annotate(
        Sum("dette_exigible_centimes"), Min("date_plus_ancien")
    )
    figures = {menage: (dette, depuis) for menage, dette, depuis in sommes.order_by()}
    return [
        MenageExporte(dossiers[menage], etapes.get(dossiers[menage].pk), *figures.get(menage, (0, None)))
        for menage in menages
        if menage in dossiers
    ]


def _exportable(appartenance: Appartenance) -> QuerySet[Dossier]:
    ouverts = Dossier.objects.filter(etat=EtatDossier.OUVERT).exclude(niveau=NiveauDossier.PROTEGE)
    return visible(ouverts, appartenance, JOURNEE)

"""What a row of the worklist shows: a dossier, its household and its steps to do, its figures, its running pause.

Asked for the identifiers of one page (listes.py), in a number of queries that does not depend on the rows.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import FilteredRelation, Func, JSONField, Min, Q, Sum
from django.db.models.sql.compiler import SQLCompiler

from maintien.apps.comptes.models import SituationCompte
from maintien.apps.dossiers.enums import EtatProposition
from maintien.apps.dossiers.models import Dossier, Pause
from maintien.apps.socle.preparees import Questions, Valeurs, completer, lire

TAILLE = 50


class EtapeListe(NamedTuple):
    """A step to do, as far as a list shows it."""

    pk: int
    genre: str
    quoi: str
    canal: str
    avant_le: date | None
    echeance_legale: date | None
    imposee: bool
    minutes: int
    rang: int
    # Their texts alone: the figures behind them are four fifths of what is stored, and no list shows them.
    motifs: Sequence[str]
    sinon: str
    regle: str
    version_regle: str
    # Read where the list is cut to the minutes of the day, which the law may go beyond.
    classement: Mapping[str, Any] = MappingProxyType({})


class DossierListe(NamedTuple):
    """A dossier and its household, as far as a list shows them."""

    pk: int
    menage_id: int
    libelle: str
    lieu: str
    contact_restreint: bool
    ouvert_le: date
    derniere_activite_le: date | None
    sans_reponse_depuis: date | None


def read_dossiers(
    dossier_ids: Sequence[int], *, has_classement: bool
) -> dict[int, tuple[DossierListe, list[EtapeListe]]]:
    """These dossiers, their households and all their steps to do, best rank first, in one query."""
    trouves: dict[int, tuple[DossierListe, list[EtapeListe]]] = {}
    nombre = len(_CHAMPS_DOSSIER)
    lus = EtapeListe._fields if has_classement else EtapeListe._fields[:-1]
    for valeurs in lire(_ecrire_lignes, lus, {"dossiers": completer(dossier_ids, TAILLE)}):
        _, etapes = trouves.setdefault(valeurs[0], (DossierListe._make(valeurs[:nombre]), []))
        if valeurs[nombre] is not None:
            etapes.append(EtapeListe(*valeurs[nombre:]))
    return trouves


_CHAMPS_DOSSIER = (
    "pk",
    "menage_id",
    "menage__libelle",
    "menage__lieu",
    "menage__contact_restreint",
    "ouvert_le",
    "derniere_activite_le",
    "sans_reponse_depuis",
)


class _Textes(Func):
    """The texts of the reasons of a step, in their order."""

    output_field = JSONField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **reste: Any) -> Any:
        texte = "(SELECT json_group_array(json_extract(value, '$.texte')) FROM json_each(%(expressions)s))"
        return self.as_sql(compiler, connection, template=texte, **reste)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **reste: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="jsonb_path_query_array(%(expressions)s, '$[*].texte')", **reste
        )


def _ecrire_lignes(lus: Sequence[str], valeurs: Valeurs) -> Questions:
    etape = FilteredRelation("propositions", condition=Q(propositions__etat=EtatProposition.A_FAIRE))
    dossiers = (
        Dossier.objects.filter(pk__in=valeurs["dossiers"])
        .annotate(etape=etape)
        .annotate(textes=_Textes("etape__motifs"))
    )
    champs = (*_CHAMPS_DOSSIER, *("textes" if champ == "motifs" else f"etape__{champ}" for champ in lus))
    return [dossiers.order_by("etape__rang", "etape__pk").values_list(*champs)]


def read_figures(menage_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Sums over the accounts of each household; law is reasoned per lease, never on these sums."""
    noms = ("dette_locative_centimes", "dette_exigible_centimes", "date_plus_ancien")
    sommes = lire(_ecrire_sommes, None, {"menages": completer(menage_ids, TAILLE)})
    return {menage: dict(zip(noms, figures, strict=True)) for menage, *figures in sommes}


def _ecrire_sommes(_forme: None, valeurs: Valeurs) -> Questions:
    situations = SituationCompte.objects.filter(compte__rattachement__menage_id__in=valeurs["menages"])
    par_menage = situations.values("compte__rattachement__menage_id").annotate(
        locative=Sum("dette_locative_centimes"),
        exigible=Sum("dette_exigible_centimes"),
        plus_ancien=Min("date_plus_ancien"),
    )
    champs = ("compte__rattachement__menage_id", "locative", "exigible", "plus_ancien")
    return [par_menage.order_by().values_list(*champs)]


def running_pauses(dossier_ids: Collection[int], jour: date) -> dict[int, Pause]:
    pauses = Pause.objects.filter(dossier_id__in=dossier_ids, levee_le=None, du__lte=jour, au__gte=jour)
    return {pause.dossier_id: pause for pause in pauses.select_related("posee_par").order_by("au")}

"""The worklist. Identifiers first, by an index; then what the page shows, in a number of queries that never grows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum, TextChoices

from maintien.apps.comptes.models import SituationCompte
from maintien.apps.dossiers.enums import EtatDossier, EtatProposition
from maintien.apps.dossiers.models import Dossier, Menage, Pause, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import has_permission, visible
from maintien.apps.organismes.secteurs import fold
from maintien.apps.organismes.selectors import working_day
from maintien.coeur.orientation.classement import Classement, decouper

JOURNEE = "journee.voir"
MOI = "moi"
TAILLE = 50
# A tab shows « 999 + » rather than count a whole stock on each page.
COMPTE_MAX = 1000


class Onglet(TextChoices):
    A_FAIRE = "a_faire", "à faire"
    EN_PAUSE = "en_pause", "en pause"
    SANS_REPONSE = "sans_reponse", "sans réponse"
    SANS_ACTIVITE = "sans_activite", "sans activité"
    SANS_REFERENT = "sans_referent", "sans référent"


@dataclass(frozen=True, slots=True)
class Filtres:
    """`referent`: empty for all, « moi », or the identifier of a user. `tout`: beyond the minutes of the day."""

    secteur: int | None = None
    referent: str = ""
    genre: str = ""
    recherche: str = ""
    jours: int = 30
    tout: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class LigneListe:
    """One household of a list, its figures summed over its accounts, and the step proposed first."""

    dossier: Dossier
    menage: Menage
    proposition: Proposition | None
    pause: Pause | None
    dette_locative_centimes: int = 0
    dette_exigible_centimes: int = 0
    date_plus_ancien: date | None = None


@dataclass(frozen=True, slots=True)
class Liste:
    """A page of the worklist. `has_suite`: there is more, on the next page or beyond the minutes of the day."""

    au: date
    onglet: Onglet
    lignes: tuple[LigneListe, ...]
    is_coupee: bool
    has_suite: bool
    minutes_par_jour: int
    minutes_faites: int
    nb_faites: int

    @property
    def minutes_prevues(self) -> int:
        """Minutes of the day, those already spent included."""
        return self.minutes_faites + sum(ligne.proposition.minutes for ligne in self.lignes if ligne.proposition)


def worklist(appartenance: Appartenance, onglet: Onglet, filtres: Filtres) -> Liste:
    jour = working_day(appartenance.organisme)
    nb_faites, minutes_faites = _settled_today(appartenance, jour)
    is_coupee = onglet == Onglet.A_FAIRE and not filtres.tout and not filtres.recherche
    debut = 0 if is_coupee else (filtres.page - 1) * TAILLE
    if onglet == Onglet.A_FAIRE:
        candidates = _candidates(_a_faire(appartenance, filtres)[debut : debut + TAILLE + 1])
        gardes = candidates[:TAILLE]
        if is_coupee:
            gardes = _cut(gardes, appartenance.minutes_par_jour - minutes_faites)
        lignes = _rows_of_propositions([candidate.pk for candidate in gardes], jour)
        has_suite = len(candidates) > len(gardes)
    else:
        ids = _dossier_ids(appartenance, onglet, filtres, jour)[debut : debut + TAILLE + 1]
        lignes = _rows_of_dossiers(list(ids)[:TAILLE], jour)
        has_suite = len(ids) > TAILLE
    return Liste(
        au=jour,
        onglet=onglet,
        lignes=tuple(lignes),
        is_coupee=is_coupee,
        has_suite=has_suite,
        minutes_par_jour=appartenance.minutes_par_jour,
        minutes_faites=minutes_faites,
        nb_faites=nb_faites,
    )


def tab_counts(appartenance: Appartenance, filtres: Filtres) -> dict[Onglet, int]:
    """How many rows each tab holds, `COMPTE_MAX` meaning « at least »."""
    jour = working_day(appartenance.organisme)
    comptes = {Onglet.A_FAIRE: _a_faire(appartenance, filtres).order_by()[:COMPTE_MAX].count()}
    for onglet in Onglet:
        if onglet != Onglet.A_FAIRE:
            comptes[onglet] = _dossier_ids(appartenance, onglet, filtres, jour).order_by()[:COMPTE_MAX].count()
    return comptes


def genres_proposes(appartenance: Appartenance) -> list[str]:
    """Kinds of steps that the landlord has to do, for the filter."""
    if not has_permission(appartenance, JOURNEE):
        return []
    propositions = Proposition.objects.filter(etat=EtatProposition.A_FAIRE)
    return list(propositions.order_by("genre").values_list("genre", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What the cut of the core looks at: the minutes of a step, those that the law imposes, whether it presses."""

    pk: int
    minutes: int
    classement: Classement
    minutes_loi: int


def _candidates(propositions: QuerySet[Proposition]) -> list[_Candidate]:
    """One step a household, whatever the night left; what the law asks of the landlord keeps its own line."""
    vus: set[int] = set()
    candidates = []
    colonnes = ("pk", "minutes", "classement__palier", "dossier_id", "imposee")
    for pk, minutes, palier, dossier_id, imposee in propositions.values_list(*colonnes):
        if imposee or dossier_id not in vus:
            rang = Classement(1 if palier is None else palier, 0, 0, 0, 0, None)
            candidates.append(_Candidate(pk, minutes, rang, minutes if imposee else 0))
        if not imposee:
            vus.add(dossier_id)
    return candidates


def _cut(candidates: Sequence[_Candidate], minutes: int) -> list[_Candidate]:
    """The first steps that fit in the minutes left. When none are left, only what the law presses."""
    if minutes <= 0:
        return [candidate for candidate in candidates if candidate.classement.palier == 0]
    return decouper(candidates, minutes)[0]


def _settled_today(appartenance: Appartenance, jour: date) -> tuple[int, int]:
    """Steps that this user dealt with on the working day, and the minutes of those done."""
    faites = Q(etat=EtatProposition.FAITE)
    bilan = Proposition.objects.filter(traitee_par=appartenance.utilisateur_id, traitee_le=jour).aggregate(
        nombre=Count("pk"), minutes=Sum("minutes", filter=faites)
    )
    return bilan["nombre"], bilan["minutes"] or 0


def _a_faire(appartenance: Appartenance, filtres: Filtres) -> QuerySet[Proposition]:
    """The steps to do, best rank first: one for a household, and what the law asks of the landlord beside it."""
    propositions = Proposition.objects.filter(etat=EtatProposition.A_FAIRE, dossier__etat=EtatDossier.OUVERT)
    propositions = visible(propositions, appartenance, JOURNEE, "dossier__secteur")
    propositions = propositions.filter(**_criteres(appartenance, filtres, "dossier__")).filter(
        _mots(filtres.recherche, "dossier__")
    )
    if filtres.genre:
        propositions = propositions.filter(genre=filtres.genre)
    if filtres.referent:
        # A worker's own dossiers are few: a sum hides the ranks, so that SQLite starts from the dossiers and sorts
        # their steps instead of walking the ranks of the whole landlord.
        return propositions.order_by(F("rang") + 0, "pk")
    return propositions.order_by("rang", "pk")


def _criteres(appartenance: Appartenance, filtres: Filtres, prefixe: str) -> dict[str, Any]:
    criteres: dict[str, Any] = {}
    if filtres.secteur is not None:
        criteres[f"{prefixe}secteur_id"] = filtres.secteur
    if filtres.referent == MOI:
        champ = "cesf_id" if appartenance.role == Role.CESF else "referent_id"
        criteres[f"{prefixe}{champ}"] = appartenance.utilisateur_id
    elif filtres.referent.isdecimal():
        criteres[f"{prefixe}referent_id"] = int(filtres.referent)
    return criteres


def _mots(recherche: str, prefixe: str) -> Q:
    """Every word typed, wherever it stands in the name, the place or the references."""
    conditions = Q()
    for mot in fold(recherche).split()[:8]:
        conditions &= Q(**{f"{prefixe}menage__recherche__contains": mot})
    return conditions


def _dossier_ids(appartenance: Appartenance, onglet: Onglet, filtres: Filtres, jour: date) -> QuerySet[Dossier, int]:
    dossiers = visible(Dossier.objects.filter(etat=EtatDossier.OUVERT), appartenance, JOURNEE)
    dossiers = dossiers.filter(**_criteres(appartenance, filtres, "")).filter(_mots(filtres.recherche, ""))
    if filtres.genre:
        proposees = Proposition.objects.filter(
            dossier=OuterRef("pk"), etat__in=(EtatProposition.A_FAIRE, EtatProposition.REPORTEE), genre=filtres.genre
        )
        dossiers = dossiers.filter(Exists(proposees))
    match onglet:
        case Onglet.EN_PAUSE:
            dossiers = dossiers.filter(pauses__levee_le=None, pauses__du__lte=jour, pauses__au__gte=jour)
            tries = dossiers.order_by("pauses__au", "pk")
        case Onglet.SANS_REPONSE:
            tries = dossiers.filter(sans_reponse_depuis__isnull=False).order_by("sans_reponse_depuis", "pk")
        case Onglet.SANS_ACTIVITE:
            limite = jour - timedelta(days=filtres.jours)
            muets = Q(derniere_activite_le=None, ouvert_le__lte=limite) | Q(derniere_activite_le__lte=limite)
            tries = dossiers.filter(muets).order_by(F("derniere_activite_le").asc(nulls_first=True), "ouvert_le", "pk")
        case _:
            tries = dossiers.filter(referent=None).order_by("ouvert_le", "pk")
    return tries.values_list("pk", flat=True)


def _rows_of_propositions(pks: Sequence[int], jour: date) -> list[LigneListe]:
    propositions = Proposition.objects.filter(pk__in=pks).select_related(
        "dossier__menage", "dossier__secteur", "dossier__referent", "dossier__cesf"
    )
    par_pk = {proposition.pk: proposition for proposition in propositions}
    ordonnees = [par_pk[pk] for pk in pks if pk in par_pk]
    return _complete(
        [LigneListe(p.dossier, p.dossier.menage, p, None) for p in ordonnees],
        jour,
    )


def _rows_of_dossiers(pks: Sequence[int], jour: date) -> list[LigneListe]:
    dossiers = Dossier.objects.filter(pk__in=pks).select_related("menage", "secteur", "referent", "cesf")
    par_pk = {dossier.pk: dossier for dossier in dossiers}
    premieres: dict[int, Proposition] = {}
    a_faire = Proposition.objects.filter(dossier_id__in=pks, etat=EtatProposition.A_FAIRE).order_by("rang", "pk")
    for proposition in a_faire:
        premieres.setdefault(proposition.dossier_id, proposition)
    lignes = [LigneListe(par_pk[pk], par_pk[pk].menage, premieres.get(pk), None) for pk in pks if pk in par_pk]
    return _complete(lignes, jour)


def _complete(lignes: list[LigneListe], jour: date) -> list[LigneListe]:
    """Add the figures of the household and the running pause: two queries, whatever the number of rows."""
    figures = household_figures([ligne.menage.pk for ligne in lignes])
    pauses = running_pauses([ligne.dossier.pk for ligne in lignes], jour)
    return [replace(ligne, pause=pauses.get(ligne.dossier.pk), **figures.get(ligne.menage.pk, {})) for ligne in lignes]


def household_figures(menage_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Sums over the accounts of each household; law is reasoned per lease, never on these sums."""
    sommes = (
        SituationCompte.objects.filter(compte__rattachement__menage_id__in=menage_ids)
        .values("compte__rattachement__menage_id")
        .annotate(
            locative=Sum("dette_locative_centimes"),
            exigible=Sum("dette_exigible_centimes"),
            plus_ancien=Min("date_plus_ancien"),
        )
        .order_by()
    )
    return {
        somme["compte__rattachement__menage_id"]: {
            "dette_locative_centimes": somme["locative"],
            "dette_exigible_centimes": somme["exigible"],
            "date_plus_ancien": somme["plus_ancien"],
        }
        for somme in sommes
    }


def running_pauses(dossier_ids: Collection[int], jour: date) -> dict[int, Pause]:
    pauses = Pause.objects.filter(dossier_id__in=dossier_ids, levee_le=None, du__lte=jour, au__gte=jour)
    return {pause.dossier_id: pause for pause in pauses.select_related("posee_par").order_by("au")}

"""The worklist. Identifiers first, by an index; then what the page shows, in a number of queries that never grows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum, TextChoices
from django.utils import timezone

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
NOTE_SOCIALE = "note_sociale.voir"
MOI = "moi"
TAILLE = 50
# A tab shows « 999 + » rather than count a whole stock on each page.
COMPTE_MAX = 1000
# Ten years of silence: beyond, a number of days would lead out of the calendar.
JOURS_MAX = 3660


class Onglet(TextChoices):
    A_FAIRE = "a_faire", "à faire"
    EN_PAUSE = "en_pause", "en pause"
    SANS_REPONSE = "sans_reponse", "sans réponse"
    SANS_ACTIVITE = "sans_activite", "sans activité"
    SANS_REFERENT = "sans_referent", "sans référent"


@dataclass(frozen=True, slots=True)
class Filtres:
    """`referent`: empty for all, « moi », or the identifier of a user. `tout`: beyond the minutes of the day.

    `numero_recherche` is how an address names `recherche`, which it must not hold.
    """

    secteur: int | None = None
    referent: str = ""
    genre: str = ""
    recherche: str = ""
    numero_recherche: str = ""
    jours: int = 30
    tout: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class LigneListe:
    """One household of a list, its figures summed over its accounts, the step that comes first and the others."""

    dossier: Dossier
    menage: Menage
    proposition: Proposition | None
    pause: Pause | None
    suites: tuple[Proposition, ...] = ()
    dette_locative_centimes: int = 0
    dette_exigible_centimes: int = 0
    date_plus_ancien: date | None = None

    @property
    def etapes(self) -> tuple[Proposition, ...]:
        return self.suites if self.proposition is None else (self.proposition, *self.suites)

    @property
    def minutes(self) -> int:
        return sum(etape.minutes for etape in self.etapes)


@dataclass(frozen=True, slots=True)
class Liste:
    """A page of the worklist. `has_suite`: there is more, on the next page or beyond the minutes of the day.

    `nb_faits` are households, `nb_etapes` the steps that were dealt with, in whatever household.
    """

    au: date
    onglet: Onglet
    lignes: tuple[LigneListe, ...]
    is_coupee: bool
    has_suite: bool
    minutes_par_jour: int
    minutes_faites: int
    nb_faits: int
    nb_etapes: int

    @property
    def minutes_prevues(self) -> int:
        """Minutes of the day, those already spent included."""
        return self.minutes_faites + sum(ligne.minutes for ligne in self.lignes)


def worklist(appartenance: Appartenance, onglet: Onglet, filtres: Filtres) -> Liste:
    jour = working_day(appartenance.organisme)
    bilan = _settled_today(appartenance, jour)
    is_coupee = onglet == Onglet.A_FAIRE and not filtres.tout and not filtres.recherche
    debut = 0 if is_coupee else (filtres.page - 1) * TAILLE
    page = slice(debut, debut + TAILLE + 1)
    if onglet == Onglet.A_FAIRE:
        ids = list(_a_faire(appartenance, filtres).values_list("dossier_id", flat=True)[page])
        lignes = _rows_of_steps(ids[:TAILLE], filtres.genre)
    else:
        ids = list(_dossier_ids(appartenance, onglet, filtres, jour)[page])
        lignes = _rows_of_dossiers(ids[:TAILLE])
    if is_coupee:
        lignes = _cut(lignes, appartenance.minutes_par_jour, bilan)
        if bilan.etapes:
            lignes += _begun_today(appartenance, filtres, jour, {ligne.dossier.pk for ligne in lignes})
    montres = {ligne.dossier.pk for ligne in lignes}
    return Liste(
        au=jour,
        onglet=onglet,
        lignes=tuple(_complete(lignes, jour)),
        is_coupee=is_coupee,
        has_suite=any(pk not in montres for pk in ids),
        minutes_par_jour=appartenance.minutes_par_jour,
        minutes_faites=bilan.minutes,
        nb_faits=bilan.menages,
        nb_etapes=bilan.etapes,
    )


def tab_counts(appartenance: Appartenance, filtres: Filtres) -> dict[Onglet, int]:
    """How many households each tab holds, `COMPTE_MAX` meaning « at least »."""
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
    """What the cut of the core looks at: minutes of a household, those that the law imposes, whether it presses."""

    ligne: LigneListe
    minutes: int
    classement: Classement
    minutes_loi: int


def _cut(lignes: Sequence[LigneListe], minutes_par_jour: int, faites: "_BilanDuJour") -> list[LigneListe]:
    """The first households that fit in the minutes left. When none are left, only those for which the law presses."""
    candidates = [_candidate(ligne) for ligne in lignes]
    minutes = minutes_par_jour - faites.minutes
    if minutes <= 0:
        gardees = [candidate for candidate in candidates if candidate.classement.palier == 0]
    else:
        menages = faites.minutes - faites.minutes_loi
        gardees = decouper(candidates, minutes, faites_loi=faites.minutes_loi, faites_menages=menages)[0]
    return [candidate.ligne for candidate in gardees]


def _begun_today(appartenance: Appartenance, filtres: Filtres, jour: date, deja: Collection[int]) -> list[LigneListe]:
    """Households that this user helped today and whose legal step is left: below the list, in the order of ranks.

    Whoever has just called knows what there is to report; at its own rank the step would be out of sight by tonight.
    """
    faites = _settled_by(appartenance, jour).filter(dossier=OuterRef("dossier"), etat=EtatProposition.FAITE)
    commences = _a_faire(appartenance, filtres).filter(
        Exists(faites), Exists(_has_left(Q(propositions__imposee=True)))
    )
    ids = commences.exclude(dossier__in=deja).values_list("dossier_id", flat=True)[:TAILLE]
    return _rows_of_steps(list(ids), filtres.genre)


def _candidate(ligne: LigneListe) -> _Candidate:
    palier = min(int(etape.classement.get("palier", 1)) for etape in ligne.etapes)
    minutes_loi = sum(etape.minutes for etape in ligne.etapes if etape.imposee)
    return _Candidate(ligne, ligne.minutes, Classement(palier, 0, 0, 0, 0, None), minutes_loi)


@dataclass(frozen=True, slots=True)
class _BilanDuJour:
    """`minutes_loi`: those of the steps that the law asks of the landlord, counted in `minutes` too."""

    menages: int
    etapes: int
    minutes: int
    minutes_loi: int


def _settled_today(appartenance: Appartenance, jour: date) -> _BilanDuJour:
    """What this user dealt with today: households with nothing left to do, steps, and the minutes of those done.

    A household whose step was put off, or tried without an answer, is not behind one: it comes back.
    """
    bilan = (
        _settled_by(appartenance, jour)
        .annotate(has_reste=Exists(_has_left()))
        .aggregate(
            menages=Count("dossier", distinct=True, filter=Q(has_reste=False) & ~Q(etat=EtatProposition.REPORTEE)),
            etapes=Count("pk"),
            faites=Sum("minutes", filter=Q(etat=EtatProposition.FAITE)),
            faites_loi=Sum("minutes", filter=Q(etat=EtatProposition.FAITE, imposee=True)),
        )
    )
    return _BilanDuJour(bilan["menages"], bilan["etapes"], bilan["faites"] or 0, bilan["faites_loi"] or 0)


def _settled_by(appartenance: Appartenance, jour: date) -> QuerySet[Proposition]:
    """Dated by the day on which the list stood, or by the calendar when the night of today has not run."""
    return Proposition.objects.filter(
        traitee_par=appartenance.utilisateur_id, traitee_le__in={jour, timezone.localdate()}
    )


def _a_faire(appartenance: Appartenance, filtres: Filtres) -> QuerySet[Proposition]:
    """The first step to do of each household, best rank first: one row a dossier, so that counts are of households."""
    propositions = Proposition.objects.filter(etat=EtatProposition.A_FAIRE, dossier__etat=EtatDossier.OUVERT)
    propositions = visible(propositions, appartenance, JOURNEE, "dossier__secteur")
    propositions = propositions.filter(**_criteres(appartenance, filtres, "dossier__")).filter(
        _mots(filtres.recherche, "dossier__")
    )
    if filtres.genre:
        # What the law asks is asked once an account: of one kind too, a dossier may have several steps.
        propositions = propositions.filter(~Exists(_before(Q(propositions__genre=filtres.genre))), genre=filtres.genre)
    else:
        propositions = propositions.filter(~Exists(_before()))
    if filtres.referent:
        # A worker's own dossiers are few: a sum hides the ranks, so that SQLite starts from the dossiers and sorts
        # their steps instead of walking the ranks of the whole landlord.
        return propositions.order_by(F("rang") + 0, "pk")
    return propositions.order_by("rang", "pk")


def _before(*conditions: Q) -> QuerySet[Dossier]:
    """The dossier of the step outside, when another of its steps to do comes before, among those that meet these.

    Asked through the dossier, so that the steps are those of its index: SQLite would else read all the landlord's.
    """
    return _has_left(
        Q(propositions__rang__lt=OuterRef("rang"))
        | Q(propositions__rang=OuterRef("rang"), propositions__pk__lt=OuterRef("pk")),
        *conditions,
    )


def _has_left(*conditions: Q) -> QuerySet[Dossier]:
    """The dossier of the step outside, when steps that meet these conditions are left to do in it."""
    return Dossier.objects.filter(*conditions, pk=OuterRef("dossier_id"), propositions__etat=EtatProposition.A_FAIRE)


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
            # Two pauses may run at once: the dossier is there once, until the last of them.
            dossiers = dossiers.filter(pauses__levee_le=None, pauses__du__lte=jour, pauses__au__gte=jour)
            par_fin = dossiers.annotate(jusqua=Max("pauses__au")).order_by("jusqua", "pk")
            return par_fin.values_list("pk", flat=True)
        case Onglet.SANS_REPONSE:
            tries = dossiers.filter(sans_reponse_depuis__isnull=False).order_by("sans_reponse_depuis", "pk")
        case Onglet.SANS_ACTIVITE:
            limite = jour - timedelta(days=min(filtres.jours, JOURS_MAX))
            muets = Q(derniere_activite_le=None, ouvert_le__lte=limite) | Q(derniere_activite_le__lte=limite)
            if has_permission(appartenance, NOTE_SOCIALE):
                muets &= Q(activite_sociale_le=None) | Q(activite_sociale_le__lte=limite)
            tries = dossiers.filter(muets).order_by(F("derniere_activite_le").asc(nulls_first=True), "ouvert_le", "pk")
        case _:
            tries = dossiers.filter(referent=None).order_by("ouvert_le", "pk")
    return tries.values_list("pk", flat=True)


def _rows_of_steps(dossier_ids: Sequence[int], genre: str) -> list[LigneListe]:
    """One row a dossier, in this order: all its steps in one query, its household with them."""
    etapes = _steps(dossier_ids).select_related(
        "dossier__menage", "dossier__secteur", "dossier__referent", "dossier__cesf"
    )
    par_dossier = _by_dossier(etapes)
    return [_row(par_dossier[pk][0].dossier, par_dossier[pk], genre) for pk in dossier_ids if par_dossier.get(pk)]


def _rows_of_dossiers(dossier_ids: Sequence[int]) -> list[LigneListe]:
    dossiers = Dossier.objects.select_related("menage", "secteur", "referent", "cesf").in_bulk(dossier_ids)
    par_dossier = _by_dossier(_steps(dossier_ids))
    return [_row(dossiers[pk], par_dossier.get(pk, []), "") for pk in dossier_ids if pk in dossiers]


def _steps(dossier_ids: Sequence[int]) -> QuerySet[Proposition]:
    return Proposition.objects.filter(dossier_id__in=dossier_ids, etat=EtatProposition.A_FAIRE).order_by("rang", "pk")


def _by_dossier(etapes: Iterable[Proposition]) -> dict[int, list[Proposition]]:
    par_dossier: dict[int, list[Proposition]] = defaultdict(list)
    for etape in etapes:
        par_dossier[etape.dossier_id].append(etape)
    return par_dossier


def _row(dossier: Dossier, etapes: Sequence[Proposition], genre: str) -> LigneListe:
    """The step asked for by its kind, else the first; then what the law asks, and one step of the household in all."""
    principale = next((etape for etape in etapes if genre in ("", etape.genre)), None)
    suites: list[Proposition] = []
    has_libre = principale is not None and not principale.imposee
    for etape in etapes:
        if etape is not principale and (etape.imposee or not has_libre):
            suites.append(etape)
            has_libre = has_libre or not etape.imposee
    return LigneListe(dossier, dossier.menage, principale, None, tuple(suites))


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

"""Which dossiers the worklist shows, in what order, and how many a tab; what a row shows of each is in lignes.py.

Every question is written by a function of its form and of its values, so that it is written once (socle/preparees.py);
a search, whose words are compared in parts, is written each time by the same functions.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
)

from maintien.apps.dossiers.enums import EtatDossier, EtatProposition
from maintien.apps.dossiers.models import Dossier, Proposition
from maintien.apps.dossiers.permissions import visible
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import is_open
from maintien.apps.organismes.secteurs import fold
from maintien.apps.socle.portee import current_organisme_id
from maintien.apps.socle.preparees import ORGANISME, Questions, Valeurs, compter, lire

JOURNEE = "journee.voir"
NOTE_SOCIALE = "note_sociale.voir"
MOI = "moi"
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


def read_kinds(appartenance: Appartenance, jour: date) -> list[str]:
    """Kinds of steps to do in the dossiers that this person may see: a kind is not named by one hidden to them.

    All kinds by their index, then for each whether one step may be seen: to look at every step would take ten times
    as long as the rest of the page.
    """
    if not _is_du_bailleur(appartenance):
        return []
    tous = tuple(genre for (genre,) in lire(_ecrire_genres, None, {}))
    if not tous:
        return []
    forme, valeurs = _forme(appartenance, None, Filtres()), _valeurs(appartenance, Filtres(), jour)
    vus = compter(_ecrire_genres_vus, (forme, tous), valeurs)
    return [genre for genre, nombre in zip(tous, vus, strict=True) if nombre]


def _ecrire_genres(_forme: None, _valeurs: Valeurs) -> Questions:
    propositions = Proposition.objects.filter(etat=EtatProposition.A_FAIRE)
    return [propositions.order_by("genre").values_list("genre", flat=True).distinct()]


def _ecrire_genres_vus(forme: "tuple[_Forme, tuple[str, ...]]", valeurs: Valeurs) -> Questions:
    appartenance, _ = _relire(forme[0], valeurs)
    propositions = Proposition.objects.filter(etat=EtatProposition.A_FAIRE)
    visibles = visible(propositions, appartenance, JOURNEE, "dossier__").order_by()
    return [visibles.filter(genre=genre).values_list("pk", flat=True)[:1] for genre in forme[1]]


class EtapeTraitee(NamedTuple):
    """A step that somebody dealt with; `has_reste`: its dossier has others to do."""

    dossier_id: int
    etat: str
    minutes: int
    imposee: bool
    has_reste: bool


def read_settled(utilisateur_id: int, jours: tuple[date, date]) -> list[EtapeTraitee]:
    """What one person dealt with on these days."""
    valeurs = {"utilisateur": utilisateur_id, "jour": jours[0], "aujourd_hui": jours[1]}
    return [EtapeTraitee._make(ligne) for ligne in lire(_ecrire_bilan, None, valeurs)]


def _ecrire_bilan(_forme: None, valeurs: Valeurs) -> Questions:
    """What one person deals with in a day: some tens of rows."""
    traitees = Proposition.objects.filter(
        traitee_par=valeurs["utilisateur"], traitee_le__in=(valeurs["jour"], valeurs["aujourd_hui"])
    )
    lues = traitees.annotate(reste=Exists(_has_left()))
    return [lues.values_list("dossier_id", "etat", "minutes", "imposee", "reste")]


@dataclass(frozen=True, slots=True)
class _Forme:
    """What changes the text of the queries of a list: who may see what, which filters are asked for, which page.

    `filtres` holds no identifier, unless a search is asked for: its words do not go to a query written once.
    """

    role: Role
    is_d_un_secteur: bool
    is_portefeuille_seul: bool
    onglet: Onglet | None
    filtres: Filtres
    page: tuple[int, int]


def _forme(
    appartenance: Appartenance, onglet: Onglet | None, filtres: Filtres, page: tuple[int, int] = (0, COMPTE_MAX)
) -> _Forme:
    vide = Filtres(recherche=filtres.recherche, referent=MOI if filtres.referent == MOI else "")
    return _Forme(
        Role(appartenance.role),
        appartenance.secteur_id is not None,
        appartenance.portefeuille_seul,
        onglet,
        vide,
        page,
    )


def _valeurs(appartenance: Appartenance, filtres: Filtres, jour: date) -> dict[str, Any]:
    """What goes in the places of the queries of a list."""
    valeurs = {
        "utilisateur": appartenance.utilisateur_id,
        "jour": jour,
        "limite": jour - timedelta(days=min(filtres.jours, JOURS_MAX)),
        "secteur_du_membre": appartenance.secteur_id,
        "secteur": filtres.secteur,
        "referent": int(filtres.referent) if filtres.referent.isdecimal() else None,
        "genre": filtres.genre or None,
    }
    return {nom: valeur for nom, valeur in valeurs.items() if valeur is not None}


def _is_du_bailleur(appartenance: Appartenance) -> bool:
    """The scope is asked first, so that without any this raises."""
    return appartenance.organisme_id == current_organisme_id() and appartenance.actif


def _organisme() -> dict[str, int]:
    return {ORGANISME: current_organisme_id()}


def _relire(forme: _Forme, valeurs: Valeurs) -> tuple[Appartenance, Filtres]:
    """The membership and the filters that a query is written for."""
    appartenance = Appartenance(
        organisme_id=valeurs[ORGANISME],
        utilisateur_id=valeurs["utilisateur"],
        role=forme.role,
        secteur_id=valeurs["secteur_du_membre"] if forme.is_d_un_secteur else None,
        portefeuille_seul=forme.is_portefeuille_seul,
    )
    referent = str(valeurs["referent"]) if "referent" in valeurs else forme.filtres.referent
    secteur, genre = valeurs.get("secteur"), valeurs.get("genre", "")
    return appartenance, replace(forme.filtres, secteur=secteur, referent=referent, genre=genre)


def read_ids(
    appartenance: Appartenance, onglet: Onglet, filtres: Filtres, jour: date, page: tuple[int, int]
) -> list[int]:
    """Dossiers of one page, in order."""
    if not _is_du_bailleur(appartenance):
        return []
    forme, valeurs = _forme(appartenance, onglet, filtres, page), _valeurs(appartenance, filtres, jour)
    if filtres.recherche:
        return list(_ecrire_ids(forme, valeurs | _organisme())[0])
    return [pk for (pk, *_) in lire(_ecrire_ids, forme, valeurs)]


def _ecrire_ids(forme: _Forme, valeurs: Valeurs) -> Questions:
    appartenance, filtres = _relire(forme, valeurs)
    if forme.onglet == Onglet.A_FAIRE:
        return [_a_faire(appartenance, filtres).values_list("dossier_id", flat=True)[slice(*forme.page)]]
    dossiers = _du_genre(_dossiers(appartenance, filtres), filtres)
    return [_dans_l_ordre(dossiers, forme, valeurs)[slice(*forme.page)]]


def _ecrire_onglets(forme: _Forme, valeurs: Valeurs) -> Questions:
    """What is counted: dossiers of each tab, without their order."""
    appartenance, filtres = _relire(forme, valeurs)
    dossiers = _dossiers(appartenance, filtres)
    du_genre = _du_genre(dossiers, filtres)
    questions = []
    for onglet in Onglet:
        if onglet == Onglet.A_FAIRE:
            trouves = dossiers.filter(Exists(_with_steps((EtatProposition.A_FAIRE,), filtres.genre)))
        else:
            trouves = _de_l_onglet(du_genre, onglet, forme.role, valeurs)
        trouves = trouves.distinct() if onglet == Onglet.EN_PAUSE else trouves
        questions.append(trouves.order_by().values_list("pk", flat=True)[slice(*forme.page)])
    return questions


def read_counts(appartenance: Appartenance, filtres: Filtres, jour: date) -> list[int]:
    """How many dossiers each tab holds, in their order, `COMPTE_MAX` meaning « at least »."""
    if not _is_du_bailleur(appartenance):
        return [0] * len(Onglet)
    forme, valeurs = _forme(appartenance, None, filtres), _valeurs(appartenance, filtres, jour)
    if filtres.recherche:
        return [question.count() for question in _ecrire_onglets(forme, valeurs | _organisme())]
    return compter(_ecrire_onglets, forme, valeurs)


def _a_faire(appartenance: Appartenance, filtres: Filtres) -> QuerySet[Proposition]:
    """The first step to do of each household, best rank first: one row a dossier, so that counts are of households."""
    propositions = Proposition.objects.filter(etat=EtatProposition.A_FAIRE, dossier__etat=EtatDossier.OUVERT)
    propositions = visible(propositions, appartenance, JOURNEE, "dossier__")
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


def read_begun(appartenance: Appartenance, filtres: Filtres, dossier_ids: Collection[int]) -> list[int]:
    """Those of these dossiers that have a step of the law left, in the order of ranks."""
    commences = _a_faire(appartenance, filtres).filter(dossier_id__in=dossier_ids)
    commences = commences.filter(Exists(_has_left(Q(propositions__imposee=True))))
    return list(commences.values_list("dossier_id", flat=True))


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


def _dossiers(appartenance: Appartenance, filtres: Filtres) -> QuerySet[Dossier]:
    dossiers = visible(Dossier.objects.filter(etat=EtatDossier.OUVERT), appartenance, JOURNEE)
    return dossiers.filter(**_criteres(appartenance, filtres, "")).filter(_mots(filtres.recherche, ""))


def _du_genre(dossiers: QuerySet[Dossier], filtres: Filtres) -> QuerySet[Dossier]:
    if not filtres.genre:
        return dossiers
    return dossiers.filter(Exists(_with_steps((EtatProposition.A_FAIRE, EtatProposition.REPORTEE), filtres.genre)))


def _with_steps(etats: Sequence[EtatProposition], genre: str) -> QuerySet[Dossier]:
    """The dossier outside, when it has such a step; asked through the dossier, as in `_before`."""
    du_genre = Q(propositions__genre=genre) if genre else Q()
    return Dossier.objects.filter(du_genre, pk=OuterRef("pk"), propositions__etat__in=etats)


def _de_l_onglet(dossiers: QuerySet[Dossier], onglet: Onglet, role: Role, valeurs: Valeurs) -> QuerySet[Dossier]:
    match onglet:
        case Onglet.EN_PAUSE:
            return dossiers.filter(
                pauses__levee_le=None, pauses__du__lte=valeurs["jour"], pauses__au__gte=valeurs["jour"]
            )
        case Onglet.SANS_REPONSE:
            return dossiers.filter(sans_reponse_depuis__isnull=False)
        case Onglet.SANS_ACTIVITE:
            limite = valeurs["limite"]
            muets = Q(derniere_activite_le=None, ouvert_le__lte=limite) | Q(derniere_activite_le__lte=limite)
            if is_open(role, NOTE_SOCIALE):
                muets &= Q(activite_sociale_le=None) | Q(activite_sociale_le__lte=limite)
            return dossiers.filter(muets)
        case _:
            return dossiers.filter(referent=None)


def _dans_l_ordre(dossiers: QuerySet[Dossier], forme: _Forme, valeurs: Valeurs) -> QuerySet[Dossier, Any]:
    """Identifiers of a tab. Two pauses may run at once: the dossier is there once, until the last of them."""
    onglet = forme.onglet or Onglet.SANS_REFERENT
    dossiers = _de_l_onglet(dossiers, onglet, forme.role, valeurs)
    match onglet:
        case Onglet.EN_PAUSE:
            par_fin = dossiers.annotate(jusqua=Max("pauses__au")).order_by("jusqua", "pk")
            return par_fin.values_list("pk", flat=True)
        case Onglet.SANS_REPONSE:
            tries = dossiers.order_by("sans_reponse_depuis", "pk")
        case Onglet.SANS_ACTIVITE:
            tries = dossiers.order_by(F("derniere_activite_le").asc(nulls_first=True), "ouvert_le", "pk")
        case _:
            tries = dossiers.order_by("ouvert_le", "pk")
    return tries.values_list("pk", flat=True)

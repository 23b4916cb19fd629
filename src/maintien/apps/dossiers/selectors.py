"""Reads of dossiers, always through the table of permissions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Exists, OuterRef

from maintien.apps.comptes.models import Bail, Compte, Occupation, SituationCompte
from maintien.apps.dossiers.attention import OBJET, PLACER, running
from maintien.apps.dossiers.canaux_surs import kept_people_query
from maintien.apps.dossiers.destinataires import Destinataires, current_occupations, destinataires
from maintien.apps.dossiers.enums import EtatProposition, GenreFait, MurNote
from maintien.apps.dossiers.journee import Filtres, Liste, Onglet, genres_proposes, tab_counts, worklist
from maintien.apps.dossiers.lectures import read_dossier
from maintien.apps.dossiers.levees import LEVER, pending
from maintien.apps.dossiers.models import (
    CanalSur,
    DemandeLevee,
    Dossier,
    Fait,
    MiseSousProtection,
    Note,
    Pause,
    PersonneNommee,
    Proposition,
)
from maintien.apps.dossiers.permissions import can, get_or_404, readable, visible
from maintien.apps.dossiers.voisins import Voisin, voisins
from maintien.apps.organismes.enums import ClasseChamp
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import AccesRefuseError, require
from maintien.apps.organismes.selectors import working_day
from maintien.apps.plans.models import PlanApurement

__all__ = [
    "Attention",
    "CompteDetail",
    "DetailDossier",
    "EntreeFil",
    "Filtres",
    "Liste",
    "Onglet",
    "dossier_detail",
    "find_dossier",
    "genres_proposes",
    "get_dossier",
    "get_proposition",
    "tab_counts",
    "visible_notes",
    "worklist",
]

FIL_MAX = 200
REGLE_PROTEGE = "DOS-PROTEGE"


@dataclass(frozen=True, slots=True)
class CompteDetail:
    """One account of the household: its leases, latest first, its current situation, its plans."""

    compte: Compte
    situation: SituationCompte | None
    baux: tuple[Bail, ...]
    plans: tuple[PlanApurement, ...]


@dataclass(frozen=True, slots=True)
class EntreeFil:
    """One fact of the timeline, with its note when the reader may read it."""

    fait: Fait
    note: Note | None


@dataclass(frozen=True, slots=True)
class Attention:
    """What those named on a protected household read: why, whom to keep out of it, each person's way, who knows."""

    mise: MiseSousProtection | None
    canaux: Mapping[int, CanalSur]
    nommes: tuple[PersonneNommee, ...]
    demande: DemandeLevee | None


@dataclass(frozen=True, slots=True)
class DetailDossier:
    """Everything that the dossier page shows, in a number of queries that does not depend on the household.

    `propositions` are to do, `reportees` come back on their day. `precedents`: the former dossiers of the household
    that the reader may open, latest first. `gardes`: people whose coordinates stay aside. `attention`: what only those
    named on a protected household read.
    """

    dossier: Dossier
    au: date
    comptes: tuple[CompteDetail, ...]
    occupations: tuple[Occupation, ...]
    destinataires: Destinataires
    propositions: tuple[Proposition, ...]
    reportees: tuple[Proposition, ...]
    pauses: tuple[Pause, ...]
    fil: tuple[EntreeFil, ...]
    notes: tuple[Note, ...]
    precedents: tuple[Dossier, ...]
    can_agir: bool
    can_reattribuer: bool
    can_ecrire_social: bool
    can_proteger: bool
    can_corriger: bool
    can_placer: bool
    can_lever: bool
    classes: frozenset[ClasseChamp]
    gardes: frozenset[int]
    attention: Attention | None = None
    voisins: tuple[Voisin, ...] = ()

    def is_a_joindre_par_le_fichier(self, personne: int) -> bool:
        """Whether the coordinates that the landlord's file gives of this person may be read and used."""
        return ClasseChamp.COORDONNEES in self.classes and personne not in self.gardes

    @property
    def pause_en_cours(self) -> Pause | None:
        encours = (p for p in self.pauses if p.levee_le is None and p.du <= self.au <= p.au)
        return next(encours, None)

    @property
    def situations(self) -> tuple[SituationCompte, ...]:
        return tuple(detail.situation for detail in self.comptes if detail.situation is not None)


def get_dossier(appartenance: Appartenance | None, pk: int, permission: str = "dossier.voir") -> Dossier:
    """403 for whoever may never do this, whatever the dossier; 404 when it is this one that is not for them.

    Where the table asks for a purpose, raises `FinaliteRequiseError` until one is said, then writes the reading down.
    """
    membre = require(appartenance, permission)
    dossier = find_dossier(membre, pk, permission)
    read_dossier(membre, permission, dossier)
    return dossier


def find_dossier(appartenance: Appartenance, pk: int, permission: str = "dossier.voir") -> Dossier:
    """The row alone, for the page that asks why it is to be opened: nothing of it may be shown before."""
    dossiers = Dossier.objects.select_related("menage__personne_protegee", "secteur", "referent", "cesf")
    return get_or_404(dossiers, appartenance, permission, pk=pk)


def get_proposition(appartenance: Appartenance | None, pk: int, permission: str = "dossier.agir") -> Proposition:
    membre = require(appartenance, permission)
    propositions = Proposition.objects.select_related("dossier__menage", "traitee_par")
    proposition = get_or_404(propositions, membre, permission, "dossier__", pk=pk)
    read_dossier(membre, permission, proposition.dossier)
    return proposition


def visible_notes(appartenance: Appartenance, dossier: Dossier) -> list[Note]:
    """Notes of the household, its former dossiers included, latest first; the social wall holds for all of them."""
    notes = Note.objects.filter(dossier__menage_id=dossier.menage_id).select_related("auteur").order_by("-pk")
    if not can(appartenance, "note_sociale.voir", dossier):
        notes = notes.exclude(mur=MurNote.SOCIAL)
    return list(notes)


def dossier_detail(appartenance: Appartenance | None, pk: int) -> DetailDossier:
    dossier = get_dossier(appartenance, pk)
    if appartenance is None:
        raise AccesRefuseError("dossier.voir")
    notes = visible_notes(appartenance, dossier)
    au = working_day(appartenance.organisme)
    comptes = _comptes(dossier.menage_id)
    occupations = Occupation.objects.filter(compte__rattachement__menage_id=dossier.menage_id)
    baux = {detail.compte.pk: detail.baux for detail in comptes if detail.baux}
    etapes = Proposition.objects.filter(dossier=dossier, etat__in=(EtatProposition.A_FAIRE, EtatProposition.REPORTEE))
    etapes = etapes.order_by("rang", "pk")
    classes = readable(appartenance, "dossier.voir", dossier)
    occupations = occupations.annotate(
        is_gardee=Exists(kept_people_query().filter(personne_id=OuterRef("personne_id")))
    ).select_related("personne")
    tenues = tuple(current_occupations(occupations.order_by("-role", "pk"), baux, au))
    return DetailDossier(
        dossier=dossier,
        au=au,
        comptes=comptes,
        occupations=tenues,
        destinataires=destinataires(dossier.menage),
        propositions=tuple(etape for etape in etapes if etape.etat == EtatProposition.A_FAIRE),
        reportees=tuple(etape for etape in etapes if etape.etat == EtatProposition.REPORTEE),
        pauses=tuple(Pause.objects.filter(dossier=dossier).select_related("posee_par").order_by("-du", "-pk")),
        fil=_fil(dossier, notes, classes),
        notes=tuple(notes),
        precedents=_former(appartenance, dossier),
        can_agir=can(appartenance, "dossier.agir", dossier),
        can_reattribuer=can(appartenance, "dossier.reattribuer", dossier),
        can_ecrire_social=can(appartenance, "note_sociale.ecrire", dossier),
        can_proteger=can(appartenance, "menage.proteger", dossier),
        can_corriger=can(appartenance, "menage.corriger", dossier),
        can_placer=can(appartenance, PLACER, dossier),
        can_lever=can(appartenance, LEVER, dossier),
        classes=classes,
        gardes=frozenset(tenue.personne_id for tenue in tenues if cast("Any", tenue).is_gardee),
        attention=_attention(dossier) if ClasseChamp.PROTEGE in classes else None,
        voisins=voisins(appartenance, dossier) if can(appartenance, "menage.corriger", dossier) else (),
    )


def _former(appartenance: Appartenance, dossier: Dossier) -> tuple[Dossier, ...]:
    autres = Dossier.objects.filter(menage_id=dossier.menage_id).exclude(pk=dossier.pk)
    return tuple(visible(autres, appartenance, "dossier.voir").order_by("-ouvert_le", "-pk"))


def _comptes(menage_id: int) -> tuple[CompteDetail, ...]:
    comptes = (
        Compte.objects.filter(rattachement__menage_id=menage_id).select_related("situation").order_by("reference")
    )
    baux: dict[int, list[Bail]] = defaultdict(list)
    du_menage = Bail.objects.filter(compte__rattachement__menage_id=menage_id).select_related("logement")
    for bail in du_menage.order_by("bail_annexe_de", "-date_entree", "reference"):
        baux[bail.compte_id].append(bail)
    plans: dict[int, list[PlanApurement]] = defaultdict(list)
    signes = PlanApurement.objects.filter(compte__rattachement__menage_id=menage_id)
    for plan in signes.order_by("-date_signature", "reference"):
        plans[plan.compte_id].append(plan)
    return tuple(
        CompteDetail(compte, getattr(compte, "situation", None), tuple(baux[compte.pk]), tuple(plans[compte.pk]))
        for compte in comptes.order_by("reference")
    )


def _attention(dossier: Dossier) -> Attention:
    canaux = CanalSur.objects.filter(menage_id=dossier.menage_id)
    nommes = PersonneNommee.objects.filter(menage_id=dossier.menage_id).select_related("utilisateur")
    return Attention(
        mise=running(dossier.menage_id),
        canaux={canal.personne_id: canal for canal in canaux},
        nommes=tuple(nommes.order_by("utilisateur__last_name", "utilisateur__first_name", "pk")),
        demande=pending(dossier.menage_id),
    )


def _is_hidden(fait: Fait, classes: frozenset[ClasseChamp]) -> bool:
    """That a household is, or was, protected is read by those named only."""
    return ClasseChamp.PROTEGE not in classes and (
        fait.donnees.get("objet") == OBJET or fait.donnees.get("regle") == REGLE_PROTEGE
    )


def _fil(dossier: Dossier, notes: Sequence[Note], classes: frozenset[ClasseChamp]) -> tuple[EntreeFil, ...]:
    """The timeline of the household, latest first. A note that may not be read leaves no entry of its own."""
    lisibles = {note.pk: note for note in notes}
    faits = Fait.objects.filter(menage_id=dossier.menage_id).select_related("auteur").order_by("-date", "-pk")
    entrees = [
        EntreeFil(fait, lisibles.get(fait.donnees.get("note", 0)))
        for fait in faits[:FIL_MAX]
        if not _is_hidden(fait, classes)
    ]
    return tuple(entree for entree in entrees if entree.note is not None or entree.fait.genre != GenreFait.NOTE)

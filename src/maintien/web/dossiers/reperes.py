"""The landmarks of a dossier: the duo, the cause, pauses, key dates."""

from collections.abc import Iterator

from django.urls import reverse

from maintien.apps.dossiers.enums import CauseImpaye, EtatDossier
from maintien.apps.dossiers.models import Pause
from maintien.apps.dossiers.selectors import DetailDossier
from maintien.apps.plans.models import PlanApurement
from maintien.coeur.calendrier import format_jour
from maintien.web.communs.typographie import euros
from maintien.web.dossiers.joindre import bail_principal
from maintien.web.dossiers.presentation import Repere


def reperes(detail: DetailDossier) -> list[Repere]:
    return [*_duo(detail), *_cause(detail), *_pauses(detail), *_plans(detail), *_impaye_legal(detail), *_dates(detail)]


def _adresse(detail: DetailDossier, acte: str) -> str:
    return reverse(f"dossier_{acte}", args=[detail.dossier.pk])


def _changer(detail: DetailDossier, acte: str, *, permis: bool) -> str:
    """Where to change it; nowhere once the dossier is closed."""
    return _adresse(detail, acte) if permis and detail.dossier.etat == EtatDossier.OUVERT else ""


def _duo(detail: DetailDossier) -> Iterator[Repere]:
    dossier = detail.dossier
    changer = _changer(detail, "reattribuer", permis=detail.can_reattribuer)
    yield Repere("user", "Référent", str(dossier.referent or "à désigner"), changer=changer)
    yield Repere("heart-handshake", "CESF", str(dossier.cesf or "à désigner"))


def _cause(detail: DetailDossier) -> Iterator[Repere]:
    dossier = detail.dossier
    changer = _changer(detail, "cause", permis=detail.can_agir)
    if dossier.cause == CauseImpaye.INCONNUE:
        yield Repere("help-circle", "Cause", "à comprendre", changer=changer)
        return
    source = f", selon {dossier.get_cause_source_display()}" if dossier.cause_source else ""
    texte = f"{dossier.get_cause_display()}{source}"
    yield Repere("help-circle", "Cause", texte, jour=dossier.cause_le, changer=changer)


def _pauses(detail: DetailDossier) -> Iterator[Repere]:
    for pause in detail.pauses:
        if pause.levee_le is None and pause.au >= detail.au:
            yield _pause(pause, detail)


def _pause(pause: Pause, detail: DetailDossier) -> Repere:
    texte = f"du {format_jour(pause.du)} au {format_jour(pause.au)} : {pause.precision or pause.get_motif_display()}"
    if not detail.can_agir or detail.dossier.etat != EtatDossier.OUVERT:
        return Repere("calendar-pause", "Pause", texte)
    champs = {"lever": pause.pk, "version": detail.dossier.version}
    return Repere(
        "calendar-pause", "Pause", texte, adresse=_adresse(detail, "pause"), bouton="Lever la pause", champs=champs
    )


def _plans(detail: DetailDossier) -> Iterator[Repere]:
    for plan in (plan for compte in detail.comptes for plan in compte.plans[:1]):
        yield Repere("scale", "Plan d’apurement", _plan(plan))


def _plan(plan: PlanApurement) -> str:
    texte = f"{euros(plan.mensualite_centimes)} par mois depuis le {format_jour(plan.premiere_echeance)}"
    if plan.date_rupture is not None:
        return f"{texte}, rompu le {format_jour(plan.date_rupture)}"
    if plan.date_solde is not None:
        return f"{texte}, soldé le {format_jour(plan.date_solde)}"
    return texte


def _impaye_legal(detail: DetailDossier) -> Iterator[Repere]:
    """The date of the law, and the day on which the books first showed it (conventions, C10)."""
    for situation in detail.situations:
        if situation.impaye_apl_legal and situation.date_impaye_apl_legal is not None:
            texte = f"constitué le {format_jour(situation.date_impaye_apl_legal)}"
            if situation.constate_le is not None:
                texte += f", constaté le {format_jour(situation.constate_le)}"
            yield Repere("scale", "Impayé APL", texte)


def _dates(detail: DetailDossier) -> Iterator[Repere]:
    bail = bail_principal(detail)
    if bail is not None:
        yield Repere("home", "Entrée", jour=bail.date_entree)
        if bail.date_sortie is not None:
            motif = bail.get_motif_sortie_display() if bail.motif_sortie else ""
            yield Repere("logout", "Sortie", motif, jour=bail.date_sortie)
    dossier = detail.dossier
    yield Repere("file-text", "Dossier ouvert", jour=dossier.ouvert_le)
    if dossier.clos_le is not None:
        yield Repere("circle-check", "Dossier clos", dossier.motif_cloture, jour=dossier.clos_le)

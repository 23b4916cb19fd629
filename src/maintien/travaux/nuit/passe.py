"""The pass itself: one run by landlord and day, resumed where it stopped, safe to repeat."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from maintien.apps.dossiers.enums import EtatProposition
from maintien.apps.dossiers.models import Proposition
from maintien.apps.organismes.jetons import tell_past_days
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.apps.socle.executions import BailPerduError, fail, finish
from maintien.apps.socle.models import Execution
from maintien.apps.socle.portee import organisme_scope
from maintien.coeur.calendrier import format_jour
from maintien.travaux.nuit.balayage import last_payment
from maintien.travaux.nuit.erreurs import NuitRefuseeError
from maintien.travaux.nuit.menages import decide_menages, gather_menages
from maintien.travaux.nuit.miroir import bring_mirror
from maintien.travaux.nuit.passage import GENRE, Passage, Progres, take
from maintien.travaux.nuit.regles import shipped_rules
from maintien.travaux.nuit.situations import compute_situations
from maintien.travaux.secteurs import realign_dossiers

# A day typed wrong would forbid every pass before it. Tomorrow: a pass may start before midnight for the day after.
AVANCE_MAX = timedelta(days=1)
_ARRET = "Arrêt inattendu : ce qui était fini est gardé ; relancez la passe, elle reprendra où elle en était."


def run(organisme: Organisme, au: date, *, progres: Progres | None = None, livres_au: date | None = None) -> Execution:
    """Run, resume or repeat the pass of a landlord for one day. Raises NuitRefuseeError when it must not be run.

    `livres_au`: how far the landlord says that the books go; else the last payment booked tells.
    """
    with organisme_scope(organisme):
        organisme.refresh_from_db()
        _refuse_future(organisme, au)
        return _do(organisme, au, progres, livres_au)


def try_out(
    organisme: Organisme, au: date, *, progres: Progres | None = None, livres_au: date | None = None
) -> Execution:
    """The same pass, for any day to come, of which the database keeps nothing."""
    with organisme_scope(organisme), journal.atomic():
        organisme.refresh_from_db()
        execution = _do(organisme, au, progres, livres_au, is_essai=True)
        transaction.set_rollback(True)
        return execution


def _do(
    organisme: Organisme, au: date, progres: Progres | None, livres_au: date | None, *, is_essai: bool = False
) -> Execution:
    regles = shipped_rules()
    _refuse_past(organisme, au)
    execution = take(organisme, au)
    passage = Passage(organisme, au, execution, regles, progres, livres_dits=livres_au, is_essai=is_essai)
    passage.resume(execution.resultat)
    try:
        _run(passage)
    except BailPerduError as erreur:
        raise NuitRefuseeError(
            f"La passe du {format_jour(au)} a été reprise par un autre processus : laissez-le finir."
        ) from erreur
    except Exception:
        if not is_essai:
            fail(execution, _ARRET)
        raise
    organisme.refresh_from_db()
    return execution


def _refuse_past(organisme: Organisme, au: date) -> None:
    """A pass never goes back: what people did since rests on the later one."""
    commencees = Execution.objects.filter(genre=GENRE, started_at__isnull=False, cle__gt=au.isoformat())
    plus_tard = commencees.order_by("-cle").values_list("cle", flat=True).first()
    derniere = organisme.derniere_nuit
    if plus_tard is not None:
        derniere = max(derniere or date.min, date.fromisoformat(plus_tard))
    if derniere is not None and au < derniere:
        raise NuitRefuseeError(
            f"{organisme.code} a déjà une passe au {format_jour(derniere)} : une passe ne revient pas en arrière, "
            f"choisissez ce jour ou un jour suivant."
        )


def _today() -> date:
    return timezone.localdate()


def _refuse_future(organisme: Organisme, au: date) -> None:
    if au > _today() + AVANCE_MAX:
        raise NuitRefuseeError(
            f"Le {format_jour(au)} n'est pas encore venu, et {organisme.code} n'aurait plus de passe avant ce jour : "
            "vérifiez la date, ou ajoutez --essai, qui n'écrit rien."
        )


def _run(passage: Passage) -> None:
    passage.save("miroir")
    numero = bring_mirror(passage)
    if numero != passage.numero:
        # Something was delivered since the run that is resumed: its households are looked at again.
        passage.numero, passage.curseur = numero, 0
    passage.livres_lus = last_payment(passage.miroir, passage.au)
    gather_menages()
    realign_dossiers(passage.au)
    sans_bail = compute_situations(passage)
    decide_menages(passage, sans_bail)
    tell_past_days(_today())
    with journal.atomic():
        a_faire = Proposition.objects.filter(etat=EtatProposition.A_FAIRE)
        passage.bilan.propositions_a_faire = a_faire.count()
        couvre = passage.couverture
        passage.bilan.livres_au = couvre.livres_au.isoformat() if couvre.livres_au else ""
        passage.bilan.livres = couvre.phrase()
        Organisme.objects.filter(pk=passage.organisme.pk).update(derniere_nuit=passage.au, livres_au=couvre.livres_au)
        if passage.bilan.has_changes:
            journal.record("nuit.terminer", passage.organisme, au=passage.au.isoformat(), **_comptes(passage))
        finish(passage.execution, passage.result())


def _comptes(passage: Passage) -> dict[str, Any]:
    valeurs = passage.bilan.as_json()
    return {nom: valeur for nom, valeur in valeurs.items() if isinstance(valeur, int)}

"""Done, put off, not agreed: from a row of the list or from the dossier, with or without script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import Canal, EtatProposition, IssueContact, RaisonDesaccord
from maintien.apps.dossiers.erreurs import DejaTraiteeError, SaisieRefuseeError
from maintien.apps.dossiers.journee import worklist
from maintien.apps.dossiers.models import Proposition
from maintien.apps.dossiers.permissions import can
from maintien.apps.dossiers.selectors import get_proposition
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle import journal
from maintien.coeur.calendrier import format_jour
from maintien.web.communs.vues import A_CORRIGER, fragment, is_htmx, membre
from maintien.web.dossiers.actes import contact
from maintien.web.dossiers.forms import ActeForm
from maintien.web.dossiers.relecture import garder
from maintien.web.journee.bande import bande_de, fin_de
from maintien.web.journee.filtres import lire_filtres, lire_onglet, onglets_lus
from maintien.web.journee.forms import FAIRE, ConfirmerForm, ContesterForm, RefuserForm, ReporterForm, SignalerForm
from maintien.web.journee.lignes import etapes_lues
from maintien.web.journee.rendu import etape

PERMISSION = "dossier.agir"
SIGNALEMENT = "impaye_legal"
Executer = Callable[[Appartenance, Proposition, Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides: the words and the form, and what does it and says what became of the step."""

    titre: str
    bouton: str
    form: type[ActeForm]
    executer: Executer
    explication: str = ""


def _joindre(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> str:
    """What was said is noted and the step is dealt with, or neither."""
    noter = {Canal.APPEL: actions.record_appel, Canal.VISITE: actions.record_visite}[Canal(proposition.canal)]
    champs = contact(saisie)
    with journal.atomic():
        essai = {nom: champs[nom] for nom in ("issue", "jour", "rappel_le")}
        traitee = actions.attempt_proposition(appartenance, proposition, **essai)
        noter(appartenance, proposition.dossier, **champs)
    if traitee.etat == EtatProposition.FAITE:
        return "c’est noté."
    if champs["issue"] == IssueContact.MAUVAIS_NUMERO:
        return "c’est noté ; la passe de cette nuit proposera un autre canal."
    if traitee.etat == EtatProposition.REPORTEE and traitee.reportee_au is not None:
        return f"c’est noté ; l’étape revient le {format_jour(traitee.reportee_au)}."
    return "c’est noté ; l’étape reste à faire aujourd’hui."


def _faire(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> str:
    _completer(appartenance, proposition, saisie)
    return "c’est noté."


def _signaler(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> str:
    _completer(appartenance, proposition, saisie, realisee_le=saisie["jour"])
    return f"c’est noté, à la date du {format_jour(saisie['jour'])}."


def _completer(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any], **quand: date) -> None:
    """The step and the note that goes with it, or neither."""
    with journal.atomic():
        actions.complete_proposition(appartenance, proposition, **quand)
        if saisie["texte"]:
            note = {nom: saisie[nom] for nom in ("texte", "mur", "cle") if nom in saisie}
            actions.add_note(appartenance, proposition.dossier, **note)


def _reporter(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> str:
    actions.postpone_proposition(appartenance, proposition, au=saisie["au"], motif=saisie["motif"])
    return f"l’étape est reportée au {format_jour(saisie['au'])}."


def _refuser(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> str:
    actions.refuse_proposition(appartenance, proposition, motif=saisie["motif"])
    return "votre avis est noté, il sert à corriger les règles."


def _contester(appartenance: Appartenance, proposition: Proposition, saisie: Mapping[str, Any]) -> str:
    raison = RaisonDesaccord(saisie["raison"])
    actions.contest_proposition(appartenance, proposition, raison=raison, motif=saisie["motif"])
    reste = "votre désaccord est noté. La loi demande cette étape : elle reste à faire."
    if raison == RaisonDesaccord.DEJA_PAYE:
        return f"{reste} Elle s’en ira d’elle-même quand le compte montrera que tout est payé."
    return reste


_CONTACT = (Canal.APPEL, Canal.VISITE)
_FAIRE = Decision("C’est fait", "Enregistrer", ConfirmerForm, _faire)
_SIGNALER = Decision(
    "C’est fait, à sa date",
    "Enregistrer",
    SignalerForm,
    _signaler,
    "La date est votre preuve : donnez le jour où cela s’est fait, même s’il est passé.",
)
_REPORTER = Decision("Reporter à plus tard", "Reporter", ReporterForm, _reporter)
_REFUSER = Decision("Pas d’accord avec cette étape", "Enregistrer", RefuserForm, _refuser)
_CONTESTER = Decision(
    "Noter un désaccord",
    "Enregistrer",
    ContesterForm,
    _contester,
    "La loi impose cette étape au bailleur : votre désaccord est gardé au dossier, et l’étape reste à faire.",
)
DECISIONS = ("faire", "reporter", "refuser")


def _decision(nom: str, proposition: Proposition) -> Decision:
    """What the law imposes is not refused, and bears the date on which it was done."""
    if nom == "reporter":
        return _REPORTER
    if nom == "refuser":
        return _CONTESTER if proposition.imposee else _REFUSER
    if proposition.canal in _CONTACT:
        return Decision("C’est fait", "Enregistrer", FAIRE[proposition.canal], _joindre)
    return _SIGNALER if proposition.imposee else _FAIRE


@require_http_methods(["GET", "POST"])
def decider(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    appartenance = membre(request, PERMISSION)
    proposition = get_proposition(appartenance, pk, PERMISSION)
    choix = _decision(decision, proposition)
    form = choix.form(
        request.POST if request.method == "POST" else None,
        jour_de_travail=timezone.localdate(),
        social=can(appartenance, "note_sociale.ecrire", proposition.dossier),
        prefix=f"p{pk}",
    )
    if isinstance(form, SignalerForm) and proposition.genre == SIGNALEMENT:
        form.fields["jour"].label = "Signalé le"
    if isinstance(form, ReporterForm) and proposition.echeance_legale is not None:
        form.keep_before(proposition.echeance_legale)
    if request.method == "POST" and form.is_valid():
        # Before anything is written: what the browser sends must not fail once the decision is taken.
        liste_ouverte = _liste_ouverte(request)
        saisie = form.saisie_unique(proposition.pk)
        try:
            with journal.atomic():
                dit = choix.executer(appartenance, proposition, saisie)
                garder(appartenance, proposition.dossier.menage, form.relecture, saisie.get("cle", ""))
        except SaisieRefuseeError as erreur:
            form.add_error(erreur.champ if erreur.champ in form.fields else None, str(erreur))
        except DejaTraiteeError as erreur:
            messages.warning(request, str(erreur))
            return _suite(request, appartenance, proposition, liste_ouverte)
        else:
            messages.success(request, f"{proposition.dossier.menage.libelle} : {dit}")
            return _suite(request, appartenance, proposition, liste_ouverte)
    return _montrer(request, proposition, decision, choix, form)


def _depuis_le_dossier(request: HttpRequest) -> bool:
    return request.POST.get("depuis", request.GET.get("depuis")) == "dossier"


def _suite(
    request: HttpRequest, appartenance: Appartenance, proposition: Proposition, liste_ouverte: QueryDict
) -> HttpResponse:
    if _depuis_le_dossier(request):
        return HttpResponseRedirect(reverse("dossier", args=[proposition.dossier_id]))
    if is_htmx(request):
        return _apres_ligne(request, appartenance, proposition, liste_ouverte)
    return redirect("journee")


def _liste_ouverte(request: HttpRequest) -> QueryDict:
    """The query of the list that the browser shows; an address that cannot be read is that of the whole list."""
    try:
        return QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    except ValueError:
        return QueryDict()


def _apres_ligne(
    request: HttpRequest, appartenance: Appartenance, proposition: Proposition, liste_ouverte: QueryDict
) -> HttpResponse:
    """The row goes, or stays when its step does; the strip, the tabs, the message and the end of the list follow."""
    onglet, filtres = lire_onglet(liste_ouverte), lire_filtres(liste_ouverte, request.session)
    liste = worklist(appartenance, onglet, filtres)
    restee = next((ligne for ligne in etapes_lues(liste) if ligne.proposition_id == proposition.pk), None)
    contexte = {
        "etape": etape(restee, liste.au) if restee is not None else "",
        "bande": bande_de(liste),
        "onglets": onglets_lus(appartenance, onglet, filtres),
        "fin": fin_de(liste, filtres),
        "messages": messages.get_messages(request),
        "oob": True,
    }
    return render(request, "journee/_apres.html", contexte)


def _montrer(
    request: HttpRequest, proposition: Proposition, decision: str, choix: Decision, form: ActeForm
) -> HttpResponse:
    depuis = "dossier" if _depuis_le_dossier(request) else "journee"
    panneau = "saisie" if depuis == "dossier" else f"panneau-{proposition.pk}"
    contexte = {
        "proposition": proposition,
        "form": form,
        "titre": choix.titre,
        "bouton": choix.bouton,
        "explication": choix.explication,
        "depuis": depuis,
        "panneau": panneau,
        "adresse": reverse(f"proposition_{decision}", args=[proposition.pk]),
        "retour": reverse("dossier", args=[proposition.dossier_id]) if depuis == "dossier" else reverse("journee"),
    }
    statut = A_CORRIGER if form.is_bound else 200
    if is_htmx(request):
        return fragment(request, "journee/_decision.html", contexte, cible=panneau, statut=statut)
    return render(request, "journee/decision.html", contexte, status=statut)

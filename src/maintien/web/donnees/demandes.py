"""What people ask of their data: the clock, the answer, and the copy that leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from maintien.apps.dossiers.destinataires import nom_complet
from maintien.apps.dossiers.droits import (
    TRAITER,
    answer,
    end_limitation,
    extend,
    get_demande,
    horloge,
    list_demandes,
    open_demande,
    read_by_demande,
)
from maintien.apps.dossiers.enums import EtatDroit, GenreDroit, MotifProlongation
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.apps.dossiers.models import DemandeDroit
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.selectors import working_day
from maintien.apps.socle import journal
from maintien.travaux.droits.archive import archive
from maintien.web.communs.typographie import pluriel
from maintien.web.communs.vues import A_CORRIGER, membre
from maintien.web.donnees.forms import DemandeForm, ReponseForm
from maintien.web.dossiers.relecture import garder

PRESSE_JOURS = 7


@dataclass(frozen=True, slots=True)
class DemandeLue:
    pk: int
    personne: str
    genre: str
    recue_le: date
    etat: str
    attend: bool
    echeance: date
    reste: str
    ton: str
    prolongation: str
    repondue_le: date | None
    reponse: str
    is_limitee: bool


@require_GET
def demandes(request: HttpRequest) -> HttpResponse:
    lues = [_lue(demande) for demande in list_demandes(membre(request, TRAITER))]
    contexte = {"attendent": [d for d in lues if d.attend], "repondues": [d for d in lues if not d.attend]}
    return render(request, "donnees/demandes.html", contexte)


@require_http_methods(["GET", "POST"])
def demande_nouvelle(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, TRAITER)
    jour = timezone.localdate()
    donnees = request.POST if request.method == "POST" else None
    form = DemandeForm(donnees, jour_de_travail=jour, social=False, initial={"recue_le": jour})
    if request.method == "POST" and form.is_valid():
        try:
            demande = open_demande(appartenance, **form.cleaned_data)
        except SaisieRefuseeError as erreur:
            form.add_error(erreur.champ if erreur.champ in form.fields else None, str(erreur))
        else:
            messages.success(request, "La demande est enregistrée.")
            return redirect("demande", demande.pk)
    statut = A_CORRIGER if form.errors else 200
    return render(request, "donnees/demande_nouvelle.html", {"form": form}, status=statut)


@require_http_methods(["GET", "POST"])
def demande(request: HttpRequest, pk: int) -> HttpResponse:
    appartenance = membre(request, TRAITER)
    la_demande = get_demande(appartenance, pk)
    acte = _ACTES.get(request.POST.get("acte", "")) if request.method == "POST" else None
    if acte is not None:
        try:
            return acte(request, appartenance, la_demande)
        except SaisieRefuseeError as erreur:
            messages.warning(request, str(erreur))
            return redirect("demande", pk)
    form = ReponseForm(
        request.POST if request.method == "POST" else None,
        jour_de_travail=working_day(appartenance.organisme),
        social=False,
    )
    if request.method == "POST" and form.is_valid() and _repondre(appartenance, la_demande, form):
        messages.success(request, "La réponse est enregistrée.")
        return redirect("demande", pk)
    contexte = {"demande": _lue(la_demande), "form": form, "motifs": MotifProlongation.choices}
    return render(request, "donnees/demande.html", contexte, status=A_CORRIGER if form.errors else 200)


def _repondre(appartenance: Appartenance, demande: DemandeDroit, form: ReponseForm) -> bool:
    saisie = form.cleaned_data
    try:
        with journal.atomic():
            answer(appartenance, demande, etat=EtatDroit(saisie["etat"]), reponse=saisie["reponse"])
            garder(appartenance, demande.menage, form.relecture)
    except SaisieRefuseeError as erreur:
        form.add_error(erreur.champ if erreur.champ in form.fields else None, str(erreur))
        return False
    return True


def _archive(request: HttpRequest, appartenance: Appartenance, demande: DemandeDroit) -> HttpResponse:
    """Written down before anything is read."""
    read_by_demande(appartenance, demande)
    reponse = HttpResponse(archive(demande), content_type="application/zip")
    reponse["Content-Disposition"] = f'attachment; filename="demande-{demande.pk}.zip"'
    return reponse


def _prolonger(request: HttpRequest, appartenance: Appartenance, demande: DemandeDroit) -> HttpResponse:
    motif = request.POST.get("motif", "")
    if motif not in MotifProlongation.values:
        raise SaisieRefuseeError("Choisissez pourquoi la réponse prend plus de temps.", "motif")
    extend(appartenance, demande, MotifProlongation(motif))
    messages.success(request, "Le délai est prolongé de deux mois. Dites-le à la personne, avec la raison.")
    return redirect("demande", demande.pk)


def _lever(request: HttpRequest, appartenance: Appartenance, demande: DemandeDroit) -> HttpResponse:
    end_limitation(appartenance, demande)
    messages.success(request, "La limitation est levée.")
    return redirect("demande", demande.pk)


_ACTES: dict[str, Callable[[HttpRequest, Appartenance, DemandeDroit], HttpResponse]] = {
    "archive": _archive,
    "prolonger": _prolonger,
    "lever": _lever,
}


def _lue(demande: DemandeDroit) -> DemandeLue:
    temps = horloge(demande, timezone.localdate())
    attend = demande.etat == EtatDroit.A_TRAITER
    return DemandeLue(
        pk=demande.pk,
        personne=nom_complet(demande.personne) if demande.personne is not None else "Le ménage",
        genre=demande.get_genre_display(),
        recue_le=demande.recue_le,
        etat=demande.get_etat_display(),
        attend=attend,
        echeance=temps.echeance,
        reste=_reste(temps.jours),
        ton="rouge" if temps.jours < 0 else "ambre" if temps.jours <= PRESSE_JOURS else "accent",
        prolongation=demande.get_prolongation_display() if demande.prolongation else "",
        repondue_le=demande.repondue_le,
        reponse=demande.reponse,
        is_limitee=demande.genre == GenreDroit.LIMITATION and demande.menage.traitement_limite_le is not None,
    )


def _reste(jours: int) -> str:
    if jours < 0:
        return f"en retard de {pluriel(-jours, 'jour,jours')}"
    return "aujourd’hui" if jours == 0 else f"reste {pluriel(jours, 'jour,jours')}"

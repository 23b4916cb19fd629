"""The journal, for whoever watches over it: numbers instead of names, unless a purpose is given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from maintien.apps.dossiers.models import Menage
from maintien.apps.organismes.consultation import VOIR, Criteres, PageJournal, known_acts, search, unmask
from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.apps.socle.enums import Finalite
from maintien.apps.socle.models import Evenement
from maintien.web.communs.vues import A_CORRIGER, membre
from maintien.web.journal.forms import NomsForm, RechercheForm
from maintien.web.journal.libelles import act_label


@dataclass(frozen=True, slots=True)
class LigneLue:
    pk: int
    instant: datetime
    qui: str
    role: str
    quoi: str
    pour_qui: str
    pourquoi: str
    details: str
    origine: str


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    appartenance = membre(request, VOIR)
    form, criteres = _read(request, appartenance)
    page = search(appartenance, criteres)
    return _page(request, form, criteres, page)


@require_POST
def noms(request: HttpRequest) -> HttpResponse:
    """The same page with names, once: it is no address that can be opened again."""
    appartenance = membre(request, VOIR)
    form, criteres = _read(request, appartenance)
    demande = NomsForm(request.POST)
    if not demande.is_valid():
        return _page(request, form, criteres, search(appartenance, criteres), demande=demande)
    page = unmask(appartenance, Finalite(demande.cleaned_data["finalite"]), criteres)
    return _page(request, form, criteres, page, noms=_names(page.lignes))


def _read(request: HttpRequest, appartenance: Appartenance) -> tuple[RechercheForm, Criteres]:
    form = RechercheForm(request.GET or None)
    actes = sorted(((acte, act_label(acte)) for acte in known_acts(appartenance)), key=lambda choix: choix[1])
    form.fields["acte"].choices = [("", "Tous les actes"), *actes]  # type: ignore[attr-defined]
    lus: dict[str, Any] = {}
    if form.is_bound:
        form.is_valid()
        lus = {nom: valeur for nom, valeur in form.cleaned_data.items() if valeur}
    avant = request.GET.get("avant", "")
    if avant.isascii() and avant.isdecimal() and len(avant) <= 18:
        lus["avant"] = int(avant)
    return form, Criteres(**lus)


def _page(
    request: HttpRequest,
    form: RechercheForm,
    criteres: Criteres,
    page: PageJournal,
    *,
    demande: NomsForm | None = None,
    noms: dict[str, dict[int, str]] | None = None,
) -> HttpResponse:
    filtres = _address(criteres)
    suite = {**filtres, "avant": page.lignes[-1].pk} if page.has_suite else {}
    contexte = {
        "form": form,
        "lignes": [_line(ligne, noms or {}) for ligne in page.lignes],
        "suite": f"?{urlencode(suite)}" if suite else "",
        "debut": f"?{urlencode(filtres)}" if criteres.avant else "",
        "noms_form": demande or NomsForm(),
        "noms_adresse": f"{reverse('journal_noms')}?{urlencode(_address(criteres, avant=criteres.avant))}",
        "is_nomme": noms is not None,
    }
    return render(request, "journal/journal.html", contexte, status=A_CORRIGER if demande is not None else 200)


def _address(criteres: Criteres, **autres: Any) -> dict[str, Any]:
    dits = {nom: getattr(criteres, nom) for nom in ("acteur", "acte", "menage", "du", "au")}
    return {nom: valeur for nom, valeur in (dits | autres).items() if valeur}


def _names(lignes: Iterable[Evenement]) -> dict[str, dict[int, str]]:
    lignes = list(lignes)
    acteurs = {ligne.acteur_id for ligne in lignes if ligne.acteur_id is not None}
    menages = {ligne.menage_ref for ligne in lignes if ligne.menage_ref is not None}
    return {
        "acteurs": {pk: str(utilisateur) for pk, utilisateur in Utilisateur.objects.in_bulk(acteurs).items()},
        "menages": dict(Menage.objects.filter(pk__in=menages).values_list("pk", "libelle")),
    }


def _line(ligne: Evenement, noms: dict[str, dict[int, str]]) -> LigneLue:
    qui = "La machine" if ligne.acteur_id is None else f"Utilisateur {ligne.acteur_id}"
    pour_qui = "" if ligne.menage_ref is None else f"Ménage {ligne.menage_ref}"
    raisons = (ligne.get_finalite_display() if ligne.finalite else "", ligne.motif)
    return LigneLue(
        pk=ligne.pk,
        instant=ligne.instant,
        qui=noms.get("acteurs", {}).get(ligne.acteur_id or 0, qui),
        role=ligne.role,
        quoi=act_label(ligne.acte),
        pour_qui=noms.get("menages", {}).get(ligne.menage_ref or 0, "") or pour_qui,
        pourquoi=" ; ".join(filter(None, raisons)),
        details=", ".join(
            _detail(nom, valeur) for nom, valeur in ligne.details.items() if valeur not in ({}, 0, None)
        ),
        origine=" · ".join(filter(None, (ligne.adresse, f"session {ligne.session[:6]}" if ligne.session else ""))),
    )


def _detail(nom: str, valeur: object) -> str:
    texte = "oui" if valeur is True else str(valeur)
    return f"{nom.replace('_', ' ')} : {texte if len(texte) <= 40 else f'{texte[:39]}…'}"

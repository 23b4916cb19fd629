"""Template filters and tags of every screen."""

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maintien.apps.organismes.fournisseur import reglages_oidc
from maintien.coeur.compte.credits import Credit
from maintien.coeur.compte.ecritures import Ecriture
from maintien.coeur.compte.libelles import nommer_credit, nommer_poste
from maintien.coeur.compte.postes import Poste
from maintien.web.communs import menu, morceaux, typographie
from maintien.web.communs.anciennete import avis_ancienne
from maintien.web.communs.regles import titre_de_la_regle

register = template.Library()

register.filter("euros", typographie.euros)
register.filter("jour", typographie.format_jour)
register.filter("jour_complet", typographie.jour_complet)
register.filter("pluriel", typographie.pluriel)
register.filter("accord", typographie.accord)
register.filter("nombre", typographie.nombre_groupe)
register.filter("minutes", typographie.duree_minutes)
register.filter("octets", typographie.octets)
register.filter("telephone", typographie.telephone)
register.filter("typo", typographie.insecables)
register.filter("titre_de_la_regle", titre_de_la_regle)
register.simple_tag(morceaux.icone, name="icone")
register.simple_tag(morceaux.echeances, name="echeances")
register.simple_tag(morceaux.explication, name="explication")


def _en_jour(valeur: date | datetime) -> date:
    return timezone.localtime(valeur).date() if isinstance(valeur, datetime) else valeur


@register.filter
def nom_du_credit(credit: Credit) -> str:
    return _majuscule(typographie.insecables(nommer_credit(credit)))


@register.filter
def nom_du_poste(poste: Poste) -> str:
    return _majuscule(typographie.insecables(nommer_poste(poste)))


@register.filter
def montant_credite(ecriture: Ecriture) -> int:
    return -ecriture.montant_centimes


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


TONS = {"success": "vert", "warning": "ambre", "error": "rouge"}
ICONES_DES_TONS = {"success": "circle-check", "warning": "alert-triangle", "error": "alert-triangle"}


@register.filter
def ton(niveau: str) -> str:
    return TONS.get(niveau, "accent")


@register.filter
def icone_du_ton(niveau: str) -> str:
    return ICONES_DES_TONS.get(niveau, "info-circle")


@register.simple_tag
def relatif(valeur: date | datetime, au: date) -> SafeString:
    """« il y a 3 jours » with the real date on hover and for screen readers."""
    jour = _en_jour(valeur)
    # What was noted after the last nightly pass is told from today, not as if it were to come.
    depuis = timezone.localdate() if au < jour <= timezone.localdate() else au
    return morceaux.instant(jour, typographie.relatif(jour, depuis), typographie.jour_complet(jour))


@register.inclusion_tag("communs/_ancienne.html")
def situation_ancienne(au: date) -> dict[str, str]:
    """The banner of a page that shows a situation of another time."""
    return {"avis": avis_ancienne(au)}


@register.simple_tag(takes_context=True)
def menu_principal(context: Context) -> SafeString:
    """The top band, with only what the role may open."""
    requete = context.get("request")
    appartenance = getattr(requete, "appartenance", None)
    contexte: dict[str, Any] = {"entrees": [], "appartenance": appartenance}
    if requete is not None and appartenance is not None:
        bande, secondes = menu.entrees(requete, appartenance)
        contexte |= {
            "entrees": bande,
            "secondes": secondes,
            "organisme": appartenance.organisme,
            "au": appartenance.organisme.derniere_nuit,
            "utilisateur": requete.user,
        }
    return render_to_string("communs/_menu.html", contexte, request=requete)


@register.simple_tag
def fournisseur_d_identite() -> str:
    """Its name on the login page; empty when there is none."""
    reglages = reglages_oidc()
    return reglages.nom if reglages else ""


@register.simple_tag
def heure(valeur: datetime) -> SafeString:
    """« 12 octobre 2026 à 14 h 05 »."""
    local = timezone.localtime(valeur)
    heure_lue = f"{local.hour}{typographie.INSECABLE}h{typographie.INSECABLE}{local:%M}"
    texte = f"{typographie.format_jour(local.date())} à {heure_lue}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        typographie.jour_complet(local.date()),
        texte,
    )


@register.inclusion_tag("communs/_champ.html")
def champ(champ: BoundField, libelle: str = "") -> dict[str, Any]:
    """One field of a form: label, control, hint, errors, tied together for screen readers."""
    classes: dict[type, str] = {Select: "form-select", CheckboxInput: "form-check-input"}
    classe = classes.get(type(champ.field.widget), "form-control")
    attributs: dict[str, str | bool] = {"class": classe}
    if champ.errors:
        attributs |= {"class": f"{classe} is-invalid", "aria-describedby": f"{champ.auto_id}_erreur"}
    return {
        "champ": champ,
        "libelle": libelle or champ.label,
        "choix": isinstance(champ.field.widget, RadioSelect),
        "case": isinstance(champ.field.widget, CheckboxInput),
        "widget": champ.as_widget(attrs=attributs),
    }

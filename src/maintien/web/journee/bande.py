"""The strip at the top of the day, and the end of the list."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse

from maintien.apps.dossiers.journee import Filtres, Liste, Onglet
from maintien.web.communs.typographie import INSECABLE, accord, duree_minutes, pluriel
from maintien.web.journee.filtres import is_filtree
from maintien.web.journee.presentation import Bande, ElementBande, Fin

SEMAINE = timedelta(days=7)


def bande_de(liste: Liste) -> Bande:
    """« 12 ménages à joindre · 95 min sur 120 · 1 échéance légale cette semaine · 3 sur 15 faits »."""
    if not liste.is_coupee:
        return Bande()
    nombre = len(liste.lignes)
    elements = [
        ElementBande("users", f"{nombre}", accord(nombre, "ménage à joindre,ménages à joindre")),
        ElementBande("clock", f"{liste.minutes_prevues}{INSECABLE}min", f"sur {liste.minutes_par_jour}"),
    ]
    legales = [etape.echeance_legale for ligne in liste.lignes for etape in ligne.etapes if etape.echeance_legale]
    depassees = sum(echeance < liste.au for echeance in legales)
    proches = sum(liste.au <= echeance <= liste.au + SEMAINE for echeance in legales)
    if depassees:
        texte = accord(depassees, "délai légal dépassé,délais légaux dépassés")
        elements.append(ElementBande("scale", f"{depassees}", texte))
    if proches:
        texte = accord(proches, "échéance légale cette semaine,échéances légales cette semaine")
        elements.append(ElementBande("scale", f"{proches}", texte))
    return Bande(elements, liste.nb_faits, liste.nb_faits + nombre)


def fin_de(liste: Liste, filtres: Filtres) -> Fin | None:
    """What the end of the list says; nothing while rows are left and no more wait behind them."""
    if liste.lignes:
        return None
    if is_filtree(filtres):
        return Fin("search", "Aucun ménage ne correspond", ["Élargissez la recherche ou retirez un filtre."])
    if liste.onglet not in _TEXTES:
        return _fin_du_jour(liste)
    titre, phrase = _TEXTES[liste.onglet]
    return Fin("circle-check", titre, [phrase])


def _fin_du_jour(liste: Liste) -> Fin:
    if liste.nb_etapes:
        nombre = pluriel(liste.nb_etapes, "étape traitée,étapes traitées")
        phrases = [f"{nombre}, {duree_minutes(liste.minutes_faites)}."]
    else:
        phrases = ["Aucune étape n’est proposée à cette date."]
    if not liste.has_suite:
        phrases.append("La passe de cette nuit proposera les prochaines.")
        return Fin("coffee", "Tout est fait pour aujourd’hui", phrases)
    phrases.append("D’autres ménages attendent au-delà de votre temps du jour.")
    suite = f"{reverse('journee')}?{urlencode({'tout': 1})}"
    return Fin("coffee", "Votre journée est faite", phrases, suite, "Voir la suite")


_TEXTES = {
    Onglet.EN_PAUSE: ("Aucune pause en cours", "Une pause se pose depuis un dossier."),
    Onglet.SANS_REPONSE: ("Personne n’est resté sans réponse", "Les appels sans réponse viendront ici."),
    Onglet.SANS_ACTIVITE: ("Aucun dossier oublié", "Chaque dossier a été suivi sur la période."),
    Onglet.SANS_REFERENT: ("Chaque dossier a son référent", "Les dossiers sans référent viendront ici."),
}

"""The panel of the dossier: which accounts seem to be of the same household, and what was said of them."""

from django.urls import reverse

from maintien.apps.dossiers.enums import EtatRapprochement
from maintien.apps.dossiers.selectors import DetailDossier
from maintien.apps.dossiers.voisins import Voisin
from maintien.coeur.calendrier import format_jour
from maintien.web.dossiers.forms_rapprochements import nom_du_voisin
from maintien.web.dossiers.presentation import VoisinageLu, VoisinLu


def voisinage(detail: DetailDossier) -> VoisinageLu | None:
    """Nothing when no household shares a tenant with this one."""
    if not detail.voisins:
        return None
    lus = [_lu(voisin) for voisin in detail.voisins]
    return VoisinageLu(
        adresse=reverse("dossier_rapprocher", args=[detail.dossier.pk]),
        a_decider=[lu for lu in lus if not lu.decision],
        decides=[lu for lu in lus if lu.decision],
    )


def _lu(voisin: Voisin) -> VoisinLu:
    return VoisinLu(
        nom=_majuscule(nom_du_voisin(voisin)), communs=" et ".join(voisin.communs), decision=_decision(voisin)
    )


def _decision(voisin: Voisin) -> str:
    if voisin.etat == EtatRapprochement.A_DECIDER:
        return ""
    paire = voisin.rapprochement
    quand = f" le {format_jour(paire.decide_le)}" if paire.decide_le else ""
    qui = f" par {paire.decide_par}" if paire.decide_par else ""
    mots = "réuni à ce ménage" if voisin.etat == EtatRapprochement.REUNIS else "un autre ménage, dit"
    return f"{mots}{quand}{qui}"


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]

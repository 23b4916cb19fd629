"""The header sentence: the facts of the page, given to the core, which writes."""

from maintien.apps.dossiers.enums import Protection
from maintien.apps.dossiers.faits import GENRES_CONTACT
from maintien.apps.dossiers.selectors import DetailDossier
from maintien.coeur.orientation.entete import FaitsEntete, phrase_entete
from maintien.coeur.orientation.faits import Echange, Pause
from maintien.web.communs.typographie import INSECABLE


def phrase(detail: DetailDossier) -> str:
    menage = detail.dossier.menage
    situations = detail.situations
    anciens = [s.date_plus_ancien for s in situations if s.date_plus_ancien is not None]
    complete = phrase_entete(
        FaitsEntete(
            locataire=menage.libelle,
            au=detail.au,
            du_centimes=sum(s.solde_centimes - s.dg_net_centimes for s in situations),
            retard_centimes=sum(s.dette_exigible_centimes for s in situations),
            depuis=min(anciens, default=None),
            protection=menage.protection,
            mandataire=menage.mandataire if menage.protection != Protection.AUCUNE else "",
            deces_le=menage.deces_le,
            pause=_pause(detail),
            dernier_echange=_echange(detail),
        )
    )
    return _sans_le_nom(complete, menage.libelle)


def _sans_le_nom(complete: str, nom: str) -> str:
    """The name stands in the title just above: the sentence goes on from it."""
    reste = complete.removeprefix(f"{nom}{INSECABLE}: ")
    return reste[:1].upper() + reste[1:]


def _pause(detail: DetailDossier) -> Pause | None:
    pause = detail.pause_en_cours
    return None if pause is None else Pause(pause.du, pause.au, pause.get_motif_display())


def _echange(detail: DetailDossier) -> Echange | None:
    faits = (entree.fait for entree in detail.fil if entree.fait.genre in GENRES_CONTACT)
    dernier = next(faits, None)
    if dernier is None:
        return None
    return Echange(dernier.date, dernier.get_genre_display(), dernier.get_issue_display() if dernier.issue else "")

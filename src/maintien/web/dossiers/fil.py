"""The timeline of a household in words."""

from collections.abc import Callable
from datetime import date

from maintien.apps.dossiers.enums import CauseImpaye, GenreFait, IssueContact, MotifPause, MurNote, RaisonDesaccord
from maintien.apps.dossiers.models import Fait
from maintien.apps.dossiers.reunions import DISTINGUER, REUNIR, REVOIR, SEPARER
from maintien.apps.dossiers.selectors import DetailDossier, EntreeFil
from maintien.coeur.calendrier import format_jour
from maintien.web.communs.regles import nom_du_genre, titre_de_la_regle
from maintien.web.dossiers.presentation import EntreeLue
from maintien.web.dossiers.protections import noms, raison_du_fait, titre_du_fait

ICONES = {
    GenreFait.APPEL: "phone-call",
    GenreFait.VISITE: "walk",
    GenreFait.CAUSE: "help-circle",
    GenreFait.PAUSE: "calendar-pause",
    GenreFait.NOTE: "note",
    GenreFait.PROPOSITION: "list-check",
    GenreFait.REATTRIBUTION: "users",
    GenreFait.OUVERTURE: "file-text",
    GenreFait.CHANGEMENT: "adjustments-horizontal",
    GenreFait.CLOTURE: "circle-check",
    GenreFait.PROTECTION: "shield-lock",
    GenreFait.RAPPROCHEMENT: "users-group",
}
DECIDES_PAR_REGLE = frozenset({GenreFait.OUVERTURE, GenreFait.CHANGEMENT, GenreFait.CLOTURE})
_DECISIONS = {
    "faite": "faite",
    "reportee": "reportée",
    "refusee": "écartée : pas d’accord",
    "contestee": "contestée : désaccord noté, elle reste à faire",
}


def fil_lu(detail: DetailDossier) -> list[EntreeLue]:
    qui = noms(detail)
    is_nomme = detail.attention is not None
    return [_entree(entree, qui, is_nomme=is_nomme) for entree in detail.fil]


def _entree(entree: EntreeFil, qui: dict[int, str], *, is_nomme: bool) -> EntreeLue:
    fait, note = entree.fait, entree.note
    genre = GenreFait(fait.genre)
    return EntreeLue(
        icone=ICONES.get(genre, "info-circle"),
        titre=titre_du_fait(fait, qui) if genre == GenreFait.PROTECTION else _TITRES.get(genre, _simple)(fait),
        jour=fait.date,
        auteur=str(fait.auteur) if fait.auteur else "",
        texte=note.texte if note else _motif(fait, is_nomme=is_nomme),
        social=note is not None and note.mur == MurNote.SOCIAL,
    )


def _motif(fait: Fait, *, is_nomme: bool) -> str:
    """Why: as a person said it, or as the nightly pass did, with its rule."""
    if fait.genre == GenreFait.PROPOSITION:
        return _raison(fait)
    if fait.genre == GenreFait.PROTECTION:
        return raison_du_fait(fait, is_nomme=is_nomme)
    if fait.genre in (GenreFait.REATTRIBUTION, GenreFait.RAPPROCHEMENT):
        return str(fait.donnees.get("motif", ""))
    motif, regle = str(fait.donnees.get("motif", "")), str(fait.donnees.get("regle", ""))
    if fait.genre not in DECIDES_PAR_REGLE or not motif:
        return ""
    titre = titre_de_la_regle(regle)
    return f"{motif} (règle « {titre} »)" if titre else motif


def _simple(fait: Fait) -> str:
    libelle = fait.get_genre_display()
    return libelle[:1].upper() + libelle[1:]


def _contact(fait: Fait) -> str:
    issue = f" : {fait.get_issue_display()}" if fait.issue else ""
    rappel = fait.donnees.get("rappel_le")
    quand = f" le {format_jour(date.fromisoformat(rappel))}" if rappel else ""
    return f"{_simple(fait)}{issue}{quand}"


def _cause(fait: Fait) -> str:
    cause = fait.donnees.get("cause")
    return f"Cause : {CauseImpaye(cause).label}" if cause in CauseImpaye.values else _simple(fait)


def _pause(fait: Fait) -> str:
    if fait.donnees.get("levee"):
        return "Pause levée"
    motif, fin = fait.donnees.get("motif"), fait.donnees.get("au")
    if motif not in MotifPause.values or not fin:
        return _simple(fait)
    return f"Pause jusqu’au {format_jour(date.fromisoformat(fin))} : {MotifPause(motif).label}"


def _proposition(fait: Fait) -> str:
    genre, fin = str(fait.donnees.get("genre_proposition", "")), fait.donnees.get("au")
    decision = _DECISIONS.get(str(fait.donnees.get("etat")), "traitée")
    quand = f" au {format_jour(date.fromisoformat(fin))}" if fin else ""
    compte = f" du compte {fait.donnees['compte']}" if fait.donnees.get("compte") else ""
    return f"Étape « {nom_du_genre(genre)} »{compte} {decision}{quand}" if genre else f"Étape {decision}{quand}"


def _raison(fait: Fait) -> str:
    """What the person chose and wrote, or what became of the call or the visit."""
    raison, essai = fait.donnees.get("raison"), fait.donnees.get("essai")
    mots = [
        RaisonDesaccord(raison).label if raison in RaisonDesaccord.values else "",
        IssueContact(essai).label if essai in IssueContact.values else "",
        str(fait.donnees.get("motif", "")),
    ]
    texte = " : ".join(filter(None, mots))
    return texte[:1].upper() + texte[1:]


def _rapprochement(fait: Fait) -> str:
    return _RAPPROCHES.get(str(fait.donnees.get("choix")), _simple(fait))


_RAPPROCHES = {
    REUNIR: "Deux ménages réunis en un",
    SEPARER: "Ménages réunis, de nouveau séparés",
    DISTINGUER: "Ménages distincts : à ne pas rapprocher",
    REVOIR: "Rapprochement à revoir",
}
_TITRES: dict[GenreFait, Callable[[Fait], str]] = {
    GenreFait.APPEL: _contact,
    GenreFait.VISITE: _contact,
    GenreFait.CAUSE: _cause,
    GenreFait.PAUSE: _pause,
    GenreFait.PROPOSITION: _proposition,
    GenreFait.RAPPROCHEMENT: _rapprochement,
}

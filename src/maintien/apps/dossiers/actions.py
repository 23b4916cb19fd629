"""What people do on a dossier. Each act: permission, checked input, one transaction, one fact, one line of journal.

`version` is the version of the dossier that the person had in front of them. Acts that only add (a call, a note) need
none; acts that replace something are refused with the difference when another person was first.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from maintien.apps.dossiers.conflits import changes_since
from maintien.apps.dossiers.enums import (
    CauseImpaye,
    EtatDossier,
    EtatProposition,
    GenreFait,
    IssueContact,
    MotifPause,
    MurNote,
    SourceCause,
)
from maintien.apps.dossiers.erreurs import ConflitError, SaisieRefuseeError
from maintien.apps.dossiers.faits import record_fait
from maintien.apps.dossiers.jours import JOURS_D_UN_AN, refuse_strange_day
from maintien.apps.dossiers.models import Dossier, Fait, Note, Pause, Proposition
from maintien.apps.dossiers.permissions import can, check
from maintien.apps.dossiers.propositions import (
    attempt_proposition,
    complete_proposition,
    contest_proposition,
    postpone_proposition,
    refuse_proposition,
)
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.apps.organismes.selectors import working_day
from maintien.apps.socle import journal
from maintien.coeur.calendrier import format_jour
from maintien.coeur.textes import texte_visible

__all__ = [
    "add_note",
    "attempt_proposition",
    "close_pause",
    "complete_proposition",
    "contest_proposition",
    "open_pause",
    "postpone_proposition",
    "reassign",
    "record_appel",
    "record_visite",
    "refuse_proposition",
    "set_cause",
]

AGIR = "dossier.agir"
PAUSE_JOURS_MAX = 184
PAUSE_DEBUT_JOURS = 366
TEXTE_MAX = 10_000
CONTACT_JOURS_MAX = RAPPEL_JOURS_MAX = JOURS_D_UN_AN
CAUSE_JOURS_MAX = 10 * JOURS_D_UN_AN
DOSSIER_CLOS = (
    "Ce dossier est clos : cela ne s'y change plus. Un appel, une visite ou une note s'y notent encore ; un nouvel "
    "impayé ouvrira un autre dossier."
)


def record_appel(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    issue: IssueContact,
    jour: date,
    texte: str = "",
    mur: MurNote | None = None,
    rappel_le: date | None = None,
    cle: str = "",
) -> Fait:
    return _record_contact(appartenance, dossier, GenreFait.APPEL, issue, jour, texte, mur, rappel_le, cle)


def record_visite(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    issue: IssueContact,
    jour: date,
    texte: str = "",
    mur: MurNote | None = None,
    rappel_le: date | None = None,
    cle: str = "",
) -> Fait:
    return _record_contact(appartenance, dossier, GenreFait.VISITE, issue, jour, texte, mur, rappel_le, cle)


def _record_contact(
    appartenance: Appartenance,
    dossier: Dossier,
    genre: GenreFait,
    issue: IssueContact,
    jour: date,
    texte: str,
    mur: MurNote | None,
    rappel_le: date | None,
    cle: str,
) -> Fait:
    """A contact and, when something was said, its note behind the wall that was chosen for it."""
    check(appartenance, AGIR, dossier)
    refuse_strange_day(jour, "jour", menage=dossier.menage_id, jours=CONTACT_JOURS_MAX)
    _check_callback(issue, jour, rappel_le)

    def write() -> Fait:
        donnees: dict[str, Any] = {}
        if texte_visible(texte).strip():
            donnees["note"] = _write_note(appartenance, dossier, texte, mur).pk
        if rappel_le is not None:
            donnees["rappel_le"] = rappel_le.isoformat()
        auteur = appartenance.utilisateur
        fait = record_fait(
            dossier.menage, genre, jour, dossier=dossier, auteur=auteur, issue=issue, cle=cle, **donnees
        )
        journal.record(f"dossier.{genre}", dossier, acteur=auteur, fait=fait.pk, issue=issue)
        return fait

    return _once(cle, write)


def _check_callback(issue: IssueContact, jour: date, rappel_le: date | None) -> None:
    if rappel_le is None:
        if issue == IssueContact.RAPPEL_PROMIS:
            raise SaisieRefuseeError("Indiquez le jour du rappel promis.", "rappel_le")
        return
    if rappel_le < jour:
        raise SaisieRefuseeError("Le rappel ne peut pas précéder l'échange.", "rappel_le")
    if (rappel_le - jour).days > RAPPEL_JOURS_MAX:
        raise SaisieRefuseeError("Un rappel se promet dans l'année : vérifiez l'année.", "rappel_le")


def add_note(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    texte: str,
    mur: MurNote | None = None,
    jour: date | None = None,
    cle: str = "",
) -> Note:
    """`jour` is for who replays the past (the demonstration); it is today for everybody."""
    check(appartenance, AGIR, dossier)

    def write() -> Fait:
        note = _write_note(appartenance, dossier, texte, mur)
        auteur = appartenance.utilisateur
        return record_fait(
            dossier.menage,
            GenreFait.NOTE,
            jour or timezone.localdate(),
            dossier=dossier,
            auteur=auteur,
            cle=cle,
            is_social=note.mur == MurNote.SOCIAL,
            note=note.pk,
        )

    return Note.objects.get(pk=_once(cle, write).donnees["note"])


def _once(cle: str, write: Callable[[], Fait]) -> Fait:
    """What a form of this key has written already, or what it writes now: a form sent again writes nothing more."""
    deja = Fait.objects.filter(cle=cle).first() if cle else None
    if deja is not None:
        return deja
    try:
        with journal.atomic():
            return write()
    except IntegrityError:
        # Another request of the same form was first: the database kept its fact and refused ours.
        deja = Fait.objects.filter(cle=cle).first() if cle else None
        if deja is None:
            raise
        return deja


def _write_note(appartenance: Appartenance, dossier: Dossier, texte: str, mur: MurNote | None) -> Note:
    """Who may write behind the social wall says each time on which side: what is left unsaid is open to nobody."""
    propre = texte_visible(texte).strip()
    if not propre:
        raise SaisieRefuseeError("La note est vide.", "texte")
    if len(propre) > TEXTE_MAX:
        raise SaisieRefuseeError(f"La note dépasse {TEXTE_MAX} caractères : la couper en deux.", "texte")
    if not mur:
        if can(appartenance, "note_sociale.ecrire", dossier):
            raise SaisieRefuseeError("Dites qui lira cette note.", "mur")
        mur = MurNote.COMMUN
    if mur == MurNote.SOCIAL:
        check(appartenance, "note_sociale.ecrire", dossier)
    note = Note.objects.create(dossier=dossier, auteur=appartenance.utilisateur, texte=propre, mur=mur)
    journal.record("dossier.note", dossier, acteur=appartenance.utilisateur, note=note.pk, mur=mur)
    return note


def set_cause(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    cause: CauseImpaye,
    source: SourceCause,
    jour: date,
    version: int,
) -> Dossier:
    """What the arrears come from, since when it is known, and from whom."""
    check(appartenance, AGIR, dossier)
    refuse_strange_day(jour, "jour_connu", menage=dossier.menage_id, jours=CAUSE_JOURS_MAX)
    avant = dossier.cause
    with journal.atomic():
        _update(dossier, version, cause=cause, cause_le=jour, cause_source=source)
        _tell(appartenance, dossier, GenreFait.CAUSE, jour, cause=cause, avant=avant, source=source)
    return dossier


def open_pause(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    motif: MotifPause,
    du: date,
    au: date,
    version: int,
    precision: str = "",
) -> Pause:
    """Nothing is proposed meanwhile, except what the law forces; what was to do comes back the day after."""
    check(appartenance, AGIR, dossier)
    if abs(du - working_day(appartenance.organisme)) > timedelta(days=PAUSE_DEBUT_JOURS):
        raise SaisieRefuseeError(
            f"La pause commencerait le {format_jour(du)}, à plus d'un an d'ici : vérifiez l'année.", "du"
        )
    if au < du:
        raise SaisieRefuseeError("La pause finit avant de commencer.", "au")
    if (au - du).days > PAUSE_JOURS_MAX:
        raise SaisieRefuseeError("Une pause dure six mois au plus : elle pourra être prolongée.", "au")
    if motif == MotifPause.AUTRE and not precision.strip():
        raise SaisieRefuseeError("Précisez le motif de la pause.", "precision")
    with journal.atomic():
        _update(dossier, version)
        en_cours = Pause.objects.filter(dossier=dossier, levee_le=None, du__lte=au, au__gte=du).first()
        if en_cours is not None:
            raise SaisieRefuseeError(
                f"Une pause court déjà jusqu'au {format_jour(en_cours.au)} : la lever d'abord.", "du"
            )
        pause = Pause.objects.create(
            dossier=dossier, motif=motif, precision=precision.strip(), du=du, au=au, posee_par=appartenance.utilisateur
        )
        if du <= working_day(appartenance.organisme):
            a_faire = Proposition.objects.filter(dossier=dossier, etat=EtatProposition.A_FAIRE, imposee=False)
            a_faire.update(etat=EtatProposition.REPORTEE, reportee_au=au + timedelta(days=1))
        _tell(appartenance, dossier, GenreFait.PAUSE, du, pause=pause.pk, motif=motif, au=au.isoformat())
    return pause


def close_pause(appartenance: Appartenance, pause: Pause, *, jour: date, version: int) -> Pause:
    """Lift a pause before its end; what it had put off is proposed again by the next nightly pass."""
    dossier = pause.dossier
    check(appartenance, AGIR, dossier)
    with journal.atomic():
        _update(dossier, version)
        if Pause.objects.filter(pk=pause.pk, levee_le=None, au__gte=jour).update(levee_le=jour) == 0:
            raise SaisieRefuseeError("Cette pause est déjà finie.")
        reprise = Proposition.objects.filter(
            dossier=dossier, etat=EtatProposition.REPORTEE, reportee_au=pause.au + timedelta(days=1)
        )
        reprise.update(reportee_au=jour)
        pause.levee_le = jour
        _tell(appartenance, dossier, GenreFait.PAUSE, jour, pause=pause.pk, levee=True)
    return pause


def reassign(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    referent: Utilisateur | None,
    cesf: Utilisateur | None,
    version: int,
    motif: str = "",
    jour: date | None = None,
) -> Dossier:
    """Change the duo. Each must hold the right role, on the sector of the dossier. `jour`: as in `add_note`."""
    check(appartenance, "dossier.reattribuer", dossier)
    _check_member(dossier, referent, (Role.RECOUVREMENT, Role.CONTENTIEUX), "referent")
    _check_member(dossier, cesf, (Role.CESF,), "cesf")
    avant = {"avant_referent": dossier.referent_id, "avant_cesf": dossier.cesf_id}
    apres = {"referent": referent.pk if referent else None, "cesf": cesf.pk if cesf else None}
    with journal.atomic():
        _update(dossier, version, referent_id=apres["referent"], cesf_id=apres["cesf"])
        texte = {"motif": motif.strip()} if motif.strip() else {}
        _tell(appartenance, dossier, GenreFait.REATTRIBUTION, jour or timezone.localdate(), texte, **apres, **avant)
    return dossier


def _check_member(dossier: Dossier, utilisateur: Utilisateur | None, roles: tuple[Role, ...], champ: str) -> None:
    if utilisateur is None:
        return
    membre = Appartenance.objects.filter(utilisateur=utilisateur, actif=True, role__in=roles).first()
    if membre is None or not can(membre, AGIR, dossier):
        raise SaisieRefuseeError(f"{utilisateur} ne peut pas suivre ce dossier : rôle ou secteur différent.", champ)


def _update(dossier: Dossier, version: int, **champs: Any) -> None:
    """Write only if the dossier is still open and as the person saw it; otherwise say what changed."""
    ouverts = Dossier.objects.filter(pk=dossier.pk, etat=EtatDossier.OUVERT)
    if ouverts.filter(version=version).update(version=F("version") + 1, **champs) == 0:
        dossier.refresh_from_db()
        if dossier.etat != EtatDossier.OUVERT:
            raise SaisieRefuseeError(DOSSIER_CLOS)
        raise ConflitError(changes_since(dossier, version), dossier.version)
    dossier.refresh_from_db()


def _tell(
    appartenance: Appartenance,
    dossier: Dossier,
    genre: GenreFait,
    jour: date,
    textes: Mapping[str, str] | None = None,
    **donnees: Any,
) -> None:
    """One fact and one line of journal that bears the version it made. What was typed stands in the fact alone."""
    auteur = appartenance.utilisateur
    gardes: dict[str, Any] = {**donnees, **(textes or {})}
    record_fait(dossier.menage, genre, jour, dossier=dossier, auteur=auteur, **gardes)
    journal.record(f"dossier.{genre}", dossier, acteur=auteur, version=dossier.version, donnees=donnees)

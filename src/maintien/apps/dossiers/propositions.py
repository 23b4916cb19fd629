"""What people decide about a proposed step: done, tried, put off, not agreed. The night proposes, a person disposes.

What a person does is dated on the day it is done, never on that of the last pass: the date of a report to the paying
body is the landlord's proof. `traitee_le` is for who replays the past (the demonstration); it is today for everybody.
"""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from maintien.apps.dossiers.enums import EtatProposition, GenreFait, IssueContact, RaisonDesaccord
from maintien.apps.dossiers.erreurs import DejaTraiteeError, SaisieRefuseeError
from maintien.apps.dossiers.faits import record_fait
from maintien.apps.dossiers.lignes import EtapeListe
from maintien.apps.dossiers.models import Proposition
from maintien.apps.dossiers.permissions import check
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle import journal
from maintien.coeur.calendrier import format_jour
from maintien.coeur.orientation.regles import RELANCE_JOURS

REPORT_JOURS_MAX = 62
REALISEE_JOURS_MAX = 366
MOTIF_MAX = 1000


def complete_proposition(
    appartenance: Appartenance,
    proposition: Proposition,
    *,
    realisee_le: date | None = None,
    traitee_le: date | None = None,
) -> Proposition:
    """The step is done; `realisee_le` when it was done before the day on which it is noted."""
    jour = traitee_le or timezone.localdate()
    realisee_le = realisee_le or jour
    if realisee_le > jour:
        raise SaisieRefuseeError(
            f"Le {format_jour(realisee_le)} est à venir : indiquez le jour où cela s'est fait.", "jour"
        )
    constitue = _constituted_on(proposition)
    if constitue is None and (jour - realisee_le).days > REALISEE_JOURS_MAX:
        raise SaisieRefuseeError(f"Le {format_jour(realisee_le)} remonte à plus d'un an : vérifiez l'année.", "jour")
    if constitue is not None and realisee_le < constitue:
        raise SaisieRefuseeError(
            f"L'impayé n'est constitué que depuis le {format_jour(constitue)} : un signalement plus ancien "
            "en concernait un autre.",
            "jour",
        )
    return _settle(appartenance, proposition, EtatProposition.FAITE, jour, realisee_le=realisee_le)


def attempt_proposition(
    appartenance: Appartenance,
    proposition: Proposition,
    *,
    issue: IssueContact,
    jour: date,
    rappel_le: date | None = None,
    traitee_le: date | None = None,
) -> Proposition:
    """A call or a visit: an answer completes the step, anything else keeps it for another day or another channel."""
    if issue == IssueContact.JOINT:
        return complete_proposition(appartenance, proposition, realisee_le=jour, traitee_le=traitee_le)
    aujourd_hui = traitee_le or timezone.localdate()
    if jour > aujourd_hui:
        raise SaisieRefuseeError(f"Le {format_jour(jour)} est à venir : indiquez le jour où cela s'est passé.", "jour")
    suite = _next_try(proposition, issue, jour, rappel_le, aujourd_hui)
    if (suite - aujourd_hui).days > REPORT_JOURS_MAX:
        raise SaisieRefuseeError("Un rappel se promet sous deux mois : au-delà, posez une pause.", "rappel_le")
    # A wrong number waits for the next pass, which knows another channel; what is due again today stays in sight.
    if suite <= aujourd_hui and issue != IssueContact.MAUVAIS_NUMERO:
        return _leave(appartenance, proposition)
    return _settle(appartenance, proposition, EtatProposition.REPORTEE, aujourd_hui, essai=issue, reportee_au=suite)


def _next_try(
    proposition: Proposition, issue: IssueContact, jour: date, rappel_le: date | None, aujourd_hui: date
) -> date:
    """The day of the next attempt, by the rule of the step, and never past the day that the law leaves."""
    if issue == IssueContact.MAUVAIS_NUMERO:
        return aujourd_hui
    if issue == IssueContact.RAPPEL_PROMIS:
        if rappel_le is None:
            raise SaisieRefuseeError("Indiquez le jour du rappel promis.", "rappel_le")
        suite = rappel_le
    else:
        suite = jour + timedelta(days=proposition.classement.get("relance_jours") or RELANCE_JOURS)
    return min(suite, proposition.echeance_legale or suite)


def postpone_proposition(
    appartenance: Appartenance,
    proposition: Proposition,
    *,
    au: date,
    motif: str = "",
    traitee_le: date | None = None,
) -> Proposition:
    """Put off to a later day, and never past the day that the law leaves; the target of the house binds nobody."""
    jour = traitee_le or timezone.localdate()
    if not is_postponable(proposition, jour) and proposition.echeance_legale is not None:
        limite = format_jour(proposition.echeance_legale)
        raise SaisieRefuseeError(f"Le délai de la loi finit le {limite} : cette étape ne se reporte plus.", "au")
    if au <= jour:
        raise SaisieRefuseeError(f"Choisissez un jour après le {format_jour(jour)}.", "au")
    if (au - jour).days > REPORT_JOURS_MAX:
        raise SaisieRefuseeError("Un report dure deux mois au plus : au-delà, posez une pause.", "au")
    if proposition.echeance_legale is not None and au > proposition.echeance_legale:
        limite = format_jour(proposition.echeance_legale)
        raise SaisieRefuseeError(
            f"La loi fixe cette étape au plus tard le {limite} : choisissez un jour d'ici là.", "au"
        )
    return _settle(appartenance, proposition, EtatProposition.REPORTEE, jour, motif, reportee_au=au)


def is_postponable(proposition: Proposition | EtapeListe, jour: date) -> bool:
    """Whether there is a day after this one to which the step may be put off."""
    return proposition.echeance_legale is None or proposition.echeance_legale > jour


def refuse_proposition(
    appartenance: Appartenance, proposition: Proposition, *, motif: str, traitee_le: date | None = None
) -> Proposition:
    """Not agreed: the reason is kept, since this is how rules get better. What the law imposes is not refused."""
    if proposition.imposee:
        raise SaisieRefuseeError("La loi impose cette étape : notez votre désaccord, elle reste à faire.", "motif")
    _check_motif(motif, "Dites en quelques mots pourquoi cette étape ne convient pas.")
    return _settle(appartenance, proposition, EtatProposition.REFUSEE, traitee_le or timezone.localdate(), motif)


def contest_proposition(
    appartenance: Appartenance, proposition: Proposition, *, raison: RaisonDesaccord, motif: str = ""
) -> Proposition:
    """A disagreement with what the law imposes is recorded, and the step stands: only the thing done ends it."""
    check(appartenance, "dossier.agir", proposition.dossier)
    if raison == RaisonDesaccord.AUTRE:
        _check_motif(motif, "Dites en quelques mots pourquoi.")
    motif = _clean(motif)
    with journal.atomic():
        _leave(appartenance, proposition)
        _tell(appartenance, proposition, "contestee", timezone.localdate(), raison=raison, motif=motif)
    return proposition


def _leave(appartenance: Appartenance, proposition: Proposition) -> Proposition:
    """The step stays to do, if it still is; whoever comes after another person learns it."""
    check(appartenance, "dossier.agir", proposition.dossier)
    if not Proposition.objects.filter(pk=proposition.pk, etat=EtatProposition.A_FAIRE).exists():
        raise DejaTraiteeError(_already(proposition))
    return proposition


def _settle(
    appartenance: Appartenance,
    proposition: Proposition,
    etat: EtatProposition,
    jour: date,
    motif: str = "",
    essai: str = "",
    **champs: Any,
) -> Proposition:
    """Whoever is second learns it: the UPDATE asks that the step be still to do, and counts its rows."""
    check(appartenance, "dossier.agir", proposition.dossier)
    motif = _clean(motif)
    a_faire = Proposition.objects.filter(pk=proposition.pk, etat=EtatProposition.A_FAIRE)
    with journal.atomic():
        auteur = appartenance.utilisateur
        if a_faire.update(etat=etat, motif_refus=motif, traitee_par=auteur, traitee_le=jour, **champs) == 0:
            raise DejaTraiteeError(_already(proposition))
        proposition.refresh_from_db()
        dit = {
            "motif": motif,
            "essai": essai,
            "au": champs["reportee_au"].isoformat() if "reportee_au" in champs else "",
        }
        _tell(
            appartenance,
            proposition,
            etat,
            proposition.realisee_le or jour,
            **{nom: valeur for nom, valeur in dit.items() if valeur},
        )
    return proposition


def _tell(appartenance: Appartenance, proposition: Proposition, etat: str, jour: date, **donnees: Any) -> None:
    """One fact, which bears the reason, and one line of the journal, which bears none."""
    if proposition.reference_compte:
        donnees["compte"] = proposition.reference_compte
    record_fait(
        proposition.dossier.menage,
        GenreFait.PROPOSITION,
        jour,
        dossier=proposition.dossier,
        auteur=appartenance.utilisateur,
        proposition=proposition.pk,
        genre_proposition=proposition.genre,
        etat=etat,
        **donnees,
    )
    journal.record(
        f"proposition.{etat}",
        proposition,
        acteur=appartenance.utilisateur,
        genre=proposition.genre,
        regle=proposition.regle,
    )


def _check_motif(motif: str, demande: str) -> None:
    if not motif.strip():
        raise SaisieRefuseeError(demande, "motif")


def _clean(motif: str) -> str:
    motif = motif.strip()
    if len(motif) > MOTIF_MAX:
        raise SaisieRefuseeError(f"Le motif dépasse {MOTIF_MAX} caractères.", "motif")
    return motif


def _constituted_on(proposition: Proposition) -> date | None:
    """The day from which the arrears to report are constituted, when the step is such a report."""
    if not proposition.reference_compte or not proposition.motifs:
        return None
    jour = proposition.motifs[0].get("valeurs", {}).get("jour", {})
    return date.fromisoformat(jour["valeur"]) if jour.get("genre") == "date" else None


def _already(proposition: Proposition) -> str:
    proposition.refresh_from_db()
    return f"Cette étape n'est plus à faire : {_what_became(proposition)}. Rien n'a été changé."


def _what_became(proposition: Proposition) -> str:
    qui = str(proposition.traitee_par) if proposition.traitee_par else ""
    realisee, reportee = proposition.realisee_le or proposition.traitee_le, proposition.reportee_au
    match proposition.etat:
        case EtatProposition.FAITE:
            le = f" le {format_jour(realisee)}" if realisee else ""
            return f"{qui} l'a faite{le}" if qui else f"elle a été faite{le}"
        case EtatProposition.REPORTEE:
            au = f" au {format_jour(reportee)}" if reportee else ""
            return f"{qui} l'a reportée{au}" if qui else f"elle a été reportée{au}"
        case EtatProposition.REFUSEE:
            return f"{qui} n'était pas d'accord et l'a écartée" if qui else "elle a été écartée"
        case _:
            return "les faits ont changé, elle n'a plus lieu d'être"

"""What people decide about a proposed step: done, put off, not agreed. The night proposes, a person disposes."""

from datetime import date
from typing import Any

from django.db import transaction

from maintien.apps.dossiers.enums import EtatProposition, GenreFait
from maintien.apps.dossiers.erreurs import DejaTraiteeError, SaisieRefuseeError
from maintien.apps.dossiers.faits import record_fait
from maintien.apps.dossiers.models import Proposition
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import check
from maintien.apps.organismes.selectors import working_day
from maintien.apps.socle import journal
from maintien.coeur.calendrier import format_jour

REPORT_JOURS_MAX = 62
MOTIF_MAX = 1000


def complete_proposition(appartenance: Appartenance, proposition: Proposition) -> Proposition:
    return _settle(appartenance, proposition, EtatProposition.FAITE)


def postpone_proposition(
    appartenance: Appartenance, proposition: Proposition, *, au: date, motif: str = ""
) -> Proposition:
    """Put off to a later day, and never past the day before which the step must be taken."""
    jour = working_day(appartenance.organisme)
    if au <= jour:
        raise SaisieRefuseeError(f"Choisissez un jour après le {format_jour(jour)}.", "au")
    if (au - jour).days > REPORT_JOURS_MAX:
        raise SaisieRefuseeError("Un report dure deux mois au plus : au-delà, posez une pause.", "au")
    if proposition.imposee and proposition.avant_le is not None and au > proposition.avant_le:
        limite = format_jour(proposition.avant_le)
        raise SaisieRefuseeError(f"La loi fixe cette étape avant le {limite} : choisissez un jour d'ici là.", "au")
    return _settle(appartenance, proposition, EtatProposition.REPORTEE, motif, reportee_au=au)


def refuse_proposition(appartenance: Appartenance, proposition: Proposition, *, motif: str) -> Proposition:
    """Not agreed: the reason is kept, since this is how rules get better."""
    if not motif.strip():
        raise SaisieRefuseeError("Dites en quelques mots pourquoi cette étape ne convient pas.", "motif")
    return _settle(appartenance, proposition, EtatProposition.REFUSEE, motif)


def _settle(
    appartenance: Appartenance, proposition: Proposition, etat: EtatProposition, motif: str = "", **champs: Any
) -> Proposition:
    """Whoever is second learns it: the UPDATE asks that the step be still to do, and counts its rows."""
    dossier = proposition.dossier
    check(appartenance, "dossier.agir", dossier)
    motif = motif.strip()
    if len(motif) > MOTIF_MAX:
        raise SaisieRefuseeError(f"Le motif dépasse {MOTIF_MAX} caractères.", "motif")
    jour = working_day(appartenance.organisme)
    auteur = appartenance.utilisateur
    a_faire = Proposition.objects.filter(pk=proposition.pk, etat=EtatProposition.A_FAIRE)
    with transaction.atomic():
        if a_faire.update(etat=etat, motif_refus=motif, traitee_par=auteur, traitee_le=jour, **champs) == 0:
            raise DejaTraiteeError(_already(proposition))
        proposition.refresh_from_db()
        record_fait(
            dossier.menage,
            GenreFait.PROPOSITION,
            jour,
            dossier=dossier,
            auteur=auteur,
            proposition=proposition.pk,
            genre_proposition=proposition.genre,
            etat=etat,
        )
        journal.record(
            f"proposition.{etat}", proposition, acteur=auteur, genre=proposition.genre, regle=proposition.regle
        )
    return proposition


def _already(proposition: Proposition) -> str:
    proposition.refresh_from_db()
    qui = f" par {proposition.traitee_par}" if proposition.traitee_par else ""
    return f"Cette étape n'est plus à faire : elle est {proposition.get_etat_display()}{qui}. Rien n'a été changé."

"""What people ask of their data (GDPR, art. 15 to 21): received, answered before a day, and what the answer changes.

The DPO reaches a household through such a request alone, while it waits for its answer.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from maintien.apps.comptes.models import Occupation, Personne
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES
from maintien.apps.dossiers.enums import EtatDroit, EtatProposition, GenreDroit, MotifProlongation
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.apps.dossiers.models import DemandeDroit, Menage, Proposition
from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.apps.organismes.permissions import get_or_404, require, visible
from maintien.apps.socle import journal
from maintien.apps.socle.enums import Finalite
from maintien.coeur.calendrier import format_jour
from maintien.coeur.droit.demandes import echeance_reponse
from maintien.coeur.lexique.decoupe import replier
from maintien.coeur.textes import texte_visible

TRAITER = "droit.traiter"
LECTURE = "droit.lecture"
RECUE_JOURS_MAX = 366
REPONSE_MAX = 2_000
INTROUVABLE = "Aucun locataire de ce nom sur ce compte : relisez le numéro de compte et le nom."
DEJA_REPONDUE = "Cette demande a déjà reçu sa réponse."


@dataclass(frozen=True, slots=True)
class Horloge:
    """The last day to answer, and how many days are left; less than none when it is late."""

    echeance: date
    jours: int


def horloge(demande: DemandeDroit, au: date) -> Horloge:
    echeance = echeance_reponse(demande.recue_le, is_prolongee=bool(demande.prolongation))
    return Horloge(echeance, (echeance - au).days)


def open_demande(
    appartenance: Appartenance | None, *, genre: GenreDroit, compte: str, nom: str, recue_le: date
) -> DemandeDroit:
    """Write down what a tenant asks. An account that is unknown and a name that is not on it are answered alike."""
    membre = require(appartenance, TRAITER)
    aujourd_hui = timezone.localdate()
    if recue_le > aujourd_hui or (aujourd_hui - recue_le).days > RECUE_JOURS_MAX:
        raise SaisieRefuseeError("Indiquez le jour où la demande est arrivée, dans l'année.", "recue_le")
    occupation = _occupation(compte.strip(), replier(nom.strip()))
    if occupation is None:
        raise SaisieRefuseeError(INTROUVABLE, "nom")
    with journal.atomic():
        demande = DemandeDroit.objects.create(
            menage_id=occupation.compte.rattachement.menage_id,
            personne=occupation.personne,
            genre=genre,
            recue_le=recue_le,
            ouverte_par=membre.utilisateur,
        )
        journal.record("droit.ouvrir", demande, acteur=membre.utilisateur, genre=genre)
    return demande


def _occupation(compte: str, nom: str) -> Occupation | None:
    occupations = Occupation.objects.filter(
        compte__reference=compte, compte__rattachement__isnull=False, role__in=ROLES_LOCATAIRES
    ).select_related("personne", "compte__rattachement")
    trouvees = [occupation for occupation in occupations.order_by("pk") if replier(occupation.personne.nom) == nom]
    if len({occupation.personne_id for occupation in trouvees}) > 1:
        raise SaisieRefuseeError("Plusieurs locataires de ce compte portent ce nom : écrivez aussi le prénom.", "nom")
    if trouvees:
        return trouvees[0]
    avec_prenom = [o for o in occupations if replier(f"{o.personne.prenom} {o.personne.nom}") == nom]
    return avec_prenom[0] if len({o.personne_id for o in avec_prenom}) == 1 else None


def list_demandes(appartenance: Appartenance | None) -> list[DemandeDroit]:
    """Those that wait, the most pressing first; then those answered, latest first."""
    membre = require(appartenance, TRAITER)
    demandes = visible(DemandeDroit.objects.select_related("personne", "traitee_par"), membre, TRAITER)
    aujourd_hui = timezone.localdate()
    attendent = list(demandes.filter(etat=EtatDroit.A_TRAITER))
    attendent.sort(key=lambda demande: (horloge(demande, aujourd_hui).echeance, demande.pk))
    return [*attendent, *demandes.exclude(etat=EtatDroit.A_TRAITER).order_by("-repondue_le", "-pk")[:100]]


def get_demande(appartenance: Appartenance | None, pk: int) -> DemandeDroit:
    membre = require(appartenance, TRAITER)
    return get_or_404(DemandeDroit.objects.select_related("menage", "personne"), membre, TRAITER, pk=pk)


def read_by_demande(appartenance: Appartenance, demande: DemandeDroit) -> None:
    """To be called before the data of a household leave: one line of journal, and never once the answer is given."""
    require(appartenance, TRAITER)
    _record_reading(demande, appartenance.utilisateur)


def read_by_console(demande: DemandeDroit) -> None:
    """The same, from the command line: whoever administers the server is no user, and the line says so."""
    _record_reading(demande, None)


def _record_reading(demande: DemandeDroit, acteur: Utilisateur | None) -> None:
    _refuse_answered(demande)
    with journal.atomic():
        journal.record(
            LECTURE,
            demande,
            acteur=acteur,
            menage=demande.menage_id,
            finalite=Finalite.DROITS,
            relation="demande",
            voie="page" if acteur is not None else "commande",
        )


def extend(appartenance: Appartenance, demande: DemandeDroit, motif: MotifProlongation) -> None:
    """Two months more, if it is said within the first one."""
    require(appartenance, TRAITER)
    _refuse_answered(demande)
    premiere = echeance_reponse(demande.recue_le)
    if demande.prolongation:
        raise SaisieRefuseeError("Cette demande est déjà prolongée.", "motif")
    if timezone.localdate() > premiere:
        raise SaisieRefuseeError(f"Le délai se prolonge avant le {format_jour(premiere)}, pas après.", "motif")
    with journal.atomic():
        DemandeDroit.objects.filter(pk=demande.pk).update(prolongation=motif)
        journal.record("droit.prolonger", demande, acteur=appartenance.utilisateur, motif=motif)
    demande.refresh_from_db()


def answer(appartenance: Appartenance, demande: DemandeDroit, *, etat: EtatDroit, reponse: str) -> None:
    """Close the request, and do at once what a granted limitation or opposition asks."""
    require(appartenance, TRAITER)
    propre = texte_visible(reponse).strip()
    if etat in (EtatDroit.REFUSEE, EtatDroit.PARTIELLE) and not propre:
        raise SaisieRefuseeError("Un refus, même en partie, se motive : écrivez ce qui a été répondu.", "reponse")
    aujourd_hui = timezone.localdate()
    with journal.atomic():
        attend = DemandeDroit.objects.filter(pk=demande.pk, etat=EtatDroit.A_TRAITER)
        traitee = {
            "traitee_par": appartenance.utilisateur,
            "repondue_le": aujourd_hui,
            "reponse": propre[:REPONSE_MAX],
        }
        if attend.update(etat=etat, **traitee) == 0:
            raise SaisieRefuseeError(DEJA_REPONDUE)
        demande.refresh_from_db()
        if etat != EtatDroit.REFUSEE:
            _apply(demande, aujourd_hui)
        journal.record("droit.repondre", demande, acteur=appartenance.utilisateur, etat=etat)


def _apply(demande: DemandeDroit, jour: date) -> None:
    if demande.genre == GenreDroit.OPPOSITION and demande.personne_id is not None:
        Personne.objects.filter(pk=demande.personne_id).update(opposition_sms=True)
    if demande.genre == GenreDroit.LIMITATION:
        Menage.objects.filter(pk=demande.menage_id).update(traitement_limite_le=jour)
        vivantes = Proposition.objects.filter(
            dossier__menage_id=demande.menage_id,
            etat__in=(EtatProposition.A_FAIRE, EtatProposition.REPORTEE),
            imposee=False,
        )
        vivantes.update(etat=EtatProposition.PERIMEE)


def end_limitation(appartenance: Appartenance, demande: DemandeDroit) -> None:
    """The person has been told (GDPR, art. 18.3): what the rules propose comes back with the next night."""
    require(appartenance, TRAITER)
    with journal.atomic():
        limites = Menage.objects.filter(pk=demande.menage_id, traitement_limite_le__isnull=False)
        if demande.genre != GenreDroit.LIMITATION or limites.update(traitement_limite_le=None) == 0:
            raise SaisieRefuseeError("Aucune limitation ne court pour ce ménage.")
        journal.record("droit.fin_limitation", demande, acteur=appartenance.utilisateur)


def opposed_person_ids() -> frozenset[int]:
    """People whose opposition was granted here: no import takes it back."""
    accordees = DemandeDroit.objects.filter(
        genre=GenreDroit.OPPOSITION, etat__in=(EtatDroit.ACCORDEE, EtatDroit.PARTIELLE), personne__isnull=False
    )
    return frozenset(pk for pk in accordees.values_list("personne_id", flat=True) if pk is not None)


def limited_menage_ids(menage_ids: list[int]) -> frozenset[int]:
    limites = Menage.objects.filter(pk__in=menage_ids, traitement_limite_le__isnull=False)
    return frozenset(limites.values_list("pk", flat=True))


def _refuse_answered(demande: DemandeDroit) -> None:
    if demande.etat != EtatDroit.A_TRAITER:
        raise SaisieRefuseeError(DEJA_REPONDUE)

"""What the agents of the demonstration did after the passes of past nights, through the acts of the product."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle

from django.db import transaction

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Occupation
from maintien.apps.dossiers import actions, protections
from maintien.apps.dossiers.enums import (
    CauseImpaye,
    EtatDossier,
    EtatProposition,
    IssueContact,
    MotifPause,
    MotifRestriction,
    MurNote,
    NiveauDossier,
    Protection,
    SourceCause,
    SourceDeces,
)
from maintien.apps.dossiers.models import Dossier, Menage, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur
from maintien.apps.socle import journal
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.demo.bailleurs import membership

_NUITS = (timedelta(days=33),)
_DOSSIERS_PAR_SECTEUR = 40
_ETALEMENT = 26
"""The acts that follow a pass are spread over so many days."""
_ACTE = "demo.vie"
_CAS = 7
"""Two deaths, four measures, one restricted contact."""


def nights(au: date) -> list[date]:
    """The past nights that are run before the first day."""
    return [au - recul for recul in _NUITS]


def live(organisme: Organisme, jour: date) -> None:
    """The days after the pass of `jour`, all of them or none, and once only."""
    with organisme_scope(organisme), transaction.atomic():
        if Evenement.objects.filter(acte=_ACTE, motif=jour.isoformat()).exists():
            return
        journal.record(_ACTE, organisme, motif=jour.isoformat())
        for secteur in Secteur.objects.all():
            _live_secteur(organisme, secteur, jour)
        if not Menage.objects.filter(protection=Protection.CURATELLE).exists():
            _note_cas_particuliers(organisme, jour)


def _live_secteur(organisme: Organisme, secteur: Secteur, jour: date) -> None:
    """Each sector treats its first dossiers in ten ways, in turn; most of the list is left for the visitor."""
    agent = membership(organisme, Role.RECOUVREMENT, secteur)
    sociale = membership(organisme, Role.CESF, secteur)
    ouverts = Dossier.objects.filter(secteur=secteur, etat=EtatDossier.OUVERT, pauses=None)
    ouverts = ouverts.exclude(niveau=NiveauDossier.PROTEGE).select_related("menage").order_by("pk")
    ordre = sorted(ouverts, key=lambda dossier: (dossier.pk * 2_654_435_761) % 2**32)
    for dossier, acte in zip(ordre[:_DOSSIERS_PAR_SECTEUR], cycle(_ACTES), strict=False):
        acte(agent, sociale, dossier, jour + timedelta(days=dossier.pk % _ETALEMENT))


def _exchange(agent: Appartenance, _sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    actions.record_appel(
        agent,
        dossier,
        issue=IssueContact.JOINT,
        jour=jour + timedelta(days=1),
        texte="Salaire décalé ce mois-ci, régularise dès réception. Préfère un message avant midi.",
    )
    _set_cause(agent, dossier, jour, CauseImpaye.PONCTUELLE)
    _complete(agent, dossier, jour + timedelta(days=1))


def _unanswered(agent: Appartenance, _sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    actions.record_appel(agent, dossier, issue=IssueContact.SANS_REPONSE, jour=jour + timedelta(days=1))
    actions.record_appel(agent, dossier, issue=IssueContact.MESSAGE_LAISSE, jour=jour + timedelta(days=3))


def _visit(_agent: Appartenance, sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    actions.record_visite(
        sociale,
        dossier,
        issue=IssueContact.JOINT,
        jour=jour + timedelta(days=4),
        texte="Séparation récente, droits à recalculer. Rendez-vous pris pour le dossier FSL.",
        mur=MurNote.SOCIAL,
    )
    _set_cause(sociale, dossier, jour, CauseImpaye.DURABLE)


def _call_back(agent: Appartenance, _sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    actions.record_appel(
        agent,
        dossier,
        issue=IssueContact.RAPPEL_PROMIS,
        jour=jour + timedelta(days=2),
        rappel_le=jour + timedelta(days=8),
        texte="Rappellera après le versement de la CAF.",
    )


def _promise(agent: Appartenance, _sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    actions.record_appel(
        agent,
        dossier,
        issue=IssueContact.JOINT,
        jour=jour + timedelta(days=1),
        texte="Promet un virement sous quinzaine.",
    )
    actions.open_pause(
        agent,
        dossier,
        motif=MotifPause.PROMESSE,
        du=jour + timedelta(days=1),
        au=jour + timedelta(days=21),
        version=_version(dossier),
    )


def _claim(agent: Appartenance, _sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    _set_cause(agent, dossier, jour, CauseImpaye.LITIGE)
    actions.open_pause(
        agent,
        dossier,
        motif=MotifPause.LITIGE,
        precision="Conteste la régularisation des charges ; pièces demandées au service technique.",
        du=jour,
        au=jour + timedelta(days=60),
        version=_version(dossier),
    )


def _visit_without_answer(agent: Appartenance, _sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    actions.record_appel(agent, dossier, issue=IssueContact.MAUVAIS_NUMERO, jour=jour + timedelta(days=1))
    actions.record_visite(agent, dossier, issue=IssueContact.AVIS_DE_PASSAGE, jour=jour + timedelta(days=5))


def _refuse(agent: Appartenance, _sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    proposition = _first_proposition(dossier)
    if proposition is not None and not proposition.imposee:
        motif = "Déjà vu à l'agence la semaine passée."
        actions.refuse_proposition(agent, proposition, motif=motif, traitee_le=jour)


def _done(agent: Appartenance, _sociale: Appartenance, dossier: Dossier, jour: date) -> None:
    _complete(agent, dossier, jour)


def _nothing(_agent: Appartenance, _sociale: Appartenance, _dossier: Dossier, _jour: date) -> None:
    """Some dossiers wait: the tab of those without activity shows them."""


_Acte = Callable[[Appartenance, Appartenance, Dossier, date], None]
_ACTES: tuple[_Acte, ...] = (
    _exchange,
    _unanswered,
    _visit,
    _nothing,
    _promise,
    _call_back,
    _done,
    _claim,
    _visit_without_answer,
    _refuse,
)


def _set_cause(appartenance: Appartenance, dossier: Dossier, jour: date, cause: CauseImpaye) -> None:
    actions.set_cause(
        appartenance, dossier, cause=cause, source=SourceCause.LOCATAIRE, jour=jour, version=_version(dossier)
    )


def _version(dossier: Dossier) -> int:
    dossier.refresh_from_db(fields=["version"])
    return dossier.version


def _first_proposition(dossier: Dossier) -> Proposition | None:
    return Proposition.objects.filter(dossier=dossier, etat=EtatProposition.A_FAIRE).order_by("rang", "pk").first()


def _complete(appartenance: Appartenance, dossier: Dossier, jour: date) -> None:
    proposition = _first_proposition(dossier)
    if proposition is not None:
        actions.complete_proposition(appartenance, proposition, traitee_le=jour)


def _note_cas_particuliers(organisme: Organisme, jour: date) -> None:
    """What no export tells: two deaths, four protected adults, a restricted contact; by the acts that screens call."""
    ouverts = Dossier.objects.filter(etat=EtatDossier.OUVERT, pauses=None).select_related("menage", "secteur")
    dossiers = list(ouverts.exclude(niveau=NiveauDossier.PROTEGE).order_by("pk")[:200])
    choisis = iter(sorted(dossiers, key=lambda dossier: (dossier.pk * 40_503) % 65_536))
    mesures = (
        (Protection.CURATELLE, "Mme Vasseur, association tutélaire du Pilat", "6 rue des Forges, 42400 Saint-Chamond"),
        (Protection.TUTELLE, "M. Lacour, mandataire judiciaire", "18 place du Peuple, 42000 Saint-Étienne"),
        (Protection.CURATELLE, "", ""),
        (Protection.HABILITATION, "Mme Rose Garnier", "4 impasse des Lilas, 69700 Givors"),
    )
    for rang, dossier in zip(range(_CAS), choisis, strict=False):
        sociale = membership(organisme, Role.CESF, dossier.secteur)
        personne = _titulaires(dossier)[0]
        if rang < 2:
            protections.record_deces(
                sociale,
                dossier,
                personne=personne,
                deces_le=jour - timedelta(days=20),
                source=SourceDeces.PROCHE,
                version=_version(dossier),
                jour=jour,
            )
        elif rang - 2 < len(mesures):
            mesure, mandataire, adresse = mesures[rang - 2]
            protections.set_protection(
                sociale,
                dossier,
                mesure=mesure,
                personne=personne,
                mandataire=mandataire,
                adresse=adresse,
                depuis=jour - timedelta(days=400) if mandataire else None,
                version=_version(dossier),
                jour=jour,
            )
        else:
            protections.restrict_contact(
                sociale,
                dossier,
                motif=MotifRestriction.ORDONNANCE,
                personne=personne,
                version=_version(dossier),
                jour=jour,
            )


def _titulaires(dossier: Dossier) -> list[int]:
    occupations = Occupation.objects.filter(
        compte__rattachement__menage=dossier.menage_id, role=RoleOccupation.TITULAIRE
    )
    return list(occupations.order_by("pk").values_list("personne_id", flat=True))

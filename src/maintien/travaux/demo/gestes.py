"""The single gestures of the agents of the demonstration, each through the acts that the screens call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import (
    Canal,
    CauseImpaye,
    IssueContact,
    MotifPause,
    MurNote,
    SourceCause,
)
from maintien.apps.dossiers.models import Dossier, Proposition
from maintien.apps.organismes.models import Appartenance

_ECHANGES = (
    (CauseImpaye.PONCTUELLE, "Salaire décalé ce mois-ci, régularise dès réception. Préfère un message avant midi."),
    (CauseImpaye.TECHNIQUE, "A changé de banque : nouveau relevé d'identité bancaire envoyé, mandat à faire signer."),
    (CauseImpaye.DURABLE, "Fin de contrat en septembre, allocation en attente. Demande une date après le 10."),
    (CauseImpaye.PONCTUELLE, "Grosse facture de réparation de la voiture. Propose de payer en deux fois."),
    (CauseImpaye.DURABLE, "Temps partiel depuis la rentrée : le loyer pèse trop. Accord pour un rendez-vous budget."),
    (CauseImpaye.PONCTUELLE, "Oubli pendant un déplacement. Virement fait pendant l'appel."),
)
_VISITES = (
    "Séparation récente, droits à recalculer. Rendez-vous pris pour le dossier FSL.",
    "Arrêt de travail long, indemnités en retard. Point fait sur les charges, rendez-vous dans trois semaines.",
    "Logement devenu trop grand depuis le départ des enfants : demande de mutation à étudier.",
)
_NOTES = (
    "Dossier relu avec l'agence : le ménage passe volontiers au bureau le mercredi.",
    "La gardienne signale que la boîte aux lettres est relevée par une voisine jusqu'à la fin du mois.",
    "Attend la réponse de la CAF ; rappeler si rien n'est arrivé.",
)

_TEMPS_LARGE = timedelta(days=21)


def working(jour: date) -> date:
    """This day, or the Friday before a week-end."""
    return jour - timedelta(days=max(0, jour.weekday() - 4))


@dataclass(frozen=True)
class Tour:
    """One dossier taken up on one day. `agent` follows the arrears, `sociale` is the social worker of the duo.

    `etape`: the step of the household; `imposees`: what the law asks of the landlord; `limite`: the last day replayed.
    """

    agent: Appartenance
    sociale: Appartenance
    dossier: Dossier
    etape: Proposition | None
    imposees: Sequence[Proposition]
    jour: date
    limite: date
    rang: int
    is_laisse: bool

    def after(self, jours: int) -> date:
        """So many days later, yet never after the last day that is being replayed."""
        return working(min(self.jour + timedelta(days=jours), self.limite))


Geste = Callable[[Tour], None]


def exchange(tour: Tour) -> None:
    cause, texte = _ECHANGES[tour.rang % len(_ECHANGES)]
    _call(tour, IssueContact.JOINT, tour.jour, texte)
    _set_cause(tour, tour.agent, cause)


def no_answer(tour: Tour) -> None:
    _call(tour, IssueContact.SANS_REPONSE, tour.jour)


def no_answer_twice(tour: Tour) -> None:
    actions.record_appel(tour.agent, tour.dossier, issue=IssueContact.SANS_REPONSE, jour=tour.jour)
    _call(tour, IssueContact.MESSAGE_LAISSE, tour.after(2))


def call_back(tour: Tour) -> None:
    rappel = tour.after(1) + timedelta(days=3 + tour.rang % 6)
    _call(tour, IssueContact.RAPPEL_PROMIS, tour.after(1), "Rappellera après le versement de la CAF.", rappel)


def promise(tour: Tour) -> None:
    _call(tour, IssueContact.JOINT, tour.jour, "Promet un virement sous quinzaine.")
    _pause(tour, tour.agent, MotifPause.PROMESSE, 18)


def claim(tour: Tour) -> None:
    _set_cause(tour, tour.agent, CauseImpaye.LITIGE)
    precision = "Conteste la régularisation des charges ; pièces demandées au service technique."
    _pause(tour, tour.agent, MotifPause.LITIGE, 60, precision)


def wrong_number(tour: Tour) -> None:
    _call(tour, IssueContact.MAUVAIS_NUMERO, tour.jour)
    actions.record_visite(tour.agent, tour.dossier, issue=IssueContact.AVIS_DE_PASSAGE, jour=tour.after(4))


def visit(tour: Tour) -> None:
    """A visit that was received; its note stays behind the social wall."""
    jour, texte = tour.after(2), _VISITES[tour.rang % len(_VISITES)]
    actions.record_visite(
        tour.sociale, tour.dossier, issue=IssueContact.JOINT, jour=jour, texte=texte, mur=MurNote.SOCIAL
    )
    if tour.etape is not None:
        actions.attempt_proposition(tour.sociale, tour.etape, issue=IssueContact.JOINT, jour=jour, traitee_le=jour)
    _set_cause(tour, tour.sociale, CauseImpaye.DURABLE)


def visit_without_answer(tour: Tour) -> None:
    actions.record_visite(tour.agent, tour.dossier, issue=IssueContact.AVIS_DE_PASSAGE, jour=tour.after(1))


def ask_for_help(tour: Tour) -> None:
    """The social worker asks for a help: a pause until the answer, and a note for social workers only."""
    actions.record_appel(tour.sociale, tour.dossier, issue=IssueContact.JOINT, jour=tour.jour)
    texte = "Demande au fonds de solidarité déposée, budget joint. Enfant malade : ne pas appeler l'après-midi."
    actions.add_note(tour.sociale, tour.dossier, texte=texte, mur=MurNote.SOCIAL, jour=tour.jour)
    _pause(tour, tour.sociale, MotifPause.AIDE, 45)


def write_note(tour: Tour) -> None:
    texte = _NOTES[tour.rang % len(_NOTES)]
    actions.add_note(tour.agent, tour.dossier, texte=texte, mur=MurNote.COMMUN, jour=tour.jour)


def refuse(tour: Tour) -> None:
    if tour.etape is not None:
        motif = "Déjà vu à l'agence la semaine passée."
        actions.refuse_proposition(tour.agent, tour.etape, motif=motif, traitee_le=tour.jour)


def postpone(tour: Tour) -> None:
    if tour.etape is not None:
        au = tour.jour + timedelta(days=9)
        actions.postpone_proposition(
            tour.agent, tour.etape, au=au, motif="Attendre la fin du mois.", traitee_le=tour.jour
        )


def done(tour: Tour) -> None:
    """A message, a letter, a check at the desk."""
    if tour.etape is not None:
        actions.complete_proposition(tour.agent, tour.etape, traitee_le=tour.jour)


def report(tour: Tour) -> None:
    """What the law asks of the landlord, account by account: sent at once, or later when there is time left."""
    bientot = tour.limite + _TEMPS_LARGE
    for imposee in tour.imposees:
        if tour.rang % 6 or (imposee.echeance_legale or bientot) <= bientot:
            actions.complete_proposition(tour.agent, imposee, traitee_le=tour.jour)


def see_referent(tour: Tour) -> None:
    """A household that nobody contacts without asking first: the duo talks, and says no more."""
    texte = "Point fait avec l'agent référent ; aucun contact direct."
    actions.add_note(tour.sociale, tour.dossier, texte=texte, mur=MurNote.COMMUN, jour=tour.jour)


APPELS: tuple[Geste, ...] = (
    promise, exchange, visit, no_answer, exchange, no_answer_twice, exchange, call_back, ask_for_help, exchange,
    postpone, exchange, wrong_number, exchange, no_answer, visit_without_answer, exchange, write_note, visit, exchange,
    refuse, no_answer_twice, exchange, claim, exchange,
)  # fmt: skip
"""What comes of a step by telephone: answered about every second time."""


def settle(tour: Tour) -> None:
    """One turn: what the law asks, then, unless the dossier is left for later, the household by its channel."""
    report(tour)
    if tour.is_laisse:
        return
    if tour.dossier.menage.contact_restreint:
        see_referent(tour)
    elif tour.etape is None:
        write_note(tour)
    elif tour.etape.canal in {Canal.APPEL, Canal.VISITE}:
        APPELS[tour.rang % len(APPELS)](tour)
    else:
        done(tour)


def _call(tour: Tour, issue: IssueContact, jour: date, texte: str = "", rappel_le: date | None = None) -> None:
    """The call and what becomes of the step, as the form of the screen does both."""
    actions.record_appel(tour.agent, tour.dossier, issue=issue, jour=jour, texte=texte, rappel_le=rappel_le)
    if tour.etape is not None:
        actions.attempt_proposition(
            tour.agent, tour.etape, issue=issue, jour=jour, rappel_le=rappel_le, traitee_le=jour
        )


def _pause(tour: Tour, qui: Appartenance, motif: MotifPause, jours: int, precision: str = "") -> None:
    au = tour.jour + timedelta(days=jours)
    version = _version(tour.dossier)
    actions.open_pause(qui, tour.dossier, motif=motif, precision=precision, du=tour.jour, au=au, version=version)


def _set_cause(tour: Tour, qui: Appartenance, cause: CauseImpaye) -> None:
    """The first word on the cause stays: it is noted once."""
    if tour.dossier.cause != CauseImpaye.INCONNUE:
        return
    version = _version(tour.dossier)
    actions.set_cause(qui, tour.dossier, cause=cause, source=SourceCause.LOCATAIRE, jour=tour.jour, version=version)


def _version(dossier: Dossier) -> int:
    dossier.refresh_from_db(fields=["version"])
    return dossier.version

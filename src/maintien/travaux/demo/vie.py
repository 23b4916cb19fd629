"""What the agents of the demonstration did after the passes of past nights: weeks of a landlord at work.

Nothing is drawn by chance: the same landlord lives the same weeks.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Occupation
from maintien.apps.dossiers import actions, protections
from maintien.apps.dossiers.enums import (
    EtatDossier,
    EtatProposition,
    MotifRestriction,
    NiveauDossier,
    Protection,
    SourceDeces,
)
from maintien.apps.dossiers.models import Dossier, Menage, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur
from maintien.apps.socle import journal
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.demo.bailleurs import membership
from maintien.travaux.demo.gestes import Tour, settle, working


@dataclass(frozen=True)
class Periode:
    """A past night and the days that followed it, before the next.

    The first `servis` of the list are all taken up; of the others, one in `laisses`.
    """

    recul: int
    premier: int
    jours: int
    servis: float
    laisses: int


# A household last seen more than thirty days ago shows among those without activity: the first acts come just after.
_PERIODES = (
    Periode(recul=33, premier=6, jours=13, servis=0.75, laisses=3),
    Periode(recul=12, premier=3, jours=7, servis=0.35, laisses=3),
)
_FIN = 2**63
_ACTE = "demo.vie"
_CAS = 7
"""Two deaths, four measures, one restricted contact."""
_CONTENTIEUX = 5
"""In each sector, so many heavy debts go to the contentieux."""


def nights(au: date) -> list[date]:
    """The past nights that are run before the first day."""
    return [au - timedelta(days=periode.recul) for periode in _PERIODES]


def live(organisme: Organisme, jour: date, au: date) -> None:
    """The days between the pass of `jour` and `au`, all of them or none, and once only."""
    periode = next(periode for periode in _PERIODES if jour == au - timedelta(days=periode.recul))
    with organisme_scope(organisme), journal.atomic():
        if Evenement.objects.filter(acte=_ACTE, motif=jour.isoformat()).exists():
            return
        journal.record(_ACTE, organisme, motif=jour.isoformat())
        cas: set[int] = set()
        if not Menage.objects.filter(protection=Protection.CURATELLE).exists():
            cas = _note_cas_particuliers(organisme, jour)
        for secteur in Secteur.objects.order_by("pk"):
            _live_secteur(organisme, secteur, jour, periode, cas)


def _live_secteur(organisme: Organisme, secteur: Secteur, jour: date, periode: Periode, cas: set[int]) -> None:
    """Each sector takes up its dossiers by the list of the night, some left for later, spread over the days."""
    equipe = _Equipe(organisme, secteur)
    ouverts = Dossier.objects.filter(secteur=secteur, etat=EtatDossier.OUVERT).exclude(menage__in=cas)
    # A protected household is for those named on it: what they do there is not shown to everybody in a demonstration.
    ouverts = ouverts.exclude(niveau=NiveauDossier.PROTEGE)
    # During a pause nobody acts; whose step is settled is not called again for the same facts.
    ouverts = ouverts.exclude(pauses__levee_le=None, pauses__au__gte=jour)
    ouverts = ouverts.filter(Q(propositions__etat=EtatProposition.A_FAIRE) | Q(derniere_activite_le__lte=jour))
    dossiers = list(ouverts.select_related("menage", "referent").distinct().order_by("pk"))
    etapes = _steps(dossiers)
    limite = jour + timedelta(days=periode.premier + periode.jours + 2)
    _hand_over(organisme, equipe, dossiers, working(jour + timedelta(days=periode.premier)))
    # First come first, as on the list of the morning; who has nothing to do comes last.
    dossiers.sort(key=lambda dossier: (etapes[dossier.pk][0].rang if dossier.pk in etapes else _FIN, dossier.pk))
    for rang, dossier in enumerate(dossiers):
        siennes = etapes.get(dossier.pk, [])
        etape = next((etape for etape in siennes if not etape.imposee), None)
        imposees = [etape for etape in siennes if etape.imposee]
        is_laisse = rang >= periode.servis * len(dossiers) and rang % periode.laisses != 0
        quand = working(jour + timedelta(days=periode.premier + (rang * 5) % periode.jours))
        agent = equipe.agent_of(dossier)
        settle(Tour(agent, equipe.sociale, dossier, etape, imposees, quand, limite, rang, is_laisse))


class _Equipe:
    """Who works on a sector."""

    def __init__(self, organisme: Organisme, secteur: Secteur) -> None:
        self.agent = membership(organisme, Role.RECOUVREMENT, secteur)
        self.sociale = membership(organisme, Role.CESF, secteur)
        self.contentieux = membership(organisme, Role.CONTENTIEUX)

    def agent_of(self, dossier: Dossier) -> Appartenance:
        return self.contentieux if dossier.referent_id == self.contentieux.utilisateur_id else self.agent


def _steps(dossiers: Iterable[Dossier]) -> dict[int, list[Proposition]]:
    a_faire = Proposition.objects.filter(dossier__in=dossiers, etat=EtatProposition.A_FAIRE)
    etapes: dict[int, list[Proposition]] = defaultdict(list)
    for etape in a_faire.select_related("dossier__menage").order_by("rang", "pk"):
        etapes[etape.dossier_id].append(etape)
    return etapes


def _hand_over(organisme: Organisme, equipe: _Equipe, dossiers: list[Dossier], jour: date) -> None:
    """Heavy debts go to the contentieux, and one dossier of each sector loses its agent, once."""
    if Dossier.objects.filter(secteur=equipe.agent.secteur, referent=equipe.contentieux.utilisateur).exists():
        return
    responsable = membership(organisme, Role.RESPONSABLE)
    lourds = [d for d in dossiers if d.niveau == NiveauDossier.SUIVI][:_CONTENTIEUX]
    for dossier in lourds:
        actions.reassign(
            responsable,
            dossier,
            referent=equipe.contentieux.utilisateur,
            cesf=equipe.sociale.utilisateur,
            version=dossier.version,
            motif="Dette lourde : suite à voir avec le contentieux.",
            jour=jour,
        )
    for dossier in [d for d in dossiers if d not in lourds][-1:]:
        actions.reassign(
            responsable,
            dossier,
            referent=None,
            cesf=equipe.sociale.utilisateur,
            version=dossier.version,
            motif="Agent parti en formation : dossier à reprendre.",
            jour=jour,
        )


def _note_cas_particuliers(organisme: Organisme, jour: date) -> set[int]:
    """What no export tells: two deaths, four protected adults, a restricted contact; by the acts that screens call.

    Returns their households: nobody calls them as if nothing had happened.
    """
    ouverts = Dossier.objects.filter(etat=EtatDossier.OUVERT, pauses=None).select_related("menage", "secteur")
    dossiers = list(ouverts.exclude(niveau=NiveauDossier.PROTEGE).order_by("pk")[:200])
    nombre = min(_CAS, max(3, len(dossiers) // 4))
    choisis = sorted(dossiers, key=lambda dossier: (dossier.pk * 40_503) % 65_536)[:nombre]
    mesures = (
        (Protection.CURATELLE, "Mme Vasseur, association tutélaire du Pilat", "6 rue des Forges, 42400 Saint-Chamond"),
        (Protection.TUTELLE, "M. Lacour, mandataire judiciaire", "18 place du Peuple, 42000 Saint-Étienne"),
        (Protection.CURATELLE, "", ""),
        (Protection.HABILITATION, "Mme Rose Garnier", "4 impasse des Lilas, 69700 Givors"),
    )
    for rang, dossier in enumerate(choisis):
        sociale = membership(organisme, Role.CESF, dossier.secteur)
        personne = _titulaires(dossier)[0]
        if rang < 2:
            protections.record_deces(
                sociale,
                dossier,
                personne=personne,
                deces_le=jour - timedelta(days=20),
                source=SourceDeces.PROCHE,
                version=dossier.version,
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
                version=dossier.version,
                jour=jour,
            )
        else:
            protections.restrict_contact(
                sociale,
                dossier,
                motif=MotifRestriction.ORDONNANCE,
                personne=personne,
                version=dossier.version,
                jour=jour,
            )
    return {dossier.menage_id for dossier in choisis}


def _titulaires(dossier: Dossier) -> list[int]:
    occupations = Occupation.objects.filter(
        compte__rattachement__menage=dossier.menage_id, role=RoleOccupation.TITULAIRE
    )
    return list(occupations.order_by("pk").values_list("personne_id", flat=True))

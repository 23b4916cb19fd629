"""Who is in the demonstration: the landlords, their sectors and their agents, all invented."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, InvitationCompte, Organisme, Secteur, Utilisateur
from maintien.apps.organismes.utilisateurs import MINUTES_PAR_JOUR
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.ouverture import create_organisme, create_secteur, invite_utilisateur

MOT_DE_PASSE = "demo-trois-rivieres"
"""Known to all: the demonstration listens on the loopback only."""
_MINUTES = {Role.RECOUVREMENT: 300, Role.CONTENTIEUX: 240, Role.CESF: 180}


@dataclass(frozen=True)
class Agent:
    """`secteur` empty: all of them."""

    courriel: str
    role: Role
    prenom: str
    nom: str
    secteur: str = ""

    @property
    def minutes(self) -> int:
        """For the worklist: those who follow arrears work on it most of the day."""
        return _MINUTES.get(self.role, MINUTES_PAR_JOUR)


@dataclass(frozen=True)
class SecteurDemo:
    code: str
    nom: str
    rattachements: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BailleurDemo:
    code: str
    nom: str
    secteurs: tuple[SecteurDemo, ...]
    agents: tuple[Agent, ...]


DEMO = BailleurDemo(
    code="DEMO",
    nom="Habitat des Trois Rivières",
    secteurs=(
        SecteurDemo("GIV", "Givors et le Rhône", (("commune", "Givors"),)),
        SecteurDemo("VIE", "Vienne et la Gère", (("commune", "Vienne"),)),
        SecteurDemo("RDG", "Rive-de-Gier et le Gier", (("commune", "Rive-de-Gier"),)),
    ),
    agents=(
        Agent("administrateur@demo.example", Role.ADMINISTRATEUR, "Julien", "Roche"),
        Agent("responsable@demo.example", Role.RESPONSABLE, "Sophie", "Garnier"),
        Agent("dpo@demo.example", Role.DPO, "Claire", "Besson"),
        Agent("recouvrement.givors@demo.example", Role.RECOUVREMENT, "Camille", "Perrot", "GIV"),
        Agent("recouvrement.vienne@demo.example", Role.RECOUVREMENT, "Karim", "Benali", "VIE"),
        Agent("recouvrement.gier@demo.example", Role.RECOUVREMENT, "Hélène", "Marchand", "RDG"),
        Agent("cesf.givors@demo.example", Role.CESF, "Inès", "Carvalho", "GIV"),
        Agent("cesf.vienne@demo.example", Role.CESF, "Thomas", "Vidal", "VIE"),
        Agent("cesf.gier@demo.example", Role.CESF, "Awa", "Ndiaye", "RDG"),
        Agent("contentieux@demo.example", Role.CONTENTIEUX, "Paul", "Lemoine"),
    ),
)
# The postcodes are those of the sample exports, for whoever imports them here.
DEMO2 = BailleurDemo(
    code="DEMO2",
    nom="Office du Confluent",
    secteurs=(
        SecteurDemo(
            "TOUT",
            "Tout le parc",
            tuple(
                ("code_postal", code)
                for code in ("13015", "31100", "59000", "59100", "64100", "64600", "69008", "69100")
            ),
        ),
    ),
    agents=(
        Agent("administrateur@demo2.example", Role.ADMINISTRATEUR, "Nadia", "Cherif"),
        Agent("responsable@demo2.example", Role.RESPONSABLE, "Luc", "Fontaine"),
        Agent("recouvrement@demo2.example", Role.RECOUVREMENT, "Maud", "Kerbrat", "TOUT"),
        Agent("cesf@demo2.example", Role.CESF, "Sami", "Haddad", "TOUT"),
        Agent("contentieux@demo2.example", Role.CONTENTIEUX, "Anne", "Joly"),
    ),
)
BAILLEURS = (DEMO, DEMO2)


def open_bailleur(bailleur: BailleurDemo) -> Organisme:
    """The landlord with its sectors and agents, made whole at the first call; later calls only find it."""
    with transaction.atomic():
        connu = Organisme.objects.filter(code=bailleur.code).first()
        if connu is not None:
            return connu
        premier, *autres = bailleur.agents
        organisme = create_organisme(bailleur.code, bailleur.nom, "bailleur", premier.courriel).appartenance.organisme
        for secteur in bailleur.secteurs:
            create_secteur(organisme, secteur.code, secteur.nom, secteur.rattachements)
        for agent in autres:
            invite_utilisateur(organisme, agent.courriel, agent.role, agent.secteur, minutes=agent.minutes)
        # One hash for all: a good hash is slow, and this password is no secret.
        mot_de_passe = make_password(MOT_DE_PASSE)
        for agent in bailleur.agents:
            Utilisateur.objects.filter(email=agent.courriel).update(
                first_name=agent.prenom, last_name=agent.nom, password=mot_de_passe
            )
        # Everybody has the password: no link is left that would let somebody else choose another one.
        InvitationCompte.objects.filter(utilisateur__email__in=[agent.courriel for agent in bailleur.agents]).delete()
    return organisme


def membership(organisme: Organisme, role: Role, secteur: Secteur | None = None) -> Appartenance:
    """The agent of the demonstration with this role on this sector, or on all; in the scope of the landlord."""
    agents = Appartenance.objects.select_related("utilisateur", "organisme", "secteur").filter(role=role)
    return agents.get(secteur=secteur)


def find_user(organisme: Organisme, role: Role) -> Utilisateur:
    with organisme_scope(organisme):
        return membership(organisme, role).utilisateur

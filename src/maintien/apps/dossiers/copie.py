"""Everything held on a person who asks for it, model by model: what is copied, what is not and why.

A household where anybody else is or was a tenant, or whose contact is watched over, gives what belongs to the asker
and the lease only: what was noted of the follow-up may be about the other, and a person reads it again first. The rule
is the same for all of them, so that nothing tells a protected household from another (ADR 0050).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Model, Q
from django.utils import timezone

from maintien.apps.comptes.models import Bail, Compte, Ecriture, Occupation, Personne, SituationCompte
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES
from maintien.apps.dossiers.enums import NiveauDossier
from maintien.apps.dossiers.models import DemandeDroit, Dossier, Fait, Note, Pause, Proposition
from maintien.apps.organismes.models import Appartenance
from maintien.apps.plans.models import PlanApurement
from maintien.apps.socle.models import Evenement

Valeur = str | int | bool | date | None
Fiche = dict[str, Valeur]


@dataclass(frozen=True)
class Demandeur:
    """Who asks, and what of the household is theirs."""

    demande: DemandeDroit

    @property
    def personne(self) -> Personne:
        if self.demande.personne is None:
            raise ValueError("a copy is made for one person")
        return self.demande.personne

    @cached_property
    def comptes(self) -> list[Compte]:
        """The accounts of the household on which the asker is a tenant."""
        siens = Compte.objects.filter(
            rattachement__menage_id=self.demande.menage_id,
            occupations__personne=self.personne,
            occupations__role__in=ROLES_LOCATAIRES,
        )
        return list(siens.distinct().order_by("reference"))

    @cached_property
    def is_seul(self) -> bool:
        """Nobody else is or was a tenant of the household, and its contact is not watched over."""
        menage = self.demande.menage
        autres = Occupation.objects.filter(
            compte__rattachement__menage_id=menage.pk, role__in=ROLES_LOCATAIRES
        ).exclude(personne=self.personne)
        proteges = Dossier.objects.filter(menage=menage, niveau=NiveauDossier.PROTEGE)
        return not (menage.contact_restreint or autres.exists() or proteges.exists())

    @cached_property
    def roles(self) -> dict[int, str]:
        """Staff by what they are, never by their name."""
        return {a.utilisateur_id: a.get_role_display() for a in Appartenance.objects.order_by("pk")}

    def par(self, utilisateur_id: int | None) -> str:
        return "calcul" if utilisateur_id is None else self.roles.get(utilisateur_id, "un agent")


@dataclass(frozen=True, slots=True)
class Inclus:
    titre: str
    lire: Callable[[Demandeur], list[Fiche]]
    partage: bool = True
    """Whether a household that the asker shares gives it too."""


@dataclass(frozen=True, slots=True)
class Exclu:
    raison: str


def _fiche(objet: Model, champs: Iterable[str], **plus: Valeur) -> Fiche:
    """Codes as words, the rest as stored."""
    fiche: Fiche = {}
    for champ in champs:
        lire = getattr(objet, f"get_{champ}_display", None)
        fiche[champ] = lire() if lire is not None else getattr(objet, champ)
    return fiche | plus


def _personne(qui: Demandeur) -> list[Fiche]:
    champs = ["reference", "civilite", "nom", "prenom", "date_naissance", "telephone", "courriel"]
    return [_fiche(qui.personne, [*champs, "opposition_sms", "situation_entree"])]


def _occupations(qui: Demandeur) -> list[Fiche]:
    siennes = Occupation.objects.filter(personne=qui.personne).select_related("compte").order_by("pk")
    return [_fiche(o, ["bail_reference", "role"], compte=o.compte.reference) for o in siennes]


def _comptes(qui: Demandeur) -> list[Fiche]:
    return [_fiche(compte, ["reference"]) for compte in qui.comptes]


def _baux(qui: Demandeur) -> list[Fiche]:
    """Means of payment are somebody's: given to whoever is alone on the lease."""
    champs = ["reference", "date_signature", "date_entree", "date_sortie", "motif_sortie", "terme", "apl_mode"]
    seul = ["mode_paiement", "rum", "iban", "numero_allocataire"] if qui.is_seul else []
    baux = Bail.objects.filter(compte__in=qui.comptes).select_related("compte").order_by("date_entree", "pk")
    return [_fiche(b, [*champs, "depot_garantie_centimes", *seul], compte=b.compte.reference) for b in baux]


def _logements(qui: Demandeur) -> list[Fiche]:
    champs = ["reference", "residence", "voie", "code_postal", "commune", "type_logement", "surface"]
    baux = Bail.objects.filter(compte__in=qui.comptes, logement__isnull=False).select_related("logement")
    logements = {b.logement_id: b.logement for b in baux.order_by("pk") if b.logement is not None}
    return [_fiche(logement, champs) for logement in logements.values()]


def _ecritures(qui: Demandeur) -> list[Fiche]:
    champs = [
        "reference",
        "date_comptable",
        "date_exigibilite",
        "periode",
        "code",
        "debit_centimes",
        "credit_centimes",
    ]
    seul = ["libelle", "mode"] if qui.is_seul else []
    lignes = Ecriture.objects.filter(compte__in=qui.comptes).select_related("compte")
    lignes = lignes.order_by("compte__reference", "date_comptable", "pk")
    return [_fiche(e, [*champs, *seul], compte=e.compte.reference) for e in lignes]


def _situations(qui: Demandeur) -> list[Fiche]:
    champs = ["au", "statut", "solde_centimes", "dette_exigible_centimes", "dette_locative_centimes"]
    champs += ["nb_termes_impayes", "date_plus_ancien", "impaye_apl_legal", "date_impaye_apl_legal"]
    situations = SituationCompte.objects.filter(compte__in=qui.comptes).select_related("compte").order_by("pk")
    return [_fiche(s, champs, compte=s.compte.reference) for s in situations]


def _plans(qui: Demandeur) -> list[Fiche]:
    champs = ["reference", "date_signature", "montant_centimes", "nombre_echeances", "mensualite_centimes"]
    champs += ["premiere_echeance", "date_rupture", "date_solde"]
    plans = PlanApurement.objects.filter(compte__in=qui.comptes).select_related("compte").order_by("pk")
    return [_fiche(p, champs, compte=p.compte.reference) for p in plans]


def _menage(qui: Demandeur) -> list[Fiche]:
    """A measure is told to the person whom it protects."""
    menage = qui.demande.menage
    sienne = menage.personne_protegee_id == qui.personne.pk
    champs = ["protection", "protection_depuis"] if sienne else []
    return [_fiche(menage, ["traitement_limite_le", *champs])]


def _demandes(qui: Demandeur) -> list[Fiche]:
    siennes = DemandeDroit.objects.filter(personne=qui.personne).order_by("recue_le", "pk")
    champs = ["genre", "recue_le", "prolongation", "etat", "repondue_le", "reponse"]
    return [_fiche(d, champs, traitee_par=qui.par(d.traitee_par_id) if d.traitee_par_id else "") for d in siennes]


def _dossiers(qui: Demandeur) -> list[Fiche]:
    dossiers = Dossier.objects.filter(menage_id=qui.demande.menage_id).order_by("pk")
    champs = ["etat", "cause", "cause_le", "cause_source", "ouvert_le", "clos_le", "motif_cloture"]
    return [_fiche(d, champs) for d in dossiers]


def _pauses(qui: Demandeur) -> list[Fiche]:
    pauses = Pause.objects.filter(dossier__menage_id=qui.demande.menage_id).order_by("pk")
    return [_fiche(p, ["motif", "precision", "du", "au", "levee_le"], par=qui.par(p.posee_par_id)) for p in pauses]


def _faits(qui: Demandeur) -> list[Fiche]:
    faits = Fait.objects.filter(menage_id=qui.demande.menage_id).order_by("date", "pk")
    return [_fiche(f, ["date", "genre", "issue"], par=qui.par(f.auteur_id)) for f in faits]


def _notes(qui: Demandeur) -> list[Fiche]:
    notes = Note.objects.filter(dossier__menage_id=qui.demande.menage_id).order_by("pk")
    return [_fiche(n, ["texte"], le=timezone.localtime(n.created_at).date(), par=qui.par(n.auteur_id)) for n in notes]


def _propositions(qui: Demandeur) -> list[Fiche]:
    champs = ["quoi", "canal", "etat", "au", "avant_le", "traitee_le", "realisee_le", "motif_refus", "regle"]
    siennes = Proposition.objects.filter(dossier__menage_id=qui.demande.menage_id).order_by("pk")
    return [_fiche(p, champs, raisons=" ".join(str(motif.get("texte", "")) for motif in p.motifs)) for p in siennes]


def _evenements(qui: Demandeur) -> list[Fiche]:
    """Who did or read what, by role and by day."""
    dossiers = Dossier.objects.filter(menage_id=qui.demande.menage_id).values("pk")
    lignes = Evenement.objects.filter(
        Q(objet_type="dossiers.dossier", objet_id__in=dossiers)
        | Q(objet_type="dossiers.menage", objet_id=qui.demande.menage_id)
    ).order_by("pk")
    return [{"le": timezone.localtime(e.instant).date(), "acte": e.acte, "par": qui.par(e.acteur_id)} for e in lignes]


COPIE: Mapping[str, Inclus | Exclu] = {
    "comptes.Personne": Inclus("Identité et coordonnées", _personne),
    "comptes.Occupation": Inclus("Place sur les baux", _occupations),
    "comptes.Compte": Inclus("Comptes", _comptes),
    "comptes.Bail": Inclus("Baux", _baux),
    "comptes.Logement": Inclus("Logements", _logements, partage=False),
    "comptes.Ecriture": Inclus("Écritures", _ecritures),
    "comptes.SituationCompte": Inclus("Situation des comptes", _situations),
    "plans.PlanApurement": Inclus("Plans d’apurement", _plans),
    "dossiers.Menage": Inclus("Mesures", _menage),
    "dossiers.DemandeDroit": Inclus("Demandes sur les données", _demandes),
    "dossiers.Dossier": Inclus("Dossiers", _dossiers, partage=False),
    "dossiers.Pause": Inclus("Pauses", _pauses, partage=False),
    "dossiers.Fait": Inclus("Échanges et actes", _faits, partage=False),
    "dossiers.Note": Inclus("Notes", _notes, partage=False),
    "dossiers.Proposition": Inclus("Étapes proposées", _propositions, partage=False),
    "socle.Evenement": Inclus("Journal", _evenements, partage=False),
    "dossiers.MenageCompte": Exclu("un lien : les comptes de la personne sont donnés"),
    "dossiers.Rapprochement": Exclu("dit qui d'autre partage un bail : des tiers"),
    "dossiers.PersonneNommee": Exclu("noms d'agents"),
    "dossiers.MiseSousProtection": Exclu("dirait qu'une protection existe, et contre qui : jamais dans une copie"),
    "dossiers.CanalSur": Exclu("voies sûres d'une protection : jamais dans une copie"),
    "dossiers.DemandeLevee": Exclu("dirait qu'une protection existe : jamais dans une copie"),
    "dossiers.RemarqueLexique": Exclu("contrôle de l'écriture des agents, sans donnée de la personne"),
    "comptes.Importation": Exclu("suivi d'un travail, sans donnée de personne"),
    "comptes.FichierImporte": Exclu("fichiers de tout le parc ; ce qui en est retenu est dans les autres rubriques"),
    "comptes.LigneRefusee": Exclu("lignes non retenues, sans lien avec une personne"),
    "comptes.Livraison": Exclu("numéro d'un envoi de tout le parc"),
    "socle.Extraction": Exclu("registre des exports des agents"),
    "socle.Reglage": Exclu("réglages de l'organisme"),
    "socle.Execution": Exclu("suivi d'un travail, sans donnée de personne"),
    "organismes.Appartenance": Exclu("données d'agents"),
    "organismes.JetonApi": Exclu("accès de logiciels, sans donnée de personne"),
    "organismes.Secteur": Exclu("découpage du parc"),
    "organismes.RattachementSecteur": Exclu("découpage du parc"),
}


@dataclass(frozen=True, slots=True)
class Rubrique:
    cle: str
    titre: str
    fiches: tuple[Fiche, ...]


@dataclass(frozen=True, slots=True)
class Copie:
    """`is_partielle`: what was noted of the follow-up is read again by a person before it is given."""

    rubriques: tuple[Rubrique, ...]
    is_partielle: bool


def copy_of(demande: DemandeDroit) -> Copie:
    """Everything that is copied for this request, in the order of the register."""
    qui = Demandeur(demande)
    inclus = [(cle, i) for cle, i in COPIE.items() if isinstance(i, Inclus) and (i.partage or qui.is_seul)]
    rubriques = (Rubrique(cle.partition(".")[2].lower(), i.titre, tuple(i.lire(qui))) for cle, i in inclus)
    return Copie(tuple(rubriques), is_partielle=not qui.is_seul)

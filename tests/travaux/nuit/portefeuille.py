"""Households with a plain ledger, and the state of a landlord as values that can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests import fabriques

from maintien.apps.comptes.enums import CodeEcriture, RoleOccupation
from maintien.apps.comptes.models import Bail, Compte, Personne, SituationCompte
from maintien.apps.dossiers.enums import EtatProposition
from maintien.apps.dossiers.models import Dossier, Fait, Menage, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Organisme, Secteur
from maintien.apps.socle.models import Evenement, Execution
from maintien.coeur.calendrier import ajouter_mois, format_periode, periode_de
from maintien.travaux.nuit import run
from maintien.travaux.nuit.bilan import Bilan

LUNDI = date(2026, 10, 12)
LOYER = 450_00


@dataclass(frozen=True)
class Foyer:
    """One tenant, one account, one lease."""

    compte: Compte
    bail: Bail
    personne: Personne

    @property
    def menage(self) -> Menage:
        return Menage.objects.get(rattachements__compte=self.compte)

    @property
    def dossier(self) -> Dossier:
        return Dossier.objects.get(menage=self.menage, etat="ouvert")

    @property
    def situation(self) -> SituationCompte:
        return SituationCompte.objects.get(compte=self.compte)

    def a_faire(self) -> list[str]:
        """The rules of what is proposed, best rank first."""
        propositions = Proposition.objects.filter(dossier__menage=self.menage, etat=EtatProposition.A_FAIRE)
        return list(propositions.order_by("rang", "pk").values_list("regle", flat=True))

    def proposition(self, regle: str = "") -> Proposition:
        propositions = Proposition.objects.filter(dossier__menage=self.menage, etat=EtatProposition.A_FAIRE)
        return propositions.get(regle=regle) if regle else propositions.get()


def equipe(secteur: Secteur | None = None) -> dict[str, int]:
    """One chargé de recouvrement and one CESF, on a sector or on all; their users by role."""
    return {role.value: fabriques.membre(role, secteur).utilisateur_id for role in (Role.RECOUVREMENT, Role.CESF)}


def foyer(nom: str = "Martinez", *, role: RoleOccupation = RoleOccupation.TITULAIRE, **champs: Any) -> Foyer:
    """A household in place since 2020, reachable by phone and e-mail."""
    champs_bail = {"date_entree": date(2020, 6, 1), **champs.pop("bail", {})}
    compte = fabriques.compte(secteur=champs.pop("secteur", None))
    bail = fabriques.bail(compte, **champs_bail)
    ordinaire = {"telephone": "06 39 98 00 01", "courriel": "locataire@courriel.example"}
    personne = fabriques.personne(nom, **{**ordinaire, **champs})
    fabriques.occupation(compte, personne, role)
    return Foyer(compte, bail, personne)


def appeler(compte: Compte, echeances: Iterable[date], *, payees: int = 10**6, retard_jours: int = 0) -> None:
    """Terms of 450 €, the first `payees` of them paid `retard_jours` after their day."""
    livraison = fabriques.livraison()
    for rang, echeance in enumerate(echeances):
        mois = format_periode(periode_de(echeance) - 1)
        appel = echeance - timedelta(days=14)
        fabriques.ecriture(
            compte,
            CodeEcriture.LOYER,
            appel,
            debit=LOYER,
            date_exigibilite=echeance,
            periode=mois,
            livraison=livraison,
        )
        if rang < payees:
            jour = echeance + timedelta(days=retard_jours)
            fabriques.paiement(compte, jour, LOYER, livraison=livraison)


def mois(premier: date, nombre: int) -> list[date]:
    """Due dates, month after month."""
    return [ajouter_mois(premier, n) for n in range(nombre)]


def en_retard(nom: str = "Martinez", **champs: Any) -> Foyer:
    """Always on time for a year, and the term of 5 October 2026 is not paid."""
    habite = foyer(nom, **champs)
    appeler(habite.compte, mois(date(2025, 10, 5), 13), payees=12)
    return habite


def a_l_heure(nom: str = "Durand") -> Foyer:
    habite = foyer(nom)
    appeler(habite.compte, mois(date(2025, 10, 5), 13))
    return habite


def nuit(organisme: Organisme, au: date = LUNDI) -> Bilan:
    """What this run of the pass changed. The landlord says that the books go to that day: few payments are written."""
    return Bilan.from_json(run(organisme, au, livres_au=au).resultat["dernier"])


_CHAMPS: dict[Any, tuple[str, ...]] = {
    Dossier: (
        "menage__rattachements__compte__reference",
        "etat",
        "niveau",
        "cause",
        "ouvert_le",
        "clos_le",
        "motif_cloture",
        "regle_ouverture",
        "referent__email",
        "cesf__email",
        "version",
    ),
    Proposition: (
        "dossier__menage__rattachements__compte__reference",
        "genre",
        "quoi",
        "canal",
        "avant_le",
        "reference_compte",
        "echeance_legale",
        "rang",
        "sinon",
        "regle",
        "version_regle",
        "etat",
        "reportee_au",
        "au",
        "motifs",
        "classement",
    ),
    Fait: ("menage__rattachements__compte__reference", "genre", "date", "donnees", "source"),
    Evenement: ("acte", "objet_type", "motif"),
    SituationCompte: (
        "compte__reference",
        *(c.attname for c in SituationCompte._meta.concrete_fields if c.attname not in ("id", "compte_id")),
    ),
}


def etat() -> dict[str, list[tuple[Any, ...]]]:
    """Everything a pass writes about the landlord in scope, identifiers aside."""
    return {
        modele.__name__: sorted(modele.objects.values_list(*champs), key=repr) for modele, champs in _CHAMPS.items()
    }


def resultats() -> list[tuple[str, str, Any]]:
    """What is stored of each pass."""
    executions = Execution.objects.filter(genre="nuit").order_by("cle")
    return [(e.cle, e.etat, e.resultat.get("bilan")) for e in executions]

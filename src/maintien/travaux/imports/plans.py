"""Instalment plans as the landlord's software delivers them."""

from collections.abc import Iterable, Mapping
from typing import Any

from maintien.apps.plans.models import PlanApurement
from maintien.connecteurs.exports.enregistrements import EnregistrementPlan, Refus, montrer
from maintien.travaux.imports.baux import CURE
from maintien.travaux.imports.fiches import Valeurs, ensure_comptes, upsert

_PLAN = ("date_signature", "nombre_echeances", "premiere_echeance", "date_rupture", "date_solde")
_MONTANTS = {"montant": "montant_centimes", "mensualite": "mensualite_centimes"}


def keep_first_plans(
    connus: dict[str, EnregistrementPlan], recus: Iterable[EnregistrementPlan], nom: str
) -> list[Refus]:
    """A plan is one line."""
    refus = []
    for plan in recus:
        premier = connus.setdefault(plan.reference, plan)
        if premier[1:] != plan[1:]:
            colonne = next(c for c in plan._fields[1:] if getattr(premier, c) != getattr(plan, c))
            motif = f"le plan {plan.reference} est déjà décrit autrement à la ligne {premier.ligne} ({colonne})"
            valeur = montrer(str(getattr(plan, colonne)))
            refus.append(Refus(nom, plan.ligne, colonne, valeur, motif, CURE, plan.reference))
    return refus


def write_plans(plans: Mapping[str, EnregistrementPlan], declares: Mapping[str, Any]) -> set[str]:
    """Store plans; returns the references created or changed."""
    comptes = ensure_comptes(plan.compte for plan in plans.values())
    fiches: dict[str, Valeurs] = {}
    for plan in plans.values():
        fiche: Valeurs = {nom: getattr(plan, nom) for nom in _PLAN if nom in declares}
        fiche |= {champ: getattr(plan, champ) for nom, champ in _MONTANTS.items() if nom in declares}
        fiches[plan.reference] = fiche | {"compte_id": comptes[plan.compte]}
    return upsert(PlanApurement, fiches)[1]

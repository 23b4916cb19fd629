"""Instalment plans as the landlord's software delivers them."""

from collections.abc import Iterable, Mapping
from typing import Any

from maintien.apps.plans.models import PlanApurement
from maintien.coeur.montants import format_euros
from maintien.coeur.orientation.retards import derniere_echeance_centimes, is_plan_coherent
from maintien.connecteurs.exports.enregistrements import EnregistrementPlan, Refus, montrer
from maintien.travaux.imports.baux import CURE
from maintien.travaux.imports.fiches import ORIGINE, Valeurs, ensure_comptes, upsert
from maintien.travaux.imports.versions import Versions

_PLAN = ("date_signature", "nombre_echeances", "premiere_echeance", "date_rupture", "date_solde")
_MONTANTS = {"montant": "montant_centimes", "mensualite": "mensualite_centimes"}


def keep_first_plans(
    connus: dict[str, EnregistrementPlan], recus: Iterable[EnregistrementPlan], nom: str
) -> list[Refus]:
    """A plan is one line, whose instalments pay its amount."""
    refus = []
    for plan in recus:
        if not is_plan_coherent(plan.montant_centimes, plan.nombre_echeances, plan.mensualite_centimes):
            refus.append(_incoherent(plan, nom))
            continue
        premier = connus.setdefault(plan.reference, plan)
        if premier[1:] != plan[1:]:
            colonne = next(c for c in plan._fields[1:] if getattr(premier, c) != getattr(plan, c))
            motif = f"le plan {plan.reference} est déjà décrit autrement à la ligne {premier.ligne} ({colonne})"
            valeur = montrer(str(getattr(plan, colonne)))
            refus.append(Refus(nom, plan.ligne, colonne, valeur, motif, CURE, plan.reference))
    return refus


def _incoherent(plan: EnregistrementPlan, nom: str) -> Refus:
    nombre, mensualite = plan.nombre_echeances, format_euros(plan.mensualite_centimes)
    derniere = derniere_echeance_centimes(plan.montant_centimes, nombre, plan.mensualite_centimes)
    return Refus(
        nom,
        plan.ligne,
        "mensualite",
        mensualite,
        f"{format_euros(plan.montant_centimes)} en {nombre} échéances de {mensualite} laissent "
        f"{format_euros(derniere)} à la dernière, plus que deux mensualités "
        f"({format_euros(2 * plan.mensualite_centimes)})",
        "vérifier le montant, le nombre d'échéances et la mensualité du plan dans le logiciel d'origine",
        plan.reference,
    )


def write_plans(plans: Mapping[str, EnregistrementPlan], declares: Mapping[str, Any], versions: Versions) -> set[str]:
    """Store plans; returns the references created or changed."""
    comptes = ensure_comptes(plan.compte for plan in plans.values())
    fiches: dict[str, Valeurs] = {}
    for plan in plans.values():
        fiche: Valeurs = {nom: getattr(plan, nom) for nom in _PLAN if nom in declares}
        fiche |= {champ: getattr(plan, champ) for nom, champ in _MONTANTS.items() if nom in declares}
        fiche[ORIGINE] = plan.etabli_le or versions.etabli_le
        fiches[plan.reference] = fiche | {"compte_id": comptes[plan.compte]}
    return upsert(PlanApurement, fiches, versions=versions)[1]

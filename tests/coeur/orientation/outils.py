"""De quoi écrire un ménage en peu de mots : des valeurs ordinaires, et ce que l'épreuve change."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from maintien.coeur.calendrier import parse_periode
from maintien.coeur.compte.situation import Situation
from maintien.coeur.montants import parse_montant
from maintien.coeur.orientation.faits import (
    DossierOuvert,
    Echange,
    FaitsCompte,
    FaitsMenage,
    Pause,
    Plan,
    Rejet,
    TermeTardif,
)
from maintien.coeur.orientation.regles import JeuDeRegles
from maintien.coeur.orientation.validation import lire_regles

REGLES = Path(__file__).parents[3] / "src" / "maintien" / "paquets" / "regles"

_ZERO = (
    "solde dette_exigible dette_locative dette_accessoires non_echu avance excedent_apl dg_net "
    "tranche_lt1 tranche_1_3 tranche_3_6 tranche_6_12 tranche_ge12"
)


@cache
def fichiers_livres() -> dict[str, str]:
    """Les fichiers de règles livrés avec le produit."""
    return {fichier.name: fichier.read_text(encoding="utf-8") for fichier in sorted(REGLES.glob("*.yaml"))}


@cache
def regles_livrees() -> JeuDeRegles:
    """Les règles livrées avec le produit."""
    return lire_regles(fichiers_livres())


def situation(reference: str = "C1", au: date = date(2026, 10, 12), **champs: Any) -> Situation:
    """Une situation à zéro, présente, que l'épreuve change. Les montants se donnent en centimes."""
    valeurs: dict[str, Any] = {f"{nom}_centimes": 0 for nom in _ZERO.split()}
    valeurs |= {
        "reference_compte": reference,
        "au": au,
        "statut": "present",
        "nb_termes_impayes": 0,
        "date_plus_ancien": None,
        "terme_moyen_net_centimes": None,
        "mois_de_dette_centiemes": None,
        "trois_termes_moyens": False,
        "apl_concerne": False,
        "apl_seuil_ancien_centimes": None,
        "impaye_apl_ancien": False,
        "date_impaye_apl_ancien": None,
        "impaye_apl_2027": False,
        "date_impaye_apl_2027": None,
        "impaye_apl_legal": False,
        "date_impaye_apl_legal": None,
    }
    return Situation(**valeurs | champs)


def compte(reference: str = "C1", au: date = date(2026, 10, 12), **champs: Any) -> FaitsCompte:
    """Un compte ; ce que `Situation` ne connaît pas va aux autres faits du compte."""
    autres = {nom: champs.pop(nom) for nom in list(champs) if nom in FaitsCompte.__dataclass_fields__}
    return FaitsCompte(situation=situation(reference, au, **champs), **autres)


def menage(**champs: Any) -> FaitsMenage:
    """Un ménage joignable, sans compte."""
    ordinaire: dict[str, Any] = {
        "cle": "M1",
        "locataire": "Mme Martinez",
        "has_telephone": True,
        "has_courriel": True,
        "observe_depuis": date(2020, 6, 1),
    }
    return FaitsMenage(**ordinaire | champs)


def menage_des_cas(valeurs: dict[str, Any], au: date) -> FaitsMenage:
    """Un ménage écrit dans un fichier de cas : montants « 450.00 », dates, mois « 2026-09 »."""
    champs = dict(valeurs)
    champs["comptes"] = tuple(_compte(c, au) for c in champs.get("comptes", []))
    champs["rejets"] = tuple(
        Rejet(r.get("compte", "C1"), r["jour"], _centimes(r["montant"]), r.get("motif", ""), r.get("cible", True))
        for r in champs.get("rejets", [])
    )
    champs["termes_tardifs"] = tuple(TermeTardif(*terme) for terme in champs.get("termes_tardifs", []))
    champs["dettes_passees"] = tuple((jour, _centimes(m)) for jour, m in champs.get("dettes_passees", []))
    if champs.get("dernier_paiement"):
        jour, montant = champs["dernier_paiement"]
        champs["dernier_paiement"] = (jour, _centimes(montant))
    for nom in ("tues", "canaux_ecartes"):
        champs[nom] = frozenset(champs.get(nom, ()))
    champs["reportes"] = frozenset(map(tuple, champs.get("reportes", ())))
    for nom, type_ in (("dernier_echange", Echange), ("pause", Pause), ("dossier", DossierOuvert)):
        if champs.get(nom):
            champs[nom] = type_(**champs[nom])
    return menage(**champs)


def _compte(valeurs: dict[str, Any], au: date) -> FaitsCompte:
    champs = dict(valeurs)
    sommes = (*_ZERO.split(), "terme_moyen_net", "apl_seuil_ancien")
    for nom in [nom for nom in champs if nom in sommes]:
        champs[f"{nom}_centimes"] = _centimes(champs.pop(nom))
    if "prochain_terme" in champs:
        champs["prochain_terme_centimes"] = _centimes(champs.pop("prochain_terme"))
    champs["appels_recents"] = tuple((jour, _centimes(m)) for jour, m in champs.get("appels_recents", []))
    champs["restes"] = tuple((jour, _centimes(m)) for jour, m in champs.get("restes", []))
    champs["apl_recue"] = tuple((parse_periode(mois), _centimes(m)) for mois, m in champs.get("apl_recue", []))
    champs["reconnaissances"] = tuple(champs.get("reconnaissances", ()))
    if "dernier_mois_appele" in champs:
        champs["dernier_mois_appele"] = parse_periode(champs["dernier_mois_appele"])
    if champs.get("plan"):
        plan = dict(champs["plan"])
        plan["montant_centimes"] = _centimes(plan.pop("montant"))
        plan["mensualite_centimes"] = _centimes(plan.pop("mensualite"))
        champs["plan"] = Plan(**plan)
    return compte(champs.pop("reference", "C1"), au, **champs)


def _centimes(texte: str) -> int:
    return parse_montant(texte)

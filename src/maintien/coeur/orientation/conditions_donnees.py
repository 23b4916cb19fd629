"""Les prédicats des données : ce qui se contredit doit être vérifié avant d'écrire à quiconque."""

from collections.abc import Callable
from datetime import date

from maintien.coeur.calendrier import periode_de
from maintien.coeur.orientation.conditions import rejets_recents
from maintien.coeur.orientation.faits import FaitsCompte, FaitsMenage, Rejet
from maintien.coeur.orientation.motifs_rejet import Conduite, conduite
from maintien.coeur.orientation.registre import FRANCHISE, Constat, Detail, Parametres, predicat
from maintien.coeur.orientation.textes import Mois, Montant, Valeur


@predicat(
    parametres={"rejets_sur_jours": (1, 400), "sans_appel_mois": (1, 12)} | FRANCHISE,
    details={
        "dette_et_excedent": {"compte": "texte", "dette_compte": "montant", "excedent": "montant"},
        "sorti_encore_appele": {"compte": "texte", "sortie": "date", "mois": "mois"},
        "present_sans_appel": {"compte": "texte", "mois": "mois", "dette_compte": "montant"},
        "deces_non_note": {"jour": "date", "montant": "montant"},
        "rejet_sans_cible": {"jour": "date", "montant": "montant"},
        "sans_titulaire": {"dette_compte": "montant", "depuis_le": "date"},
        "mandataire_inconnu": {"mesure": "texte", "dette_compte": "montant", "depuis_le": "date"},
        "non_calculable": {"compte": "texte", "depuis_le": "date"},
    },
)
def donnees_contradictoires(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Des faits se contredisent : chacun est dit, aucun n'est tranché par la machine."""
    details = [detail for lecture in _LECTURES for detail in lecture(faits, au, p)]
    return Constat(details=tuple(details)) if details else None


def _comptes(faits: FaitsMenage, au: date, p: Parametres) -> list[Detail]:
    return [detail for compte in faits.comptes for detail in _du_compte(compte, au, p)]


def _du_compte(compte: FaitsCompte, au: date, p: Parametres) -> list[Detail]:
    """Ce qui se contredit sur un compte : dette et excédent d'APL, départ et appels, présence sans appel."""
    situation = compte.situation
    details: list[Detail] = []
    etablie = compte.dette_etablie_centimes(au, p["franchise_jours"])
    dette = Montant(situation.dette_locative_centimes)
    if etablie > 0 and situation.excedent_apl_centimes > 0:
        excedent = Montant(situation.excedent_apl_centimes)
        details.append(
            Detail("dette_et_excedent", {"compte": compte.reference, "dette_compte": dette, "excedent": excedent})
        )
    mois, sortie = compte.dernier_mois_appele, compte.date_sortie
    if mois is None:
        return details
    if not compte.is_present and sortie is not None and mois > periode_de(sortie):
        details.append(
            Detail("sorti_encore_appele", {"compte": compte.reference, "sortie": sortie, "mois": Mois(mois)})
        )
    if compte.is_present and etablie > 0 and mois < periode_de(au) - p["sans_appel_mois"]:
        details.append(
            Detail("present_sans_appel", {"compte": compte.reference, "mois": Mois(mois), "dette_compte": dette})
        )
    return details


def _rejets(faits: FaitsMenage, au: date, p: Parametres) -> list[Detail]:
    """Un décès annoncé par la banque et non noté ; un rejet dont le paiement d'origine est introuvable."""
    details = []
    recents = rejets_recents(faits, au, p["rejets_sur_jours"])
    deces = [rejet for rejet in recents if conduite(rejet.motif) is Conduite.DECES]
    if deces and faits.deces_le is None:
        details.append(Detail("deces_non_note", _valeurs_du_rejet(deces[0])))
    orphelins = [rejet for rejet in recents if not rejet.has_cible]
    if orphelins and faits.dette_locative_centimes > 0:
        details.append(Detail("rejet_sans_cible", _valeurs_du_rejet(orphelins[0])))
    return details


def _valeurs_du_rejet(rejet: Rejet) -> dict[str, Valeur]:
    return {"jour": rejet.jour, "montant": Montant(rejet.montant_centimes)}


def _personnes(faits: FaitsMenage, au: date, p: Parametres) -> list[Detail]:
    """Une dette sans personne à qui écrire : pas de titulaire, ou une mesure de protection sans mandataire."""
    etablie = sum(compte.dette_etablie_centimes(au, p["franchise_jours"]) for compte in faits.comptes)
    depuis = faits.date_plus_ancien
    if etablie <= 0 or depuis is None:
        return []
    valeurs: dict[str, Valeur] = {"dette_compte": Montant(faits.dette_locative_centimes), "depuis_le": depuis}
    details = []
    if not faits.has_titulaire:
        details.append(Detail("sans_titulaire", valeurs))
    if faits.protection != "aucune" and not faits.mandataire:
        mesure = "protection" if faits.protection == "habilitation" else faits.protection
        details.append(Detail("mandataire_inconnu", valeurs | {"mesure": mesure}))
    return details


def _calcul(faits: FaitsMenage, au: date, p: Parametres) -> list[Detail]:
    """Un compte que le calcul a refusé."""
    if faits.non_calculable is None:
        return []
    compte, depuis = faits.non_calculable
    return [Detail("non_calculable", {"compte": compte, "depuis_le": depuis})]


_Lecture = Callable[[FaitsMenage, date, Parametres], list[Detail]]
_LECTURES: tuple[_Lecture, ...] = (_rejets, _personnes, _comptes, _calcul)

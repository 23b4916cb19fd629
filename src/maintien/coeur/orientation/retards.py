"""Ce que le passé d'un ménage dit de ses retards : début de l'épisode, mois tardifs, suivi du plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from maintien.coeur.calendrier import Periode, age_en_mois, ajouter_mois, periode_de
from maintien.coeur.montants import Centimes
from maintien.coeur.orientation.faits import FaitsCompte, FaitsMenage, Plan
from maintien.coeur.orientation.textes import Quantite


@dataclass(frozen=True, slots=True)
class EcheancePlan:
    """Une échéance d'un plan d'apurement."""

    numero: int
    jour: date
    montant_centimes: Centimes


@dataclass(frozen=True, slots=True)
class SuiviPlan:
    """Où en est un plan : ce qu'il laisse dû, ce qui manque, l'échéance passée et la suivante."""

    reste_centimes: Centimes
    ecart_centimes: Centimes
    derniere: EcheancePlan | None
    prochaine: EcheancePlan | None


@lru_cache(maxsize=4096)
def echeances_du_plan(plan: Plan) -> tuple[EcheancePlan, ...]:
    """Rend les échéances d'un plan ; la dernière absorbe le reste (un plan de 1 000 € en 36 finit par 28,05 €).

    Un plan dont les mensualités épuisent le montant avant le nombre annoncé s'arrête là, et son nombre
    d'échéances est celui qui sert : 107,31 € en 36 de 15,00 € se paient en huit, la dernière de 2,31 €.
    """
    echeances: list[EcheancePlan] = []
    reste = plan.montant_centimes
    for numero in range(1, plan.nombre_echeances + 1):
        if reste <= 0:
            break
        is_derniere = numero == plan.nombre_echeances
        montant = reste if is_derniere else min(plan.mensualite_centimes, reste)
        reste -= montant
        echeances.append(EcheancePlan(numero, ajouter_mois(plan.premiere_echeance, numero - 1), montant))
    return tuple(echeances)


def derniere_echeance_centimes(montant: Centimes, nombre_echeances: int, mensualite: Centimes) -> Centimes:
    """Rend ce que les mensualités laissent à la dernière échéance : 28,05 € pour 1 000,00 € en 36 de 27,77 €."""
    return montant - mensualite * (nombre_echeances - 1)


def is_plan_coherent(montant: Centimes, nombre_echeances: int, mensualite: Centimes) -> bool:
    """Dit si les échéances d'un plan en paient le montant, la dernière ne dépassant pas deux mensualités."""
    return montant > 0 and derniere_echeance_centimes(montant, nombre_echeances, mensualite) <= 2 * mensualite


def suivi_du_plan(plan: Plan, dette_centimes: Centimes, au: date, tolerance_jours: int) -> SuiviPlan:
    """Compare la dette à ce que le plan laisse dû.

    Un plan est une vue sur la dette, jamais une seconde dette : il est tenu tant que la dette ne
    dépasse pas ce qu'il laisse à payer. Il n'y a donc pas à décider si un paiement était pour le
    loyer ou pour le plan. `tolerance_jours` laisse à un paiement le temps de paraître.
    """
    passees: list[EcheancePlan] = []
    a_venir: list[EcheancePlan] = []
    for echeance in echeances_du_plan(plan):
        (passees if echeance.jour + timedelta(days=tolerance_jours) <= au else a_venir).append(echeance)
    reste = sum(echeance.montant_centimes for echeance in a_venir)
    suivantes = [echeance for echeance in a_venir if echeance.jour >= au]
    return SuiviPlan(
        reste_centimes=reste,
        ecart_centimes=max(0, dette_centimes - reste),
        derniere=passees[-1] if passees else None,
        prochaine=suivantes[0] if suivantes else None,
    )


def suivi_du_compte(compte: FaitsCompte, au: date, jours: int) -> SuiviPlan | None:
    """Rend le suivi du plan d'un compte, s'il en a un en cours."""
    if compte.plan is None:
        return None
    return suivi_du_plan(compte.plan, compte.dette_etablie_centimes(au, jours), au, jours)


def is_plan_tenu(compte: FaitsCompte, au: date, jours: int) -> bool:
    """Dit si le compte a un plan en cours et que la dette ne dépasse pas ce qu'il laisse à payer."""
    suivi = suivi_du_compte(compte, au, jours)
    return suivi is not None and suivi.reste_centimes > 0 and suivi.ecart_centimes == 0


def retard_du_compte_centimes(compte: FaitsCompte, au: date, jours: int) -> Centimes:
    """Rend ce qui est en retard sur un compte, hors ce qu'un plan laisse à payer."""
    suivi = suivi_du_compte(compte, au, jours)
    return compte.dette_etablie_centimes(au, jours) if suivi is None else suivi.ecart_centimes


def retard_centimes(faits: FaitsMenage, au: date, jours: int) -> Centimes:
    """Rend ce qui est en retard sur les comptes dont un bail court, hors plans tenus."""
    return sum(retard_du_compte_centimes(compte, au, jours) for compte in faits.presents)


def prescription(compte: FaitsCompte, mois: int) -> date | None:
    """Rend le dernier jour, au plus tôt, où la plus ancienne somme d'un compte peut être demandée.

    Trois ans après son échéance (loi du 6 juillet 1989, art. 7-1) ; le délai repart du jour où le
    locataire a reconnu devoir (Code civil, art. 2240 : paiement, plan signé), s'il courait encore.
    """
    ancien = compte.situation.date_plus_ancien
    if ancien is None:
        return None
    limite = ajouter_mois(ancien, mois)
    for jour in sorted(compte.reconnaissances):
        if ancien <= jour <= limite:
            limite = max(limite, ajouter_mois(jour, mois))
    return limite


def is_tu_par_la_franchise(faits: FaitsMenage, au: date, jours: int) -> bool:
    """Dit si le ménage doit, et que la franchise seule cache tout ce qu'il doit.

    Les paiements éteignent d'abord les sommes anciennes : qui doit 300,00 € depuis un mois et paie son
    terme entier doit toujours 300,00 €, mais du terme nouveau. La franchise n'est pas alors une raison
    de croire que tout est réglé, ni de changer ce qui était proposé.
    """
    if faits.dette_locative_centimes <= 0:
        return False
    return all(compte.dette_etablie_centimes(au, jours) == 0 for compte in faits.comptes)


def debut_episode(faits: FaitsMenage) -> date | None:
    """Rend l'échéance où le retard d'aujourd'hui a commencé : le plus ancien terme tardif encore dû."""
    ouverts = [terme.echeance for terme in faits.termes_tardifs if terme.paye_le is None]
    return min(ouverts, default=faits.date_plus_ancien)


def mois_tardifs(faits: FaitsMenage, au: date, tolerance_jours: int) -> frozenset[Periode]:
    """Rend les mois d'échéance dont le terme était encore dû `tolerance_jours` après son échéance."""
    tolerance = timedelta(days=tolerance_jours)
    return frozenset(
        periode_de(terme.echeance)
        for terme in faits.termes_tardifs
        if (terme.paye_le or au) - terme.echeance >= tolerance
    )


def mois_tardifs_avant(faits: FaitsMenage, au: date, tolerance_jours: int, nb_mois: int) -> int:
    """Compte les mois tardifs des `nb_mois` mois qui précèdent l'épisode en cours."""
    debut = periode_de(debut_episode(faits) or au)
    return sum(1 for mois in mois_tardifs(faits, au, tolerance_jours) if debut - nb_mois <= mois < debut)


def duree_sans_retard(faits: FaitsMenage, au: date, tolerance_jours: int) -> Quantite | None:
    """Rend la durée sans retard avant l'épisode : « six ans », « 14 mois » ; rien si elle est trop courte.

    Elle part du dernier terme tardif, ou du premier jour observé : on n'affirme rien de ce que les
    livres ne montrent pas.
    """
    debut = debut_episode(faits) or au
    tolerance = timedelta(days=tolerance_jours)
    fins = [
        terme.paye_le
        for terme in faits.termes_tardifs
        if terme.paye_le is not None and terme.echeance < debut and terme.paye_le - terme.echeance >= tolerance
    ]
    depuis = max(fins, default=faits.observe_depuis)
    if depuis is None or depuis >= debut:
        return None
    mois = age_en_mois(depuis, debut)
    if mois >= 24:
        return Quantite(mois // 12, "an", "ans")
    return Quantite(mois, "mois", "mois") if mois >= 2 else None


def croissance_centimes(faits: FaitsMenage) -> Centimes:
    """Rend la hausse de la dette entre la plus ancienne et la plus récente fin de mois connues."""
    if len(faits.dettes_passees) < 2:
        return 0
    dettes = [centimes for _jour, centimes in sorted(faits.dettes_passees)]
    return max(0, dettes[-1] - dettes[0])

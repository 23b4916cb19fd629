"""Les prédicats des règles de proposition : retards, rejets, aides, plans, départs (dès le premier euro).

Chaque prédicat regarde les faits d'un ménage et rend ce qu'il a vu, ou rien. `franchise_jours` laisse
aux paiements le temps de paraître au grand livre ; `tolerance_jours` dit à partir de quand un terme
payé tard compte comme un retard.
"""

from datetime import date, timedelta
from itertools import pairwise

from maintien.coeur.calendrier import Periode, ajouter_mois, fin_de_mois, periode_de
from maintien.coeur.orientation.faits import FaitsCompte, FaitsMenage, Rejet
from maintien.coeur.orientation.motifs_rejet import Conduite, conduite, libelle_du_motif
from maintien.coeur.orientation.registre import FRANCHISE, Constat, Parametres, Sorties, predicat
from maintien.coeur.orientation.retards import (
    SuiviPlan,
    debut_episode,
    duree_sans_retard,
    echeances_du_plan,
    is_plan_tenu,
    mois_tardifs,
    mois_tardifs_avant,
    prescription,
    retard_centimes,
    suivi_du_compte,
)
from maintien.coeur.orientation.textes import Mois, Montant, Quantite, Valeur

_TOLERANCE = {"tolerance_jours": (1, 31)}
_TROIS_TERMES_CENTIEMES = 300


def rejets_recents(faits: FaitsMenage, au: date, jours: int) -> list[Rejet]:
    """Rend les rejets des derniers jours, du plus récent au plus ancien."""
    depuis = au - timedelta(days=jours)
    return sorted(
        (rejet for rejet in faits.rejets if depuis < rejet.jour <= au),
        key=lambda rejet: (rejet.jour, rejet.montant_centimes, rejet.compte),
        reverse=True,
    )


@predicat(
    parametres={"depuis_jours": (1, 120), "compter_sur_jours": (1, 400)},
    sorties={"montant": "montant", "jour": "date", "motif": "texte", "rejets": "quantite"},
    variantes=("defaut", "provision", "coordonnees", "mandat", "refus", "technique"),
)
def rejet_impaye(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Un prélèvement est revenu impayé et son terme reste dû : premier signal, avant toute relance.

    Un rejet rouvre des termes échus au plus tard ce jour-là. Quand tout ce qui est dû est échu depuis,
    le rejet a été réparé : le terme suivant n'en fait pas une alerte. Après un décès, le compte en banque est
    fermé : il n'y a ni relevé ni autre prélèvement à demander.
    """
    if faits.deces_le is not None:
        return None
    plus_anciens = {c.reference: c.situation.date_plus_ancien for c in faits.comptes}
    recents = [
        rejet
        for rejet in rejets_recents(faits, au, p["depuis_jours"])
        if _is_rouvert(rejet, plus_anciens.get(rejet.compte)) and conduite(rejet.motif) is not Conduite.DECES
    ]
    if not recents:
        return None
    dernier = recents[0]
    variante = conduite(dernier.motif)
    nombre = len(rejets_recents(faits, au, p["compter_sur_jours"]))
    return Constat(
        valeurs={
            "montant": Montant(dernier.montant_centimes),
            "jour": dernier.jour,
            "motif": libelle_du_motif(dernier.motif),
            "rejets": Quantite(nombre, "fois", "fois", is_feminin=True),
        },
        variante="defaut" if variante is Conduite.INCONNUE else variante,
        jour_utile=faits.prochaine_echeance,
    )


def _is_rouvert(rejet: Rejet, plus_ancien: date | None) -> bool:
    return plus_ancien is not None and plus_ancien <= rejet.jour


@predicat(
    parametres={"sans_retard_mois": (1, 60)} | _TOLERANCE | FRANCHISE,
    sorties={"montant": "montant", "debut": "date"},
    facultatives={"duree": "quantite", "observe_depuis": "date"},
)
def premier_retard(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Le ménage est en retard, et ne l'était pas dans les mois qui précèdent."""
    retard = retard_centimes(faits, au, p["franchise_jours"])
    debut = debut_episode(faits)
    if retard <= 0 or debut is None:
        return None
    if mois_tardifs_avant(faits, au, p["tolerance_jours"], p["sans_retard_mois"]) > 0:
        return None
    valeurs: dict[str, Valeur] = {"montant": Montant(retard), "debut": debut}
    duree = duree_sans_retard(faits, au, p["tolerance_jours"])
    if duree is not None:
        valeurs["duree"] = duree
    if faits.observe_depuis is not None and faits.observe_depuis < debut:
        valeurs["observe_depuis"] = faits.observe_depuis
    return Constat(valeurs, jour_utile=faits.prochaine_echeance)


@predicat(
    parametres={"sur_mois": (2, 60), "nombre_min": (1, 60)} | _TOLERANCE | FRANCHISE,
    sorties={"montant": "montant", "debut": "date", "mois_tardifs": "quantite", "premier_mois": "mois"},
)
def retards_repetes(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Le ménage est en retard, et l'a été plusieurs mois depuis le début de la période, épisode compris.

    La période part de l'épisode en cours et non d'aujourd'hui : avec la même durée, un ménage en retard
    relève toujours du premier retard ou des retards répétés.
    """
    retard = retard_centimes(faits, au, p["franchise_jours"])
    debut = debut_episode(faits)
    if retard <= 0 or debut is None:
        return None
    depuis = periode_de(debut) - p["sur_mois"]
    tardifs = {m for m in mois_tardifs(faits, au, p["tolerance_jours"]) if m >= depuis} | {periode_de(debut)}
    if len(tardifs) < p["nombre_min"]:
        return None
    return Constat(
        {
            "montant": Montant(retard),
            "debut": debut,
            "mois_tardifs": Quantite(len(tardifs), "mois", "mois"),
            "premier_mois": Mois(min(tardifs)),
        },
        jour_utile=faits.prochaine_echeance,
    )


@predicat(
    parametres={"fins_de_mois": (2, 6), "part_du_terme_centiemes": (1, 300)} | FRANCHISE,
    sorties={"avant": "montant", "jour_avant": "date", "apres": "montant", "jour_apres": "date", "hausse": "montant"},
)
def dette_croissante(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """La dette monte d'une fin de mois à l'autre, d'une part au moins du terme moyen, et n'a pas reculé depuis.

    On compare des fins de mois entre elles : comparer un jour d'échéance à une veille d'échéance ferait
    monter toutes les dettes.
    """
    passees = sorted(faits.dettes_passees)[-p["fins_de_mois"] :]
    terme = faits.terme_moyen_centimes
    if len(passees) < p["fins_de_mois"] or terme is None or retard_centimes(faits, au, p["franchise_jours"]) <= 0:
        return None
    montants = [centimes for _jour, centimes in passees]
    monte = all(avant < apres for avant, apres in pairwise(montants))
    hausse = montants[-1] - montants[0]
    if not monte or faits.dette_locative_centimes < montants[-1]:
        return None
    if hausse * 100 < p["part_du_terme_centiemes"] * terme:
        return None
    return Constat(
        {
            "avant": Montant(montants[0]),
            "jour_avant": passees[0][0],
            "apres": Montant(montants[-1]),
            "jour_apres": passees[-1][0],
            "hausse": Montant(hausse),
        },
        jour_utile=faits.prochaine_echeance,
    )


@predicat(
    parametres={"de_centiemes": (1, 299)} | FRANCHISE,
    sorties={"montant": "montant", "mois": "texte"},
    facultatives={"jour_trois_mois": "date", "trois_termes": "montant"},
)
def trois_mois_proches(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """La dette approche trois termes moyens nets (conventions, C8) : le seuil du « plus de trois mois »."""
    mois, terme = faits.mois_de_dette_centiemes, faits.terme_moyen_centimes
    if mois is None or terme is None or not p["de_centiemes"] <= mois < _TROIS_TERMES_CENTIEMES:
        return None
    if retard_centimes(faits, au, p["franchise_jours"]) <= 0:
        return None
    dette = sum(compte.situation.dette_locative_centimes for compte in faits.presents)
    valeurs: dict[str, Valeur] = {
        "montant": Montant(dette),
        "mois": en_mois(mois),
        "trois_termes": Montant(3 * terme),
    }
    jour = _jour_des_trois_termes(faits, dette, 3 * terme)
    if jour is not None:
        valeurs["jour_trois_mois"] = jour
    return Constat(valeurs, jour_utile=jour)


def _jour_des_trois_termes(faits: FaitsMenage, dette: int, seuil: int) -> date | None:
    """Rend l'échéance où la dette atteindrait le seuil si rien n'est payé."""
    jour, terme = faits.prochaine_echeance, faits.prochain_terme_centimes
    if jour is None or terme is None:
        return None
    manquants = -(-(seuil - dette) // terme)
    return ajouter_mois(jour, max(1, manquants) - 1)


def en_mois(centiemes: int) -> str:
    """Rend « 2,4 mois », arrondi vers le bas : on n'annonce jamais un seuil avant qu'il soit atteint."""
    entier, dixieme = centiemes // 100, centiemes % 100 // 10
    return f"{entier},{dixieme}\u00a0mois" if dixieme else f"{entier}\u00a0mois"


@predicat(
    parametres={"mois_reguliers": (1, 5), "marge_jours": (0, 31), "absente_mois_max": (1, 6)},
    sorties={"mois": "mois", "montant": "montant", "dernier_mois": "mois"},
    facultatives={"echeance": "date"},
)
def aide_interrompue(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """L'APL du mois manque alors qu'elle arrivait chaque mois : à voir avant que le loyer ne manque à son tour.

    L'aide d'un mois est versée au bailleur le 25 de ce mois ; elle manque quand le mois est fini.
    """
    for compte in faits.presents:
        trou = _mois_sans_aide(compte, au, p)
        if trou is not None:
            dernier, montant = trou
            valeurs: dict[str, Valeur] = {
                "mois": Mois(dernier + 1),
                "montant": Montant(montant),
                "dernier_mois": Mois(dernier),
            }
            if compte.prochaine_echeance is not None:
                valeurs["echeance"] = compte.prochaine_echeance
            return Constat(valeurs, jour_utile=compte.prochaine_echeance)
    return None


def _mois_sans_aide(compte: FaitsCompte, au: date, p: Parametres) -> tuple[Periode, int] | None:
    """Rend le dernier mois reçu et son montant, si l'aide était régulière et que le mois suivant manque."""
    recus = {mois: centimes for mois, centimes in compte.apl_recue if centimes > 0}
    attendu = periode_de(au)
    while fin_de_mois(attendu) + timedelta(days=p["marge_jours"]) > au:
        attendu -= 1
    dernier = max((mois for mois in recus if mois <= attendu), default=None)
    if dernier is None or dernier == attendu or attendu - dernier > p["absente_mois_max"]:
        return None
    reguliers = all(mois in recus for mois in range(dernier - p["mois_reguliers"] + 1, dernier + 1))
    return (dernier, recus[dernier]) if reguliers else None


def _valeurs_du_plan(suivi: SuiviPlan, numero: int, nombre: int, jour: date, montant: int) -> dict[str, Valeur]:
    return {
        "montant": Montant(montant),
        "jour": jour,
        "numero": f"{numero} sur {nombre}",
        "reste": Montant(suivi.reste_centimes),
        "ecart": Montant(suivi.ecart_centimes),
    }


_SORTIES_PLAN: Sorties = {
    "montant": "montant",
    "jour": "date",
    "numero": "texte",
    "reste": "montant",
    "ecart": "montant",
}


@predicat(parametres=FRANCHISE, sorties=_SORTIES_PLAN)
def echeance_plan_manquee(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Une échéance du plan est passée et la dette dépasse ce que le plan laissait à payer."""
    for compte in faits.comptes:
        suivi = suivi_du_compte(compte, au, p["franchise_jours"])
        if suivi is None or compte.plan is None or suivi.derniere is None or suivi.ecart_centimes <= 0:
            continue
        echeance = suivi.derniere
        nombre = len(echeances_du_plan(compte.plan))
        valeurs = _valeurs_du_plan(suivi, echeance.numero, nombre, echeance.jour, echeance.montant_centimes)
        return Constat(valeurs, jour_utile=suivi.prochaine.jour if suivi.prochaine else None)
    return None


@predicat(parametres={"sous_jours": (0, 31)} | FRANCHISE, sorties=_SORTIES_PLAN)
def echeance_plan_proche(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Une échéance d'un plan tenu jusqu'ici tombe dans quelques jours."""
    fin = au + timedelta(days=p["sous_jours"])
    for compte in faits.comptes:
        suivi = suivi_du_compte(compte, au, p["franchise_jours"])
        if suivi is None or compte.plan is None or suivi.prochaine is None or suivi.ecart_centimes > 0:
            continue
        echeance = suivi.prochaine
        if compte.situation.dette_locative_centimes <= 0 or echeance.jour > fin:
            continue
        nombre = len(echeances_du_plan(compte.plan))
        valeurs = _valeurs_du_plan(suivi, echeance.numero, nombre, echeance.jour, echeance.montant_centimes)
        return Constat(valeurs, jour_utile=echeance.jour)
    return None


@predicat(
    parametres={"seuil_centimes": (1, 100_000), "sorti_depuis_mois_max": (1, 120), "prescription_mois": (1, 360)}
    | FRANCHISE,
    sorties={"montant": "montant", "sortie": "date"},
    facultatives={"prescription": "date", "prescrite_depuis": "date"},
    variantes=("defaut", "encore_locataire", "peut_etre_prescrite"),
)
def sorti_avec_dette(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Le bail est fini et il reste dû : après le départ, le lien se perd vite et l'adresse aussi."""
    restes = [
        compte
        for compte in faits.partis
        if compte.date_sortie is not None
        and compte.situation.dette_exigible_centimes >= p["seuil_centimes"]
        and ajouter_mois(compte.date_sortie, p["sorti_depuis_mois_max"]) > au
        and not is_plan_tenu(compte, au, p["franchise_jours"])
    ]
    if not restes:
        return None
    dette = sum(compte.situation.dette_exigible_centimes for compte in restes)
    sortie = max(compte.date_sortie for compte in restes if compte.date_sortie is not None)
    valeurs: dict[str, Valeur] = {"montant": Montant(dette), "sortie": sortie}
    prescriptions = [prescription(compte, p["prescription_mois"]) for compte in restes]
    a_venir = [jour for jour in prescriptions if jour is not None and jour >= au]
    passees = [jour for jour in prescriptions if jour is not None and jour < au]
    if a_venir:
        valeurs["prescription"] = min(a_venir)
    variante = "encore_locataire" if faits.presents else "defaut"
    if passees:
        variante = "peut_etre_prescrite"
        valeurs["prescrite_depuis"] = min(passees)
    return Constat(valeurs, variante=variante, jour_utile=min(a_venir, default=None))


@predicat(
    sorties={"ouvert": "date"},
    facultatives={"paiement": "montant", "jour_paiement": "date", "avance": "montant"},
)
def compte_a_jour(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Un dossier est ouvert et plus rien n'est dû : remercier, dire que c'est réglé, et clore.

    Rien n'est dû sur aucun compte, pas même un terme échu de la veille : la franchise, qui attend un
    paiement, n'est pas une raison de dire à quelqu'un que tout est réglé.
    """
    if faits.dossier is None or faits.exigible_depuis_centimes > 0:
        return None
    if any(compte.situation.dette_exigible_centimes > 0 for compte in faits.comptes):
        return None
    valeurs: dict[str, Valeur] = {"ouvert": faits.dossier.ouvert_le}
    if faits.dernier_paiement is not None:
        valeurs["jour_paiement"] = faits.dernier_paiement[0]
        valeurs["paiement"] = Montant(faits.dernier_paiement[1])
    if faits.avance_centimes > 0:
        valeurs["avance"] = Montant(faits.avance_centimes)
    return Constat(valeurs)

"""Les prédicats des règles de dossier et ceux du contexte, qui ajoutent un fait à toute proposition."""

from datetime import date, timedelta

from maintien.coeur.calendrier import ajouter_mois, periode_de
from maintien.coeur.orientation.conditions import en_mois, rejets_recents
from maintien.coeur.orientation.faits import FaitsMenage
from maintien.coeur.orientation.motifs_rejet import Conduite, conduite, libelle_du_motif
from maintien.coeur.orientation.registre import FRANCHISE, Constat, Parametres, predicat
from maintien.coeur.orientation.retards import is_plan_tenu, mois_tardifs, retard_centimes, suivi_du_compte
from maintien.coeur.orientation.textes import Montant, Quantite, Valeur

_MOIS_OBSERVES = 12
_TECHNIQUES = frozenset({Conduite.COORDONNEES, Conduite.MANDAT, Conduite.TECHNIQUE})


@predicat(
    parametres={"seuil_centimes": (1, 100_000)} | FRANCHISE,
    sorties={"montant": "montant"},
    facultatives={"depuis_le": "date"},
)
def retard_etabli(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Un compte dont le bail court doit au moins le seuil, échu depuis au moins la franchise."""
    retard = retard_centimes(faits, au, p["franchise_jours"])
    if retard < p["seuil_centimes"]:
        return None
    valeurs: dict[str, Valeur] = {"montant": Montant(retard)}
    if faits.date_plus_ancien is not None:
        valeurs["depuis_le"] = faits.date_plus_ancien
    return Constat(valeurs)


@predicat(
    parametres={"centiemes_min": (1, 10_000), "constitue_depuis_jours": (0, 60)},
    sorties={"montant": "montant"},
    facultatives={"mois": "texte", "constitue": "date"},
)
def dette_lourde(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """La dette atteint plusieurs termes moyens, ou un impayé au sens de l'APL est constitué et dure.

    En 2027 un terme net de plus de 450 € constitue l'impayé le soir de son échéance, jusqu'au paiement
    du lendemain : sans durée, le niveau du dossier changerait chaque mois.
    """
    mois = faits.mois_de_dette_centiemes
    dates = [c.situation.date_impaye_apl_legal for c in faits.presents]
    limite = au - timedelta(days=p["constitue_depuis_jours"])
    constitue = min((jour for jour in dates if jour is not None and jour <= limite), default=None)
    if (mois is None or mois < p["centiemes_min"]) and constitue is None:
        return None
    valeurs: dict[str, Valeur] = {"montant": Montant(faits.dette_locative_centimes)}
    if mois is not None:
        valeurs["mois"] = en_mois(mois)
    if constitue is not None:
        valeurs["constitue"] = constitue
    return Constat(valeurs)


@predicat(parametres={"centiemes_max": (0, 10_000)}, sorties={"montant": "montant"})
def dette_legere(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """La dette est redescendue sous une part du terme moyen, et aucun impayé au sens de l'APL n'est constitué."""
    mois = faits.mois_de_dette_centiemes
    if mois is None or mois > p["centiemes_max"] or any(c.situation.impaye_apl_legal for c in faits.comptes):
        return None
    return Constat({"montant": Montant(faits.dette_locative_centimes)})


@predicat()
def menage_a_proteger(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Une personne du ménage ne doit jamais être jointe sans vérification."""
    return Constat() if faits.contact_restreint else None


@predicat(
    parametres={"depuis_jours": (1, 120)},
    sorties={"jour": "date", "motif": "texte", "montant": "montant"},
)
def cause_technique(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Tous les rejets récents tiennent au compte bancaire ou au mandat, et la cause n'est pas encore connue."""
    if faits.dossier is None or faits.dossier.cause != "inconnue":
        return None
    recents = rejets_recents(faits, au, p["depuis_jours"])
    if not recents or any(conduite(rejet.motif) not in _TECHNIQUES for rejet in recents):
        return None
    dernier = recents[0]
    return Constat(
        {
            "jour": dernier.jour,
            "motif": libelle_du_motif(dernier.motif),
            "montant": Montant(dernier.montant_centimes),
        }
    )


@predicat(
    parametres={"calme_jours": (1, 366), "seuil_centimes": (1, 100_000)} | FRANCHISE,
    sorties={"depuis_le": "date", "calme": "quantite"},
)
def retour_au_calme(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Plus rien n'est dû, depuis assez longtemps pour qu'une échéance entière soit passée à l'heure.

    C'est ce délai qui empêche un dossier de s'ouvrir et de se fermer chaque mois.
    """
    if faits.dossier is None or not _is_regle(faits, au, p["seuil_centimes"], p["franchise_jours"]):
        return None
    depuis = max(
        [faits.dossier.ouvert_le]
        + [terme.paye_le for terme in faits.termes_tardifs if terme.paye_le is not None]
        + [rejet.jour for rejet in faits.rejets]
    )
    if depuis + timedelta(days=p["calme_jours"]) > au:
        return None
    return Constat({"depuis_le": depuis, "calme": Quantite(p["calme_jours"], "jour", "jours")})


@predicat(
    parametres={"seuil_centimes": (1, 100_000), "mois_tardifs_max": (0, 12), "tolerance_jours": (1, 31)} | FRANCHISE,
    sorties={"remercie_le": "date"},
)
def remercie(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Le ménage a été remercié, plus rien n'est dû, et le retard n'était pas une habitude.

    Sans cette dernière condition, qui paie toujours le 20 aurait un dossier par mois.
    """
    if faits.remercie_le is None or not _is_regle(faits, au, p["seuil_centimes"], p["franchise_jours"]):
        return None
    depuis = periode_de(au) - _MOIS_OBSERVES
    tardifs = [mois for mois in mois_tardifs(faits, au, p["tolerance_jours"]) if mois > depuis]
    return Constat({"remercie_le": faits.remercie_le}) if len(tardifs) <= p["mois_tardifs_max"] else None


def _is_regle(faits: FaitsMenage, au: date, seuil_centimes: int, jours: int) -> bool:
    """Dit si le ménage ne doit plus rien, n'est ni en pause ni sous un plan en cours.

    Un terme de la veille, que la franchise excuserait, suffit à attendre. Le seuil laisse passer un
    reste de quelques centimes.
    """
    if faits.pause is not None and faits.pause.couvre(au):
        return False
    if faits.exigible_depuis_centimes >= seuil_centimes:
        return False
    for compte in faits.comptes:
        suivi = suivi_du_compte(compte, au, jours)
        if suivi is not None and suivi.reste_centimes > 0 and compte.situation.dette_locative_centimes > 0:
            return False
        if compte.situation.dette_exigible_centimes >= seuil_centimes:
            return False
    return True


@predicat(parametres={"depuis_jours": (1, 400)}, sorties={"paiement": "montant", "jour": "date"})
def dernier_paiement(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Le ménage a payé récemment."""
    if faits.dernier_paiement is None or faits.dernier_paiement[0] + timedelta(days=p["depuis_jours"]) < au:
        return None
    jour, montant = faits.dernier_paiement
    return Constat({"paiement": Montant(montant), "jour": jour})


@predicat(
    parametres={"au_moins_jours": (1, 400)},
    sorties={},
    facultatives={"jour": "date", "paiement": "montant"},
)
def sans_paiement(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Aucun paiement du ménage depuis longtemps alors qu'il doit."""
    if faits.dette_locative_centimes <= 0:
        return None
    if faits.dernier_paiement is None:
        return Constat()
    jour, montant = faits.dernier_paiement
    if jour + timedelta(days=p["au_moins_jours"]) > au:
        return None
    return Constat({"jour": jour, "paiement": Montant(montant)})


@predicat(
    parametres={"depuis_jours": (1, 400)},
    sorties={"jour": "date", "echange": "texte"},
    facultatives={"issue": "texte"},
)
def dernier_echange(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Un échange récent est noté."""
    echange = faits.dernier_echange
    if echange is None or echange.jour + timedelta(days=p["depuis_jours"]) < au:
        return None
    valeurs: dict[str, Valeur] = {"jour": echange.jour, "echange": echange.genre}
    if echange.issue:
        valeurs["issue"] = echange.issue
    return Constat(valeurs)


@predicat(parametres=FRANCHISE, sorties={"reste": "montant", "signature": "date"})
def plan_tenu(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Un plan d'apurement est en cours et tenu, et il reste à payer."""
    for compte in faits.comptes:
        suivi = suivi_du_compte(compte, au, p["franchise_jours"])
        if suivi is None or compte.plan is None or compte.situation.dette_locative_centimes <= 0:
            continue
        if is_plan_tenu(compte, au, p["franchise_jours"]):
            return Constat({"reste": Montant(suivi.reste_centimes), "signature": compte.plan.date_signature})
    return None


@predicat(sorties={"cause": "texte"}, facultatives={"cause_le": "date"})
def cause_connue(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """La cause du retard est connue."""
    if faits.dossier is None or faits.dossier.cause == "inconnue":
        return None
    valeurs: dict[str, Valeur] = {"cause": faits.dossier.cause}
    if faits.dossier.cause_le is not None:
        valeurs["cause_le"] = faits.dossier.cause_le
    return Constat(valeurs)


@predicat(sorties={"mesure": "texte"}, variantes=("defaut", "curatelle", "tutelle", "habilitation"))
def mesure_de_protection(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Un titulaire est sous curatelle, sous tutelle, ou représenté par habilitation familiale."""
    if faits.protection == "aucune":
        return None
    return Constat({"mesure": faits.protection}, variante=faits.protection)


@predicat(sorties={"deces_le": "date"}, variantes=("defaut", "survivant"))
def deces_connu(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Un titulaire est décédé."""
    if faits.deces_le is None:
        return None
    return Constat({"deces_le": faits.deces_le}, variante="survivant" if faits.has_survivant else "defaut")


@predicat(parametres={"sous_mois": (1, 12)}, sorties={"sortie": "date"})
def conge_recu(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """Un départ est annoncé : après lui, presque plus rien ne s'arrange."""
    sorties = [c.date_sortie for c in faits.presents if c.date_sortie is not None and c.date_sortie > au]
    proches = [jour for jour in sorties if jour <= ajouter_mois(au, p["sous_mois"])]
    return Constat({"sortie": min(proches)}) if proches else None

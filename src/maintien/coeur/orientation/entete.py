"""La phrase d'en-tête d'un dossier : la situation d'un ménage en mots, faite de faits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from maintien.coeur.calendrier import periode_de
from maintien.coeur.montants import Centimes, format_euros
from maintien.coeur.orientation.faits import Echange, FaitsMenage, Pause, Rejet
from maintien.coeur.orientation.motifs_rejet import libelle_du_motif
from maintien.coeur.orientation.retards import duree_sans_retard, mois_tardifs, mois_tardifs_avant
from maintien.coeur.orientation.textes import Quantite, jour_bref, nombre_en_lettres, texte_valeur

_REJETS_SUR_JOURS = 90
_TOLERANCE_JOURS = 10
_MOIS_OBSERVES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FaitsEntete:
    """Les faits de la phrase d'en-tête.

    Les sommes sont celles de la page du compte, sans compensation : `retard_centimes` est la dette
    exigible, frais compris ; `a_venir_centimes` ce qui est appelé sans être échu ; `avance_centimes` ce
    que le ménage a payé d'avance ; `excedent_apl_centimes` l'aide qui dépasse les termes de son mois.
    `sans_retard` : la durée sans retard avant celui-ci, s'il est le premier. `mois_tardifs` : les mois
    payés tard ou non payés des douze derniers.
    """

    locataire: str
    au: date
    retard_centimes: Centimes
    a_venir_centimes: Centimes = 0
    avance_centimes: Centimes = 0
    excedent_apl_centimes: Centimes = 0
    depuis: date | None = None
    is_premier_retard: bool = False
    sans_retard: Quantite | None = None
    mois_tardifs: int = 0
    rejets: tuple[Rejet, ...] = ()
    protection: str = "aucune"
    mandataire: str = ""
    libres: str = ""
    deces_le: date | None = None
    pause: Pause | None = None
    dernier_echange: Echange | None = None


def faits_entete(faits: FaitsMenage, au: date) -> FaitsEntete:
    """Rend les faits de l'en-tête tirés de ceux des règles."""
    avant = mois_tardifs_avant(faits, au, _TOLERANCE_JOURS, _MOIS_OBSERVES)
    return FaitsEntete(
        locataire=faits.locataire,
        au=au,
        retard_centimes=faits.dette_exigible_centimes,
        a_venir_centimes=sum(max(0, compte.situation.non_echu_centimes) for compte in faits.comptes),
        avance_centimes=faits.avance_centimes,
        excedent_apl_centimes=sum(compte.situation.excedent_apl_centimes for compte in faits.comptes),
        depuis=faits.date_plus_ancien,
        is_premier_retard=avant == 0,
        sans_retard=duree_sans_retard(faits, au, _TOLERANCE_JOURS),
        mois_tardifs=_tardifs_de_l_annee(faits, au) if avant else 0,
        rejets=faits.rejets,
        protection=faits.protection,
        mandataire=faits.mandataire,
        libres=faits.libres,
        deces_le=faits.deces_le,
        pause=faits.pause,
        dernier_echange=faits.dernier_echange,
    )


def _tardifs_de_l_annee(faits: FaitsMenage, au: date) -> int:
    premier = periode_de(au) - _MOIS_OBSERVES + 1
    return sum(1 for mois in mois_tardifs(faits, au, _TOLERANCE_JOURS) if mois >= premier)


def phrase_entete(faits: FaitsEntete) -> str:
    """Rend la situation en mots : ce qui est dû, depuis quand, ce qu'on sait, le dernier échange."""
    morceaux = [_argent(faits)]
    if faits.retard_centimes > 0:
        morceaux.append(_passe(faits))
        morceaux.append(_rejets(faits.rejets, faits.au))
    morceaux.extend([_protection(faits), _pause(faits), _echange(faits)])
    return " ".join(morceau for morceau in morceaux if morceau)


def _argent(faits: FaitsEntete) -> str:
    nom = f"{faits.locataire or 'Ménage'}\u00a0: "
    if faits.retard_centimes <= 0:
        autres = [
            f"{format_euros(centimes)} {nature}"
            for centimes, nature in (
                (faits.a_venir_centimes, "à venir"),
                (faits.avance_centimes, "d’avance"),
                (faits.excedent_apl_centimes, "d’APL en excédent"),
            )
            if centimes > 0
        ]
        return f"{nom}rien en retard, {', '.join(autres)}." if autres else f"{nom}rien n’est dû."
    depuis = f" depuis le {jour_bref(faits.depuis, faits.au)}" if faits.depuis is not None else ""
    retard = format_euros(faits.retard_centimes)
    if faits.a_venir_centimes > 0:
        du = format_euros(faits.retard_centimes + faits.a_venir_centimes)
        return f"{nom}{du} dus, dont {retard} en retard{depuis}."
    return f"{nom}{retard} dus et en retard{depuis}."


def _passe(faits: FaitsEntete) -> str:
    if faits.is_premier_retard:
        return f"Premier retard en {texte_valeur(faits.sans_retard)}." if faits.sans_retard else "Premier retard."
    if faits.mois_tardifs >= 2:
        return f"{nombre_en_lettres(faits.mois_tardifs).capitalize()} mois payés tard ou non payés en un an."
    return ""


def _rejets(rejets: Iterable[Rejet], au: date) -> str:
    recents = [rejet for rejet in rejets if au - timedelta(days=_REJETS_SUR_JOURS) < rejet.jour <= au]
    if not recents:
        return ""
    motifs = dict.fromkeys(libelle_du_motif(rejet.motif) for rejet in sorted(recents, key=lambda r: r.jour))
    fois = nombre_en_lettres(len(recents), is_feminin=True)
    return f"Prélèvement rejeté {fois} fois ({', '.join(motifs)})."


def _protection(faits: FaitsEntete) -> str:
    if faits.deces_le is not None:
        return f"Décès d’un titulaire le {jour_bref(faits.deces_le, faits.au)}."
    mandataire = f" ({faits.mandataire})" if faits.mandataire else ""
    aussi = f" et à {faits.libres}" if faits.libres else ""
    if faits.protection == "tutelle":
        return f"Tutelle\u00a0: on écrit au tuteur{mandataire}{aussi}."
    if faits.protection == "habilitation":
        return f"Habilitation familiale\u00a0: on écrit à la personne habilitée{mandataire}{aussi}."
    if faits.protection == "curatelle":
        return f"Curatelle\u00a0: on écrit aussi au curateur{mandataire}."
    return ""


def _pause(faits: FaitsEntete) -> str:
    if faits.pause is None or not faits.pause.couvre(faits.au):
        return ""
    return f"En pause jusqu’au {jour_bref(faits.pause.au, faits.au)} ({faits.pause.motif})."


def _echange(faits: FaitsEntete) -> str:
    echange = faits.dernier_echange
    if echange is None:
        return ""
    issue = f", {echange.issue}" if echange.issue else ""
    return f"Dernier échange\u00a0: {echange.genre} du {jour_bref(echange.jour, faits.au)}{issue}."

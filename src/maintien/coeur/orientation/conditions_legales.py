"""Les prédicats de l'impayé au sens de l'APL : constitué, ou sur le point de l'être (conventions, C10)."""

from datetime import date, timedelta

from maintien.coeur.compte.impaye import definition_en_vigueur, echeance_signalement
from maintien.coeur.orientation.faits import FaitsCompte, FaitsMenage
from maintien.coeur.orientation.registre import FRANCHISE, Constat, Parametres, predicat
from maintien.coeur.orientation.seuils import impaye_prevu
from maintien.coeur.orientation.textes import Montant, Valeur


@predicat(
    parametres={"depuis_jours": (0, 60), "apres_constat_jours": (1, 62)},
    sorties={
        "jour": "date",
        "constate": "date",
        "signalement": "date",
        "limite": "date",
        "montant": "montant",
        "definition": "texte",
        "compte": "texte",
    },
    variantes=("defaut", "constate_tard"),
)
def impaye_legal_constitue(faits: FaitsMenage, au: date, p: Parametres) -> tuple[Constat, ...]:
    """L'impayé au sens de l'APL est constitué : à signaler à l'organisme payeur sous deux mois (CCH, R. 824-4).

    Un constat par compte : deux impayés d'un ménage ont chacun leur date, et signaler l'un ne signale pas
    l'autre. Seul le bailleur qui reçoit l'aide doit signaler ; quand elle est versée au locataire, c'est
    l'organisme payeur qui propose le versement direct (CCH, R. 824-20 à R. 824-22).
    Le délai du bailleur n'est jamais dit manqué avant que les livres aient montré l'impayé (C10) : quand
    ils l'ont montré après l'échéance, `limite` court à partir de ce constat, et aucun texte ne la fixe.
    """
    redevables = [compte for compte in faits.presents if not compte.aide_au_locataire]
    vus = [constat for compte in redevables if (constat := _a_signaler(compte, au, p)) is not None]
    return tuple(sorted(vus, key=lambda constat: (constat.valeurs["jour"], constat.compte)))


def _a_signaler(compte: FaitsCompte, au: date, p: Parametres) -> Constat | None:
    constitue = compte.situation.date_impaye_apl_legal
    if constitue is None or compte.signale_pour == constitue or constitue + timedelta(days=p["depuis_jours"]) > au:
        return None
    constate = max(compte.constate_le or au, constitue)
    signalement = echeance_signalement(constitue)
    is_tard = signalement <= constate
    limite = constate + timedelta(days=p["apres_constat_jours"]) if is_tard else signalement
    return Constat(
        {
            "jour": constitue,
            "constate": constate,
            "signalement": signalement,
            "limite": limite,
            "montant": Montant(compte.situation.dette_locative_centimes),
            "definition": definition_en_vigueur(constitue).resume,
            "compte": compte.reference,
        },
        variante="constate_tard" if is_tard else "defaut",
        # Passé l'échéance de la loi, plus rien ne presse d'elle : le contact avec le ménage va devant.
        jour_utile=None if is_tard else signalement,
        compte=compte.reference,
        echeance_legale=None if is_tard else signalement,
    )


@predicat(
    parametres={"horizon_jours": (1, 92)} | FRANCHISE,
    sorties={
        "jour": "date",
        "signalement": "date",
        "montant": "montant",
        "prevue": "montant",
        "suffisant": "montant",
        "definition": "texte",
        "compte": "texte",
    },
    facultatives={"seuil": "montant", "ensuite": "date"},
    variantes=("defaut", "seuil", "montant", "duree"),
)
def impaye_legal_proche(faits: FaitsMenage, au: date, p: Parametres) -> Constat | None:
    """L'impayé au sens de l'APL serait constitué bientôt si rien n'est payé : il est encore temps de l'éviter."""
    prevus = []
    for compte in faits.presents:
        prevu = impaye_prevu(compte, au, p["horizon_jours"])
        if prevu is not None and compte.dette_etablie_centimes(au, p["franchise_jours"]) > 0:
            prevus.append((prevu.jour, compte.reference, compte, prevu))
    if not prevus:
        return None
    _jour, reference, compte, prevu = min(prevus, key=lambda trouve: trouve[:2])
    valeurs: dict[str, Valeur] = {
        "jour": prevu.jour,
        "signalement": echeance_signalement(prevu.jour),
        "montant": Montant(compte.situation.dette_locative_centimes),
        "prevue": Montant(prevu.dette_prevue_centimes),
        "suffisant": Montant(prevu.suffisant_centimes),
        "definition": prevu.definition.resume,
        "compte": reference,
    }
    if prevu.seuil_centimes is not None:
        valeurs["seuil"] = Montant(prevu.seuil_centimes)
    if prevu.ensuite is not None:
        valeurs["ensuite"] = prevu.ensuite
    return Constat(valeurs, variante=prevu.voie, jour_utile=prevu.jour)

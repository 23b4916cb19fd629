"""« Expliquer ce solde » : le compte en phrases simples, à lire au locataire au téléphone."""

from collections.abc import Sequence
from itertools import groupby

from maintien.coeur.calendrier import age_en_mois, format_de_mois, format_jour, format_mois
from maintien.coeur.compte.imputation import Affectation, Imputation
from maintien.coeur.compte.libelles import nommer_poste
from maintien.coeur.compte.postes import Nature, Poste
from maintien.coeur.compte.presence import StatutCompte
from maintien.coeur.compte.situation import Situation
from maintien.coeur.montants import format_euros

_DETAIL_MAXIMAL = 4
_MOIS_DE_MEMOIRE = 3


def expliquer_solde(compte: Imputation, situation: Situation) -> tuple[str, ...]:
    """Rend les phrases qui expliquent le solde, de l'essentiel au détail, sans mot de comptable.

    `situation` est celle de ce compte (`situation_imputee`). Chaque somme citée est un chiffre de C7 ou
    le reste d'un poste : rien n'est recalculé ici.
    """
    phrases = (
        _ce_qui_est_du(situation),
        _detail_des_termes(compte),
        _detail_des_autres(compte),
        _dernier_rejet(compte),
        _dernier_paiement(compte),
        _prochaine_echeance(compte),
        _avance(situation),
        _excedent(situation),
        _depot(situation),
        _solde_comptable(situation),
    )
    return tuple(phrase for phrase in phrases if phrase)


def _ce_qui_est_du(situation: Situation) -> str:
    jour = format_jour(situation.au)
    if situation.dette_exigible_centimes == 0:
        return f"Au {jour}, vous n'avez aucun retard."
    return f"Au {jour}, il reste {format_euros(situation.dette_exigible_centimes)} à payer."


def _restants(compte: Imputation, nature: Nature) -> list[Poste]:
    return [p for p in compte.postes_exigibles() if p.nature is nature and p.reste_centimes]


def _detail_des_termes(compte: Imputation) -> str:
    termes = sorted(_restants(compte, Nature.TERME), key=lambda terme: (terme.mois or 0, terme.date_exigibilite))
    if not termes:
        return ""
    par_mois = [list(groupe) for _, groupe in groupby(termes, key=lambda terme: terme.mois)]
    morceaux = [_morceau(groupe) for groupe in par_mois]
    if len(morceaux) <= _DETAIL_MAXIMAL:
        return f"Pour le loyer et les charges : {_enumerer(morceaux, ' ; ')}."
    total = format_euros(sum(terme.reste_centimes for terme in termes))
    premier, dernier = format_de_mois(par_mois[0][0].mois or 0), format_mois(par_mois[-1][0].mois or 0)
    return (
        f"Pour le loyer et les charges, {len(par_mois)} mois ne sont pas entièrement payés,"
        f" {premier} à {dernier} : {total} en tout. Le plus ancien : {morceaux[0]}."
    )


def _morceau(termes: Sequence[Poste]) -> str:
    """Dit ce qui manque sur un mois : tout le mois, ou une partie."""
    reste = sum(terme.reste_centimes for terme in termes)
    tout = reste == sum(terme.montant_centimes for terme in termes)
    mois = format_mois(termes[0].mois or 0)
    depuis = format_jour(min(terme.date_exigibilite for terme in termes))
    quoi = f"{mois} en entier, {format_euros(reste)}" if tout else f"{format_euros(reste)} sur {mois}"
    return f"{quoi} (à payer depuis le {depuis})"


def _enumerer(morceaux: Sequence[str], separateur: str = ", ") -> str:
    if len(morceaux) == 1:
        return morceaux[0]
    liaison = " et " if separateur == ", " else f"{separateur}et "
    return f"{separateur.join(morceaux[:-1])}{liaison}{morceaux[-1]}"


def _detail_des_autres(compte: Imputation) -> str:
    autres = _restants(compte, Nature.AUTRE) + _restants(compte, Nature.ACCESSOIRE)
    if not autres:
        return ""
    if len(autres) <= _DETAIL_MAXIMAL:
        morceaux = [f"{nommer_poste(poste)}, {format_euros(poste.reste_centimes)}" for poste in autres]
        return f"Hors loyer et charges : {_enumerer(morceaux, ' ; ')}."
    total = format_euros(sum(poste.reste_centimes for poste in autres))
    return f"Hors loyer et charges, {len(autres)} autres sommes (réparations, frais, rejets) : {total} en tout."


def _dernier_rejet(compte: Imputation) -> str:
    """Rappelle un paiement rejeté depuis peu : le mois qu'il payait est redevenu dû, avec sa première échéance."""
    rejets = [
        a
        for a in compte.annulations
        if a.annulante.code == "REJ" and age_en_mois(a.annulante.date_comptable, compte.au) < _MOIS_DE_MEMOIRE
    ]
    if not rejets:
        return ""
    dernier = max(rejets, key=lambda a: (a.annulante.date_comptable, a.annulante.reference))
    return (
        f"Le paiement de {format_euros(-dernier.annulee.montant_centimes)} du"
        f" {format_jour(dernier.annulee.effet(compte.au))} a été rejeté par la banque le"
        f" {format_jour(dernier.annulante.date_comptable)} : il ne compte pas."
    )


def _dernier_paiement(compte: Imputation) -> str:
    """Dit ce que le dernier paiement a payé ; le reste, s'il y en a, est encore en avance."""
    paiements = [credit for credit in compte.credits if credit.code == "PAI"]
    if not paiements:
        return ""
    dernier = paiements[-1]
    affectations = compte.affectations_du_credit(dernier.reference)
    montant = format_euros(dernier.montant_centimes)
    debut = f"Le dernier paiement reçu, {montant} le {format_jour(dernier.effet)},"
    garde = dernier.montant_centimes - sum(a.montant_centimes for a in affectations)
    if not affectations:
        return f"{debut} est gardé d'avance."
    fin = f" ; {format_euros(garde)} sont gardés d'avance" if garde else ""
    return f"{debut} a servi à payer {_enumerer(_noms(affectations))}{fin}."


def _noms(affectations: Sequence[Affectation]) -> list[str]:
    """Nomme une fois chaque chose payée, dans l'ordre : le mois pour un terme."""
    noms = (
        format_mois(a.poste.mois) if a.poste.nature is Nature.TERME and a.poste.mois else nommer_poste(a.poste)
        for a in affectations
    )
    return list(dict.fromkeys(noms))


def _prochaine_echeance(compte: Imputation) -> str:
    a_venir = [poste for poste in compte.postes if poste.date_exigibilite > compte.au and poste.reste_centimes]
    if not a_venir:
        return ""
    jour = min(poste.date_exigibilite for poste in a_venir)
    somme = sum(poste.reste_centimes for poste in a_venir if poste.date_exigibilite == jour)
    return (
        f"La prochaine échéance est de {format_euros(somme)}, à payer le {format_jour(jour)} : ce n'est pas un retard."
    )


def _avance(situation: Situation) -> str:
    if not situation.avance_centimes:
        return ""
    somme = format_euros(situation.avance_centimes)
    if situation.statut is StatutCompte.PARTI:
        return f"Vous avez versé {somme} de plus que ce qui est dû à ce jour."
    return f"Vous avez {somme} d'avance, qui serviront aux prochaines échéances."


def _excedent(situation: Situation) -> str:
    if not situation.excedent_apl_centimes:
        return ""
    somme = format_euros(situation.excedent_apl_centimes)
    if situation.dette_locative_centimes:
        return (
            f"L'aide au logement dépasse de {somme} ce qui restait à payer pour ses mois :"
            " cette somme n'efface pas d'elle-même le retard, nous devons décider avec vous de son emploi."
        )
    return f"L'aide au logement dépasse de {somme} ce qui restait à payer pour ses mois : cela servira ensuite."


def _depot(situation: Situation) -> str:
    if situation.dg_net_centimes > 0:
        return (
            f"Le dépôt de garantie n'est pas compris : il en reste {format_euros(situation.dg_net_centimes)} à verser."
        )
    if situation.dg_net_centimes < 0:
        somme = format_euros(-situation.dg_net_centimes)
        return f"Le compte montre aussi {somme} reçus au titre du dépôt de garantie, tenus à part."
    return ""


def _solde_comptable(situation: Situation) -> str:
    """Relie le solde du compte à ce qui est dit avant (identité de C7), quand les deux chiffres diffèrent."""
    if situation.solde_centimes == situation.dette_exigible_centimes:
        return ""
    morceaux = [
        (situation.dette_exigible_centimes, "à payer maintenant"),
        (situation.non_echu_centimes, "pas encore à payer"),
        (situation.dg_net_centimes, "de dépôt de garantie"),
        (-situation.avance_centimes, "d'avance"),
        (-situation.excedent_apl_centimes, "d'aide au logement à employer"),
    ]
    detail = ""
    for centimes, nom in morceaux:
        if centimes:
            signe = " moins " if centimes < 0 else " plus " if detail else ""
            detail += f"{signe}{format_euros(abs(centimes))} {nom}"
    return f"Le solde du compte, {format_euros(situation.solde_centimes)}, se lit ainsi : {detail.strip()}."

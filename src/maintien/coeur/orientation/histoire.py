"""L'histoire d'un compte tirée de son imputation : la référence lisible de ce que la passe de nuit lit en masse.

Tout est vu avec les écritures connues au jour `au`, sauf les dettes passées : celle d'une fin de mois est ce que les
livres montraient ce jour-là, comme sur le graphique (`compte.dettes_passees`). Un paiement rejeté n'a jamais payé ;
un terme est payé le jour où la dernière somme l'éteint.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from maintien.coeur.calendrier import Periode, ajouter_mois, fin_de_mois, periode_de
from maintien.coeur.compte.dettes_passees import dettes_passees
from maintien.coeur.compte.ecritures import CODES_AIDE_AU_LOGEMENT, Ecriture, ecritures_connues
from maintien.coeur.compte.imputation import Imputation
from maintien.coeur.compte.postes import Nature
from maintien.coeur.compte.situation import Situation
from maintien.coeur.montants import Centimes
from maintien.coeur.orientation.faits import FaitsCompte, Rejet, TermeTardif
from maintien.coeur.orientation.motifs_rejet import code_du_libelle

JOURS_RECENTS = 31
"""Les termes échus depuis moins longtemps sont gardés un à un, pour la franchise."""

SEUIL_TERME_PAYE_CENTIMES = 100
"""Un terme dont il reste moins d'un euro est payé : un arrondi ne fait pas un retard."""

NB_FINS_DE_MOIS = 6
"""Les fins de mois passées dont la dette est gardée : de quoi servir toute règle sur la hausse."""

CODES_LOYER = frozenset({"LOY", "IND"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoireCompte:
    """Ce que le grand livre d'un compte dit de plus que sa situation."""

    observe_depuis: date | None
    dernier_mois_appele: Periode | None
    appels_recents: tuple[tuple[date, Centimes], ...]
    prochaine_echeance: date | None
    prochain_terme_centimes: Centimes | None
    apl_recue: tuple[tuple[Periode, Centimes], ...]
    restes: tuple[tuple[date, Centimes], ...]
    rejets: tuple[Rejet, ...]
    termes_tardifs: tuple[TermeTardif, ...]
    dernier_paiement: tuple[date, Centimes] | None
    dettes_passees: tuple[tuple[date, Centimes], ...]


def histoire_du_compte(
    ecritures: Iterable[Ecriture], compte: Imputation, terme_moyen_centimes: Centimes | None
) -> HistoireCompte:
    """Rend l'histoire d'un compte au jour de son imputation."""
    connues = ecritures_connues(ecritures, compte.au)
    aides = _aides(compte)
    prochaine = _prochaine_echeance(compte, aides, terme_moyen_centimes)
    return HistoireCompte(
        observe_depuis=min((e.date_comptable for e in connues), default=None),
        dernier_mois_appele=max(
            (ligne.mois for ligne in compte.lignes if ligne.code in CODES_LOYER and ligne.montant_centimes > 0),
            default=None,
        ),
        appels_recents=_appels_recents(compte),
        prochaine_echeance=prochaine[0],
        prochain_terme_centimes=prochaine[1],
        apl_recue=tuple(sorted(aides.items())),
        restes=_restes(compte),
        rejets=_rejets(connues, compte),
        termes_tardifs=_termes_tardifs(compte),
        dernier_paiement=_dernier_paiement(compte),
        dettes_passees=dettes_passees(connues, compte, _fins_de_mois(compte.au)),
    )


def faits_du_compte(situation: Situation, histoire: HistoireCompte, **champs: object) -> FaitsCompte:
    """Rend les faits d'un compte pour les règles."""
    return FaitsCompte(
        situation=situation,
        dernier_mois_appele=histoire.dernier_mois_appele,
        appels_recents=histoire.appels_recents,
        prochaine_echeance=histoire.prochaine_echeance,
        prochain_terme_centimes=histoire.prochain_terme_centimes,
        apl_recue=histoire.apl_recue,
        restes=histoire.restes,
        **champs,  # type: ignore[arg-type]
    )


def _restes(compte: Imputation) -> tuple[tuple[date, Centimes], ...]:
    """Ce qui reste dû de la dette locative à chaque échéance passée, de la plus ancienne à la plus récente."""
    sommes: dict[date, Centimes] = defaultdict(int)
    for poste in compte.postes_exigibles():
        if poste.nature is not Nature.ACCESSOIRE:
            sommes[poste.date_exigibilite] += poste.reste_centimes
    return tuple((echeance, reste) for echeance, reste in sorted(sommes.items()) if reste > 0)


def _aides(compte: Imputation) -> dict[Periode, Centimes]:
    """L'APL de chaque mois de droit, rappels et reprises compris."""
    aides: dict[Periode, Centimes] = defaultdict(int)
    for e in compte.ecritures:
        if e.code in CODES_AIDE_AU_LOGEMENT and e.periode is not None:
            aides[e.periode] -= e.montant_centimes
    return aides


def _termes_par_mois(compte: Imputation) -> dict[Periode, tuple[date, Centimes]]:
    """Chaque mois appelé : sa première échéance et la somme de ses termes."""
    mois: dict[Periode, tuple[date, Centimes]] = {}
    for poste in compte.postes:
        if poste.nature is Nature.TERME and poste.mois is not None:
            echeance, somme = mois.get(poste.mois, (poste.date_exigibilite, 0))
            mois[poste.mois] = (min(echeance, poste.date_exigibilite), somme + poste.montant_centimes)
    return mois


def _appels_recents(compte: Imputation) -> tuple[tuple[date, Centimes], ...]:
    """Les termes échus depuis moins de trente et un jours, et ce qui reste dû de chacun."""
    depuis = compte.au - timedelta(days=JOURS_RECENTS)
    restes: dict[date, Centimes] = defaultdict(int)
    for poste in compte.postes_exigibles():
        if poste.nature is Nature.TERME and poste.date_exigibilite > depuis:
            restes[poste.date_exigibilite] += poste.reste_centimes
    return tuple(sorted((echeance, reste) for echeance, reste in restes.items() if reste > 0))


def _prochaine_echeance(
    compte: Imputation, aides: dict[Periode, Centimes], terme_moyen_centimes: Centimes | None
) -> tuple[date | None, Centimes | None]:
    """La prochaine échéance : celle qui est déjà appelée, sinon un mois après la dernière, au terme moyen.

    L'aide d'un mois appelé et pas encore reçue est supposée égale à celle du mois d'avant.
    """
    termes = _termes_par_mois(compte)
    a_venir = sorted((echeance, mois, somme) for mois, (echeance, somme) in termes.items() if echeance > compte.au)
    if a_venir:
        echeance, mois, somme = a_venir[0]
        return echeance, max(0, somme - max(0, aides.get(mois, aides.get(mois - 1, 0))))
    passees = [echeance for echeance, _somme in termes.values()]
    if not passees:
        return None, None
    suivante = ajouter_mois(max(passees), 1)
    return (suivante, terme_moyen_centimes) if suivante > compte.au else (None, None)


def _rejets(connues: Iterable[Ecriture], compte: Imputation) -> tuple[Rejet, ...]:
    """Les rejets de prélèvement connus, avec ou sans le paiement qu'ils annulent."""
    annulantes = {annulation.annulante.reference for annulation in compte.annulations}
    annulees = {annulation.annulee.reference for annulation in compte.annulations}
    rejets = [
        Rejet(e.compte, e.date_comptable, e.montant_centimes, code_du_libelle(e.libelle), e.reference in annulantes)
        for e in connues
        if e.code == "REJ" and e.montant_centimes > 0 and e.reference not in annulees
    ]
    return tuple(sorted(rejets, key=lambda rejet: (rejet.jour, rejet.montant_centimes)))


def _termes_tardifs(compte: Imputation) -> tuple[TermeTardif, ...]:
    """Les échéances dont les termes ont été payés après leur jour, ou restent dus."""
    payes: dict[tuple[date, Periode | None], list[tuple[date, Centimes]]] = defaultdict(list)
    for affectation in compte.affectations:
        if affectation.poste.nature is Nature.TERME:
            cle = (affectation.poste.date_exigibilite, affectation.poste.mois)
            payes[cle].append((affectation.jour, affectation.montant_centimes))
    jours: dict[date, list[date | None]] = defaultdict(list)
    for poste in compte.postes_exigibles():
        if poste.nature is Nature.TERME:
            du_terme = payes[(poste.date_exigibilite, poste.mois)]
            jours[poste.date_exigibilite].append(_jour_du_paiement(du_terme, poste.montant_centimes))
    tardifs = []
    for echeance, regles in sorted(jours.items()):
        connus = [jour for jour in regles if jour is not None]
        paye_le = max(connus) if len(connus) == len(regles) else None
        if paye_le is None or paye_le > echeance:
            tardifs.append(TermeTardif(echeance, paye_le))
    return tuple(tardifs)


def _jour_du_paiement(affectations: Iterable[tuple[date, Centimes]], montant_centimes: Centimes) -> date | None:
    """Rend le jour où le terme a été payé, à un euro près ; rien s'il reste dû."""
    reste = montant_centimes
    for jour, somme in sorted(affectations):
        reste -= somme
        if reste < SEUIL_TERME_PAYE_CENTIMES:
            return jour
    return None


def _dernier_paiement(compte: Imputation) -> tuple[date, Centimes] | None:
    """Le dernier jour où le locataire a payé, et combien ce jour-là ; ni l'APL ni une aide ne sont un paiement."""
    par_jour: dict[date, Centimes] = defaultdict(int)
    for e in compte.ecritures:
        if e.code == "PAI" and e.montant_centimes < 0:
            par_jour[e.effet(compte.au)] -= e.montant_centimes
    return max(par_jour.items(), default=None)


def _fins_de_mois(au: date) -> list[date]:
    """Les dernières fins de mois passées, la plus ancienne d'abord."""
    mois = periode_de(au) - 1
    return [fin_de_mois(mois - recul) for recul in range(NB_FINS_DE_MOIS - 1, -1, -1)]

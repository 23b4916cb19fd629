"""Ouvrir, changer, clore un dossier : des règles datées, et de l'hystérésis pour qu'il ne batte pas.

On ouvre dès le premier euro en retard établi ; on ne clôt qu'après qu'une échéance entière est passée à
l'heure. Le niveau monte à un seuil et redescend à un autre, plus bas. Aucune règle ne lève une
protection. Un dossier ne se clôt jamais le jour où une règle l'ouvrirait.
"""

from dataclasses import dataclass
from datetime import date

from maintien.coeur.orientation.faits import FaitsMenage
from maintien.coeur.orientation.propositions import phrases, valeurs_communes
from maintien.coeur.orientation.registre import Constat
from maintien.coeur.orientation.regles import JeuDeRegles, RegleDossier

_NIVEAU_PROTEGE = "protege"


@dataclass(frozen=True, slots=True)
class DecisionDossier:
    """Un acte sur le dossier d'un ménage : ouvrir, changer ou clore, la règle et ses raisons."""

    acte: str
    regle: str
    version: int
    motif: str
    niveau: str = ""
    cause: str = ""


def decisions(faits: FaitsMenage, regles: JeuDeRegles, au: date) -> list[DecisionDossier]:
    """Rend ce qu'il faut faire du dossier d'un ménage au soir du jour `au`, dans l'ordre où le faire.

    Sans dossier ouvert : ouvrir, s'il y a lieu. Avec un dossier : clore, ou le changer.
    """
    actives = regles.en_vigueur(au).dossiers
    ouvertures = _essayer(actives, "ouvrir", faits, au)
    if faits.dossier is None:
        if not ouvertures:
            return []
        return [_ouverture(ouvertures, faits, au), *_protection(actives, faits, au)]
    clotures = [] if ouvertures else _essayer(actives, "clore", faits, au)
    if clotures:
        return [_decision(*clotures[0], faits, au)]
    return _changements(actives, faits, au)


def _essayer(
    regles: tuple[RegleDossier, ...], acte: str, faits: FaitsMenage, au: date
) -> list[tuple[RegleDossier, Constat]]:
    essais = ((regle, regle.constat(faits, au)) for regle in regles if regle.acte == acte)
    return [(regle, constat) for regle, constat in essais if constat is not None]


def _ouverture(ouvertures: list[tuple[RegleDossier, Constat]], faits: FaitsMenage, au: date) -> DecisionDossier:
    """Rend l'ouverture par la première règle, avec les raisons de toutes."""
    decision = _decision(*ouvertures[0], faits, au)
    autres = [_decision(regle, constat, faits, au).motif for regle, constat in ouvertures[1:]]
    motifs = dict.fromkeys([decision.motif, *autres])
    return DecisionDossier(
        decision.acte, decision.regle, decision.version, " ".join(motifs), decision.niveau, decision.cause
    )


def _protection(regles: tuple[RegleDossier, ...], faits: FaitsMenage, au: date) -> list[DecisionDossier]:
    """Un dossier qui s'ouvre pour un ménage à protéger l'est le jour même."""
    changements = _essayer(regles, "changer", faits, au)
    return [_decision(regle, constat, faits, au) for regle, constat in changements if regle.niveau == _NIVEAU_PROTEGE]


def _changements(regles: tuple[RegleDossier, ...], faits: FaitsMenage, au: date) -> list[DecisionDossier]:
    """Rend au plus un changement de niveau et un changement de cause ; une protection ne se lève pas ici."""
    if faits.dossier is None:
        return []
    niveau, lus = faits.dossier.niveau, []
    vus = set()
    for regle, constat in _essayer(regles, "changer", faits, au):
        sujet = "niveau" if regle.niveau else "cause"
        is_inutile = sujet == "niveau" and (niveau in (_NIVEAU_PROTEGE, regle.niveau))
        is_ailleurs = bool(regle.depuis_niveau) and regle.depuis_niveau != niveau
        if sujet in vus or is_inutile or is_ailleurs:
            continue
        vus.add(sujet)
        lus.append(_decision(regle, constat, faits, au))
    return lus


def _decision(regle: RegleDossier, constat: Constat, faits: FaitsMenage, au: date) -> DecisionDossier:
    textes = [texte for texte, _valeurs in phrases(regle, constat, valeurs_communes(faits, au))]
    motif = " ".join(textes)
    return DecisionDossier(regle.acte, regle.identifiant, regle.version, motif, regle.niveau, regle.cause)

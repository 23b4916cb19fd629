"""What the rules decide about the dossiers of a lot, written with the duo of those that open."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from maintien.apps.dossiers.decisions import (
    Changement,
    Cloture,
    Ouverture,
    change_dossiers,
    close_dossiers,
    open_dossiers,
)
from maintien.apps.dossiers.enums import EtatDossier
from maintien.apps.dossiers.models import Dossier
from maintien.apps.dossiers.nominations import name_followers
from maintien.coeur.orientation.dossiers import DecisionDossier, decisions
from maintien.coeur.orientation.faits import DossierOuvert, FaitsMenage
from maintien.travaux.nuit.duo import Equipes
from maintien.travaux.nuit.faits import MenageLu
from maintien.travaux.nuit.passage import Passage
from maintien.travaux.nuit.suivi import seen_dossier


def update_dossiers(
    lus: Mapping[int, MenageLu], faits: Mapping[int, FaitsMenage], passage: Passage, equipes: Equipes
) -> dict[int, tuple[Dossier, FaitsMenage]]:
    """Open, change and close; returns the households left with an open dossier, their facts brought up to date."""
    ouvertures, changements, clotures = [], [], []
    for menage_id, vus in faits.items():
        rendues = decisions(vus, passage.regles, passage.faits_au)
        if vus.dossier is None:
            ouvertures += _openings(menage_id, lus[menage_id].secteur_id, rendues)
            rendues = _once_open(vus, rendues, passage)
        changements += [(menage_id, d) for d in rendues if d.acte == "changer"]
        clotures += [(menage_id, d) for d in rendues if d.acte == "clore"]
    ouverts = _open(ouvertures, passage, equipes)
    dossiers = {d.menage_id: d for d in Dossier.objects.filter(menage_id__in=faits, etat=EtatDossier.OUVERT)}
    passage.bilan.dossiers_ouverts += len(ouverts)
    passage.bilan.dossiers_changes += change_dossiers(
        [
            Changement(dossiers[menage_id].pk, d.regle, d.motif, niveau=d.niveau, cause=d.cause)
            for menage_id, d in changements
            if menage_id in dossiers
        ],
        passage.au,
    )
    passage.bilan.dossiers_clos += close_dossiers(
        [Cloture(dossiers[menage_id].pk, d.regle, d.motif) for menage_id, d in clotures if menage_id in dossiers],
        passage.au,
    )
    name_followers(faits)
    restants = Dossier.objects.filter(menage_id__in=faits, etat=EtatDossier.OUVERT)
    return {d.menage_id: (d, replace(faits[d.menage_id], dossier=seen_dossier(d))) for d in restants}


def _openings(menage_id: int, secteur_id: int | None, rendues: Iterable[DecisionDossier]) -> list[Ouverture]:
    """At most one; a household to protect is protected from the first day."""
    niveaux = [d.niveau for d in rendues if d.acte == "changer" and d.niveau]
    return [
        Ouverture(menage_id, secteur_id, d.regle, d.motif, niveau=(niveaux or ["ordinaire"])[0])
        for d in rendues
        if d.acte == "ouvrir"
    ]


def _once_open(faits: FaitsMenage, rendues: list[DecisionDossier], passage: Passage) -> list[DecisionDossier]:
    """What the rules would change the day after is changed the same night: a second pass finds nothing to do."""
    if not any(d.acte == "ouvrir" for d in rendues):
        return []
    niveaux = [d.niveau for d in rendues if d.niveau]
    dossier = DossierOuvert(passage.au, niveau=(niveaux or ["ordinaire"])[0])
    suites = decisions(replace(faits, dossier=dossier), passage.regles, passage.faits_au)
    return [d for d in suites if d.acte == "changer"]


def _open(ouvertures: list[Ouverture], passage: Passage, equipes: Equipes) -> list[Dossier]:
    dossiers = open_dossiers(ouvertures, passage.au)
    for dossier in dossiers:
        equipes.assign(dossier)
    Dossier.objects.bulk_update(dossiers, ["referent", "cesf"], batch_size=200)
    return dossiers

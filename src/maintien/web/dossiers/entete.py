"""The header sentence: the facts of the household, given to the core, which writes."""

from collections.abc import Iterator

from maintien.apps.comptes.models import SituationCompte
from maintien.apps.comptes.selectors import ecritures_par_compte
from maintien.apps.dossiers.faits import GENRES_CONTACT
from maintien.apps.dossiers.selectors import DetailDossier
from maintien.coeur.compte.imputation import imputation
from maintien.coeur.compte.situation import Situation
from maintien.coeur.orientation.entete import faits_entete, phrase_entete
from maintien.coeur.orientation.faits import Echange, FaitsMenage, Pause
from maintien.coeur.orientation.histoire import HistoireCompte, faits_du_compte, histoire_du_compte
from maintien.web.communs.typographie import INSECABLE

_CHAMPS = [nom for nom in Situation.__dataclass_fields__ if nom not in ("reference_compte", "au")]


def phrase(detail: DetailDossier) -> str:
    complete = phrase_entete(faits_entete(_faits(detail), detail.au))
    # The name stands in the title just above: the sentence goes on from it.
    reste = complete.removeprefix(f"{detail.dossier.menage.libelle or 'Ménage'}{INSECABLE}: ")
    return reste[:1].upper() + reste[1:]


def _faits(detail: DetailDossier) -> FaitsMenage:
    """Protections are left out: the page says them in sentences of their own, with names and addresses."""
    menage = detail.dossier.menage
    lus = list(_histoires(detail))
    histoires = [histoire for _, histoire in lus]
    return FaitsMenage(
        cle=str(menage.pk),
        locataire=menage.libelle,
        comptes=tuple(faits_du_compte(situation, histoire) for situation, histoire in lus),
        observe_depuis=min((h.observe_depuis for h in histoires if h.observe_depuis), default=None),
        rejets=tuple(rejet for h in histoires for rejet in h.rejets),
        termes_tardifs=tuple(sorted((t for h in histoires for t in h.termes_tardifs), key=lambda t: t.echeance)),
        pause=_pause(detail),
        dernier_echange=_echange(detail),
    )


def _histoires(detail: DetailDossier) -> Iterator[tuple[Situation, HistoireCompte]]:
    ecritures = ecritures_par_compte([compte.compte.pk for compte in detail.comptes], detail.au)
    for compte in detail.comptes:
        if compte.situation is not None:
            siennes = ecritures.get(compte.compte.pk, [])
            terme_moyen = compte.situation.terme_moyen_net_centimes
            histoire = histoire_du_compte(siennes, imputation(siennes, detail.au), terme_moyen)
            yield _situation(compte.compte.reference, compte.situation), histoire


def _situation(reference: str, ligne: SituationCompte) -> Situation:
    return Situation(reference_compte=reference, au=ligne.au, **{champ: getattr(ligne, champ) for champ in _CHAMPS})


def _pause(detail: DetailDossier) -> Pause | None:
    pause = detail.pause_en_cours
    return None if pause is None else Pause(pause.du, pause.au, pause.get_motif_display())


def _echange(detail: DetailDossier) -> Echange | None:
    faits = (entree.fait for entree in detail.fil if entree.fait.genre in GENRES_CONTACT)
    dernier = next(faits, None)
    if dernier is None:
        return None
    return Echange(dernier.date, dernier.get_genre_display(), dernier.get_issue_display() if dernier.issue else "")

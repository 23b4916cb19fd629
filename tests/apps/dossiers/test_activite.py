"""Activity by wall: what stands behind the social wall moves nothing that the others see."""

from datetime import date

from tests import fabriques

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import MurNote
from maintien.apps.dossiers.journee import Filtres, Onglet, tab_counts, worklist
from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Secteur


def _muets(qui: Appartenance) -> list[Dossier]:
    trouves = [ligne.dossier.pk for ligne in worklist(qui, Onglet.SANS_ACTIVITE, Filtres()).lignes]
    return [Dossier.objects.get(pk=pk) for pk in trouves]


def test_une_note_sociale_ne_se_devine_pas_a_l_activite(agent: Appartenance, nord: Secteur) -> None:
    """The dossier leaves the tab of whoever may read the note, and stays as it was in that of the others."""
    cesf = fabriques.membre(Role.CESF, nord)
    muet = fabriques.dossier(secteur=nord, derniere_activite_le=date(2026, 10, 1))

    actions.add_note(cesf, muet, texte="Entretien budget.", mur=MurNote.SOCIAL)

    muet.refresh_from_db()
    assert muet.derniere_activite_le == date(2026, 10, 1)
    assert _muets(agent) == [muet]
    assert tab_counts(agent, Filtres())[Onglet.SANS_ACTIVITE] == 1
    assert _muets(cesf) == []

    actions.add_note(cesf, muet, texte="Rendez-vous pris.", mur=MurNote.COMMUN)

    assert _muets(agent) == []

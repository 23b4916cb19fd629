"""A rule that raises the level hides a household from everybody but its duo; and never from everybody."""

from tests import fabriques

from maintien.apps.dossiers.enums import NiveauDossier
from maintien.apps.dossiers.models import Dossier, PersonneNommee
from maintien.apps.dossiers.nominations import name_followers
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.models import Evenement


def _nommes(dossier: Dossier) -> set[int]:
    return set(PersonneNommee.objects.filter(menage=dossier.menage).values_list("utilisateur_id", flat=True))


def test_le_duo_reste_sur_le_dossier_que_la_regle_protege(bailleur: Organisme) -> None:
    agent, sociale, autre = (fabriques.membre(r).utilisateur for r in (Role.RECOUVREMENT, Role.CESF, Role.CESF))
    fabriques.membre(Role.RESPONSABLE)
    protege = fabriques.dossier(niveau=NiveauDossier.PROTEGE, referent=agent, cesf=sociale)
    ordinaire = fabriques.dossier(referent=autre)

    assert name_followers([protege.menage_id, ordinaire.menage_id]) == 1
    assert name_followers([protege.menage_id, ordinaire.menage_id]) == 0

    assert _nommes(protege) == {agent.pk, sociale.pk}
    assert _nommes(ordinaire) == set()
    ligne = Evenement.objects.get(acte="protection.nommer")
    assert ligne.details == {"utilisateurs": sorted([agent.pk, sociale.pk])}


def test_sans_duo_les_responsables_actifs_en_sont_charges(bailleur: Organisme) -> None:
    chef = fabriques.membre(Role.RESPONSABLE).utilisateur
    fabriques.membre(Role.RESPONSABLE, actif=False)
    fabriques.membre(Role.ADMINISTRATEUR)
    protege = fabriques.dossier(niveau=NiveauDossier.PROTEGE)

    name_followers([protege.menage_id])

    assert _nommes(protege) == {chef.pk}


def test_qui_a_ete_nomme_par_une_personne_le_reste_seul(bailleur: Organisme) -> None:
    agent, choisie = (fabriques.membre(r).utilisateur for r in (Role.RECOUVREMENT, Role.CESF))
    protege = fabriques.dossier(niveau=NiveauDossier.PROTEGE, referent=agent)
    PersonneNommee.objects.create(menage=protege.menage, utilisateur=choisie, nommee_par=choisie)

    assert name_followers([protege.menage_id]) == 0
    assert _nommes(protege) == {choisie.pk}

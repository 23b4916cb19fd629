"""The sector of a home: residence before commune, commune before postcode; spelling does not matter."""

from datetime import date

from tests import fabriques

from maintien.apps.comptes.models import Compte, Logement
from maintien.apps.comptes.secteurs import assign_secteurs
from maintien.apps.organismes.enums import CritereSecteur
from maintien.apps.organismes.models import Organisme, RattachementSecteur, Secteur
from maintien.apps.organismes.secteurs import fold, sector_resolver


def _rattacher(secteur: Secteur, critere: CritereSecteur, valeur: str) -> None:
    RattachementSecteur.objects.create(secteur=secteur, critere=critere, valeur=valeur)


def test_fold_ignore_accents_casse_et_espaces() -> None:
    assert fold("  Saint-Étienne   du Rouvray ") == "saint-etienne du rouvray"


def test_la_residence_passe_avant_la_commune_et_le_code_postal(bailleur: Organisme) -> None:
    nord, sud, est = (fabriques.secteur(code) for code in ("NORD", "SUD", "EST"))
    _rattacher(nord, CritereSecteur.RESIDENCE, "Les Peupliers")
    _rattacher(sud, CritereSecteur.COMMUNE, "Saint-Étienne")
    _rattacher(est, CritereSecteur.CODE_POSTAL, "42100")

    resolve = sector_resolver()

    assert resolve("LES PEUPLIERS", "Saint-Étienne", "42100") == nord.pk
    assert resolve("Les Saules", "SAINT-ETIENNE", "42100") == sud.pk
    assert resolve("", "Firminy", "42100") == est.pk
    assert resolve("", "", "") is None


def test_un_compte_suit_son_logement_et_non_son_parking(bailleur: Organisme) -> None:
    nord, sud = fabriques.secteur("NORD"), fabriques.secteur("SUD")
    _rattacher(nord, CritereSecteur.COMMUNE, "Toulouse")
    _rattacher(sud, CritereSecteur.COMMUNE, "Muret")
    compte = fabriques.compte()
    fabriques.bail(compte, reference="B1", logement=fabriques.logement(commune="Toulouse"))
    fabriques.bail(
        compte,
        reference="P1",
        bail_annexe_de="B1",
        date_entree=date(2026, 1, 1),
        logement=fabriques.logement(commune="Muret", type_logement="PARKING"),
    )

    assert assign_secteurs() == 3

    assert Compte.objects.get().secteur == nord
    assert assign_secteurs() == 0


def test_apres_une_mutation_le_compte_suit_le_nouveau_logement(bailleur: Organisme) -> None:
    nord, sud = fabriques.secteur("NORD"), fabriques.secteur("SUD")
    _rattacher(nord, CritereSecteur.COMMUNE, "Toulouse")
    _rattacher(sud, CritereSecteur.COMMUNE, "Muret")
    compte = fabriques.compte(secteur=nord)
    fabriques.bail(compte, date_sortie=date(2026, 3, 1), logement=fabriques.logement(commune="Toulouse"))
    fabriques.bail(compte, date_entree=date(2026, 3, 1), logement=fabriques.logement(commune="Muret"))

    assign_secteurs()

    assert Compte.objects.get().secteur == sud


def test_un_logement_qui_n_est_plus_dans_la_table_perd_son_secteur(bailleur: Organisme) -> None:
    fabriques.logement(secteur=fabriques.secteur("NORD"))

    assert assign_secteurs() == 1
    assert Logement.objects.get().secteur is None

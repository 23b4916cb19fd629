"""Households: accounts that belong together, their name, and a protection that imports only ever add."""

from datetime import date

from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Compte
from maintien.apps.dossiers.enums import EtatDossier, GenreFait, NiveauDossier
from maintien.apps.dossiers.libelles import name_menages, names_of
from maintien.apps.dossiers.menages import attach_menages, protect_menages, protected_person_ids
from maintien.apps.dossiers.models import Dossier, Fait, Menage, MenageCompte
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope


def _groupes() -> set[frozenset[str]]:
    groupes: dict[int, set[str]] = {}
    for menage_id, reference in MenageCompte.objects.values_list("menage_id", "compte__reference"):
        groupes.setdefault(menage_id, set()).add(reference)
    return {frozenset(groupe) for groupe in groupes.values()}


def _compte_de(reference: str, *personnes: object, role: RoleOccupation = RoleOccupation.TITULAIRE) -> Compte:
    compte = fabriques.compte(reference)
    for personne in personnes:
        fabriques.occupation(compte, personne, role)  # type: ignore[arg-type]
    return compte


def test_une_meme_personne_fait_un_menage(bailleur: Organisme) -> None:
    emilie, paul = fabriques.personne(), fabriques.personne("Durand", "Paul")
    _compte_de("C1", emilie)
    _compte_de("C2", emilie, paul)
    _compte_de("C3", paul)
    _compte_de("C4", fabriques.personne("Noël", "Zoé"))

    assert attach_menages() == 4

    assert _groupes() == {frozenset({"C1", "C2", "C3"}), frozenset({"C4"})}
    assert attach_menages() == 0


def test_un_garant_ne_lie_pas_deux_menages(bailleur: Organisme) -> None:
    oncle = fabriques.personne("Diallo", "Mamadou")
    for reference in ("C1", "C2"):
        fabriques.occupation(_compte_de(reference, fabriques.personne()), oncle, RoleOccupation.CAUTION)

    attach_menages()

    assert _groupes() == {frozenset({"C1"}), frozenset({"C2"})}


def test_un_bail_annexe_suit_le_principal(bailleur: Organisme) -> None:
    fabriques.bail(fabriques.compte("C1"), reference="B1")
    fabriques.bail(fabriques.compte("C2"), reference="P1", bail_annexe_de="B1")
    fabriques.bail(fabriques.compte("C3"), reference="P2", bail_annexe_de="B-INCONNU")

    attach_menages()

    assert _groupes() == {frozenset({"C1", "C2"}), frozenset({"C3"})}


def test_un_compte_nouveau_rejoint_le_menage_connu(bailleur: Organisme) -> None:
    emilie = fabriques.personne()
    _compte_de("C1", emilie)
    attach_menages()
    menage = Menage.objects.get()
    _compte_de("C2", emilie)

    assert attach_menages() == 1
    assert Menage.objects.get() == menage


def test_deux_menages_sans_histoire_qui_n_en_font_qu_un(bailleur: Organisme) -> None:
    emilie = fabriques.personne()
    _compte_de("C1", emilie)
    second = fabriques.compte("C2")
    attach_menages()
    Menage.objects.filter(rattachements__compte=second).update(contact_restreint=True)
    fabriques.occupation(second, emilie)

    assert attach_menages() == 1

    assert _groupes() == {frozenset({"C1", "C2"})}
    assert Menage.objects.get().contact_restreint


def test_deux_menages_qui_ont_chacun_un_dossier_restent_deux(bailleur: Organisme) -> None:
    emilie = fabriques.personne()
    premier, second = _compte_de("C1", emilie), fabriques.compte("C2")
    attach_menages()
    for compte in (premier, second):
        fabriques.dossier(Menage.objects.get(rattachements__compte=compte))
    fabriques.occupation(second, emilie)

    assert attach_menages() == 0
    assert Menage.objects.count() == 2


def test_contact_restreint_protege_tout_le_menage_d_un_coup(bailleur: Organisme) -> None:
    emilie, paul = fabriques.personne(contact_restreint=True), fabriques.personne("Durand", "Paul")
    _compte_de("C1", emilie, paul)
    _compte_de("C2", paul)
    _compte_de("C3", fabriques.personne("Noël", "Zoé"))
    attach_menages()

    assert protect_menages() == 1

    proteges = Menage.objects.filter(contact_restreint=True, rattachements__compte__reference="C2")
    assert proteges.count() == 1
    assert protected_person_ids() == {emilie.pk, paul.pk}
    assert Fait.objects.get().genre == GenreFait.PROTECTION
    assert Evenement.objects.get().acte == "protection.posee"
    assert protect_menages() == 0


def test_un_import_ne_leve_jamais_la_protection(bailleur: Organisme) -> None:
    emilie = fabriques.personne(contact_restreint=True)
    _compte_de("C1", emilie)
    attach_menages()
    protect_menages()
    emilie.contact_restreint = False
    emilie.save()

    attach_menages()
    protect_menages()

    assert Menage.objects.get().contact_restreint


def test_clore_ne_leve_pas_la_protection(bailleur: Organisme) -> None:
    emilie = fabriques.personne()
    compte = _compte_de("C1", emilie)
    menage = fabriques.menage(compte)
    dossier = fabriques.dossier(menage, niveau=NiveauDossier.PROTEGE)

    Dossier.objects.filter(pk=dossier.pk).update(etat=EtatDossier.CLOS, clos_le=date(2026, 11, 20))

    assert protected_person_ids() == {emilie.pk}


def test_chez_un_autre_bailleur_rien_ne_bouge(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        _compte_de("C1", fabriques.personne(contact_restreint=True))

    assert (attach_menages(), protect_menages()) == (0, 0)


def test_les_noms_se_lisent_en_francais() -> None:
    emilie, paul, zoe = ("Mme", "Émilie", "Martinez"), ("M.", "Paul", "Durand"), ("", "Zoé", "Noël")

    assert names_of([]) == ""
    assert names_of([emilie]) == "Mme Émilie Martinez"
    assert names_of([emilie, paul]) == "Mme Émilie Martinez et M. Paul Durand"
    assert names_of([emilie, paul, zoe]) == "Mme Émilie Martinez, M. Paul Durand et 1 autre"
    assert names_of([emilie, paul, zoe, zoe]) == "Mme Émilie Martinez, M. Paul Durand et 2 autres"


def test_le_menage_porte_son_nom_son_lieu_et_ses_mots(bailleur: Organisme) -> None:
    compte = fabriques.compte("C1")
    fabriques.occupation(compte, fabriques.personne("Durand", "Paul", civilite="M."), RoleOccupation.COTITULAIRE)
    fabriques.occupation(compte, fabriques.personne())
    fabriques.occupation(compte, fabriques.personne("Caché", "Garant"), RoleOccupation.CAUTION)
    fabriques.bail(compte, reference="B1", logement=fabriques.logement(residence="Les Saules", commune="Muret"))
    fabriques.bail(
        compte, reference="P1", bail_annexe_de="B1", logement=fabriques.logement(residence="Parking Jaurès")
    )
    attach_menages()

    assert name_menages() == 1

    menage = Menage.objects.get()
    assert menage.libelle == "Mme Émilie Martinez et M. Paul Durand"
    assert menage.lieu == "Les Saules, Muret"
    for mot in ("emilie", "durand", "c1", "p1", "muret"):
        assert mot in menage.recherche
    assert "cache" not in menage.recherche
    assert name_menages([menage.pk]) == 0

"""Households: accounts that belong together, their name, and a protection that imports only ever add."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries
from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Bail, Compte, Personne
from maintien.apps.dossiers.enums import (
    Canal,
    EtatDossier,
    EtatProposition,
    GenreFait,
    NiveauDossier,
    Protection,
)
from maintien.apps.dossiers.libelles import name_menages, names_of
from maintien.apps.dossiers.menages import attach_menages, protect_menages, protected_person_ids
from maintien.apps.dossiers.models import Dossier, Fait, Menage, MenageCompte, Proposition
from maintien.apps.dossiers.protections import SANS_CANAL
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope

# Two of transaction, read, protect, tell twice, lapse twice, six to name: whatever the number of households.
REQUETES = 18


def _groupes() -> set[frozenset[str]]:
    groupes: dict[int, set[str]] = {}
    for menage_id, reference in MenageCompte.objects.values_list("menage_id", "compte__reference"):
        groupes.setdefault(menage_id, set()).add(reference)
    return {frozenset(groupe) for groupe in groupes.values()}


def _compte_de(
    reference: str, *personnes: Personne, entree: date = date(2018, 7, 1), sortie: date | None = None
) -> Compte:
    """An account, its only lease (reference B…), and its tenants."""
    compte = fabriques.compte(reference)
    fabriques.bail(compte, reference=f"B{reference}", date_entree=entree, date_sortie=sortie)
    for personne in personnes:
        fabriques.occupation(compte, personne, bail_reference=f"B{reference}")
    return compte


def test_deux_personnes_separees_ne_font_pas_un_menage(bailleur: Organisme) -> None:
    """Émilie left the joint lease for her own (procedure, 9.2): nothing of hers is shown to Paul."""
    emilie, paul = fabriques.personne(), fabriques.personne("Durand", "Paul")
    _compte_de("C1", emilie, entree=date(2025, 3, 1))
    _compte_de("C2", emilie, paul, sortie=date(2025, 3, 31))
    _compte_de("C3", paul, entree=date(2025, 4, 1))
    _compte_de("C4", fabriques.personne("Noël", "Zoé"))

    assert attach_menages() == 4

    assert _groupes() == {frozenset({"C1"}), frozenset({"C2"}), frozenset({"C3"}), frozenset({"C4"})}
    assert attach_menages() == 0
    dits = Evenement.objects.filter(acte="menage.a_rapprocher")
    un, deux, trois = (MenageCompte.objects.get(compte__reference=r).menage_id for r in ("C1", "C2", "C3"))
    assert {(e.objet_id, e.details["autre"]) for e in dits} == {(un, deux), (deux, trois)}
    assert dits.count() == 2


@pytest.mark.parametrize(
    ("entree", "groupes"),
    [
        (date(2025, 3, 15), [{"C1", "C2"}]),
        (date(2025, 9, 1), [{"C1", "C2"}]),
        (date(2025, 12, 1), [{"C1"}, {"C2"}]),
    ],
    ids=["deux baux à cheval", "cinq mois après", "huit mois après"],
)
def test_les_memes_personnes_qui_demenagent_restent_un_menage(
    entree: date, groupes: list[set[str]], bailleur: Organisme
) -> None:
    emilie, paul = fabriques.personne(), fabriques.personne("Durand", "Paul")
    _compte_de("C1", emilie, paul, sortie=date(2025, 3, 31))
    _compte_de("C2", paul, emilie, entree=entree)

    attach_menages()

    assert _groupes() == {frozenset(groupe) for groupe in groupes}


def test_sans_bail_connu_on_attend_avant_de_joindre(bailleur: Organisme) -> None:
    emilie = fabriques.personne()
    for reference in ("C1", "C2"):
        fabriques.occupation(fabriques.compte(reference), emilie)
    attach_menages()
    assert _groupes() == {frozenset({"C1"}), frozenset({"C2"})}

    for compte in Compte.objects.all():
        fabriques.bail(compte)
    attach_menages()

    assert _groupes() == {frozenset({"C1", "C2"})}


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


def test_un_stationnement_ne_reunit_pas_deux_logements(bailleur: Organisme) -> None:
    """Émilie pays the parking space of the joint lease, and has a home of her own."""
    emilie, paul = fabriques.personne(), fabriques.personne("Durand", "Paul")
    _compte_de("C1", emilie)
    _compte_de("C2", emilie, paul)
    parking = fabriques.compte("C3")
    fabriques.bail(parking, reference="P1", bail_annexe_de="BC2")
    fabriques.occupation(parking, emilie)

    attach_menages()

    assert _groupes() == {frozenset({"C1"}), frozenset({"C2", "C3"})}


def test_un_compte_nouveau_rejoint_le_menage_connu(bailleur: Organisme) -> None:
    emilie = fabriques.personne()
    _compte_de("C1", emilie)
    attach_menages()
    menage = Menage.objects.get()
    _compte_de("C2", emilie)

    assert attach_menages() == 1
    assert Menage.objects.get() == menage


def _deux_menages() -> tuple[Menage, Menage]:
    """Two households that the next file says to be one: the lease of the parking space comes last."""
    _compte_de("C1", fabriques.personne())
    second = fabriques.compte("C2")
    attach_menages()
    fabriques.bail(second, bail_annexe_de="BC1")
    premier, autre = Menage.objects.order_by("pk")
    return premier, autre


def test_deux_menages_reunis_gardent_toutes_les_protections(bailleur: Organisme) -> None:
    premier, autre = _deux_menages()
    protegee = fabriques.personne("Noël", "Zoé")
    mesure = {
        "protection": Protection.TUTELLE,
        "mandataire": "UDAF 31",
        "mandataire_adresse": "3 rue du Pont, Toulouse",
        "protection_depuis": date(2024, 5, 2),
        "personne_protegee": protegee,
    }
    Menage.objects.filter(pk=autre.pk).update(contact_restreint=True, deces_le=date(2026, 9, 1), **mesure)
    Fait.objects.create(menage=autre, genre=GenreFait.PROTECTION, date=date(2026, 9, 2), source="import")

    assert attach_menages() == 1

    assert _groupes() == {frozenset({"C1", "C2"})}
    reuni = Menage.objects.get()
    assert reuni == premier
    assert (reuni.contact_restreint, reuni.deces_le) == (True, date(2026, 9, 1))
    assert {champ: getattr(reuni, champ) for champ in mesure} == mesure
    assert Fait.objects.get().menage == premier
    evenement = Evenement.objects.get(acte="menage.reunir")
    assert (evenement.objet_id, evenement.details) == (premier.pk, {"absorbe": autre.pk, "comptes": 1})


def test_celui_qui_a_un_dossier_garde_les_comptes_de_l_autre(bailleur: Organisme) -> None:
    _, autre = _deux_menages()
    dossier = fabriques.dossier(autre)
    proposition = fabriques.proposition(dossier)
    Menage.objects.exclude(pk=autre.pk).update(contact_restreint=True)

    assert attach_menages() == 1

    assert Menage.objects.get() == autre
    proposition.refresh_from_db()
    assert proposition.etat == EtatProposition.PERIMEE, "la protection apportée vaut aussitôt"


@pytest.mark.parametrize("deja_rattache", [False, True])
def test_un_menage_qui_tient_le_compte_d_un_autre_n_en_prend_pas_de_plus(
    deja_rattache: bool, bailleur: Organisme
) -> None:
    """Joined long ago, Émilie and Paul stay so until a person splits them; her next home is not added to them."""
    emilie, paul = fabriques.personne(), fabriques.personne("Durand", "Paul")
    ancien = fabriques.menage(_compte_de("C1", emilie), _compte_de("C3", paul))
    neuf = _compte_de("C9", emilie)
    if deja_rattache:
        fabriques.menage(neuf)

    assert attach_menages() == (0 if deja_rattache else 1)

    assert _groupes() == {frozenset({"C1", "C3"}), frozenset({"C9"})}
    [dit] = Evenement.objects.all()
    assert (dit.acte, dit.objet_id) == ("menage.a_rapprocher", ancien.pk)
    assert attach_menages() == 0
    assert Evenement.objects.count() == 1


def test_deux_mesures_differentes_ne_se_melangent_pas(bailleur: Organisme) -> None:
    premier, autre = _deux_menages()
    Menage.objects.filter(pk=premier.pk).update(protection=Protection.CURATELLE)
    Menage.objects.filter(pk=autre.pk).update(protection=Protection.TUTELLE)

    assert attach_menages() == 0
    assert Menage.objects.count() == 2


def test_deux_menages_qui_ont_chacun_un_dossier_restent_deux(bailleur: Organisme) -> None:
    for menage in _deux_menages():
        fabriques.dossier(menage)

    assert attach_menages() == 0
    assert Menage.objects.count() == 2


def test_contact_restreint_protege_tout_le_menage_d_un_coup(bailleur: Organisme) -> None:
    emilie, paul = fabriques.personne(contact_restreint=True), fabriques.personne("Durand", "Paul")
    _compte_de("C1", emilie, paul)
    _compte_de("C2", emilie, paul)
    _compte_de("C3", fabriques.personne("Noël", "Zoé"))
    attach_menages()

    assert protect_menages() == 1

    proteges = Menage.objects.filter(contact_restreint=True, rattachements__compte__reference="C2")
    assert proteges.count() == 1
    assert protected_person_ids() == {emilie.pk, paul.pk}
    assert Fait.objects.get().genre == GenreFait.PROTECTION
    evenement = Evenement.objects.get()
    assert (evenement.acte, evenement.motif) == ("protection.posee", "contact restreint signalé par le bailleur")
    assert protect_menages() == 0


def test_la_protection_est_immediate(bailleur: Organisme) -> None:
    """The call that stood in the list is gone, and the place is neither shown nor found."""
    compte = _compte_de("C1", fabriques.personne(contact_restreint=True))
    Bail.objects.update(logement=fabriques.logement(residence="Les Saules", commune="Muret"))
    attach_menages()
    name_menages()
    dossier = fabriques.dossier(Menage.objects.get())
    appel, report, interne, loi = (
        fabriques.proposition(dossier),
        fabriques.proposition(dossier, genre="plan", etat=EtatProposition.REPORTEE, reportee_au=date(2026, 12, 1)),
        fabriques.proposition(dossier, genre="verifier", canal=Canal.INTERNE),
        fabriques.proposition(dossier, genre="signaler", canal=Canal.COURRIER, imposee=True),
    )
    assert "muret" in Menage.objects.get().recherche

    assert protect_menages() == 1

    etats = [Proposition.objects.get(pk=p.pk).etat for p in (appel, report, interne, loi)]
    assert etats == ["perimee", "perimee", "a_faire", "a_faire"]
    loi.refresh_from_db()
    assert (loi.canal, loi.quoi) == (Canal.INTERNE, SANS_CANAL)
    menage = Menage.objects.get()
    assert (menage.libelle, menage.lieu) == ("Mme Émilie Martinez", "")
    assert menage.recherche == f"mme emilie martinez {compte.reference.lower()}"
    name_menages()
    assert Menage.objects.get().lieu == ""


def test_proteger_coute_un_nombre_de_requetes_constant(
    bailleur: Organisme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    journal.record("essai")  # the head of the chain is made once and for all
    for nombre in (3, 40):
        for _ in range(nombre):
            _compte_de(fabriques.compte().reference + "B", fabriques.personne(contact_restreint=True))
        attach_menages()
        with django_assert_num_queries(REQUETES):
            assert protect_menages() == nombre


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

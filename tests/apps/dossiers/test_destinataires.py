"""To whom one writes: never a guarantor, never someone who died; the curateur or the tuteur where there is one."""

from datetime import date

import pytest
from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Compte, Personne
from maintien.apps.dossiers.destinataires import destinataires
from maintien.apps.dossiers.enums import Protection
from maintien.apps.dossiers.models import Menage
from maintien.apps.organismes.models import Organisme


@pytest.fixture
def compte(bailleur: Organisme) -> Compte:
    return fabriques.compte()


@pytest.fixture
def emilie(compte: Compte) -> Personne:
    personne = fabriques.personne()
    fabriques.occupation(compte, personne)
    return personne


@pytest.fixture
def paul(compte: Compte) -> Personne:
    personne = fabriques.personne("Durand", "Paul", civilite="M.")
    fabriques.occupation(compte, personne, RoleOccupation.COTITULAIRE)
    return personne


@pytest.fixture
def caution(compte: Compte) -> Personne:
    personne = fabriques.personne("Martinez", "Jorge", civilite="M.")
    fabriques.occupation(compte, personne, RoleOccupation.CAUTION)
    return personne


def _noms(menage: Menage) -> list[tuple[str, str]]:
    return [(d.nom, d.qualite) for d in destinataires(menage).personnes]


def test_les_titulaires_d_abord_et_jamais_la_caution(
    compte: Compte, paul: Personne, emilie: Personne, caution: Personne
) -> None:
    menage = fabriques.menage(compte)

    assert _noms(menage) == [("Mme Émilie Martinez", "locataire"), ("M. Paul Durand", "locataire")]
    assert destinataires(menage).avertissements == ()


def test_une_personne_de_deux_comptes_recoit_une_lettre(compte: Compte, emilie: Personne) -> None:
    parking = fabriques.compte()
    fabriques.occupation(parking, emilie)

    assert _noms(fabriques.menage(compte, parking)) == [("Mme Émilie Martinez", "locataire")]


def test_on_n_ecrit_pas_a_une_personne_decedee(compte: Compte, emilie: Personne, paul: Personne) -> None:
    emilie.deces_le = date(2026, 9, 1)
    emilie.save()

    assert _noms(fabriques.menage(compte, deces_le=date(2026, 9, 1))) == [("M. Paul Durand", "locataire")]


def test_le_seul_titulaire_decede_on_s_adresse_a_la_succession(
    compte: Compte, emilie: Personne, caution: Personne
) -> None:
    emilie.deces_le = date(2026, 9, 1)
    emilie.save()

    resultat = destinataires(fabriques.menage(compte))

    assert resultat.personnes == ()
    assert "succession" in resultat.avertissements[0]


def test_un_deces_signale_par_le_bail_seul_vaut_pour_un_menage_d_une_personne(
    compte: Compte, emilie: Personne
) -> None:
    resultat = destinataires(fabriques.menage(compte, deces_le=date(2026, 9, 1)))

    assert resultat.personnes == ()
    assert "succession" in resultat.avertissements[0]


def test_un_deces_sans_nom_dans_un_menage_de_deux_se_verifie(compte: Compte, emilie: Personne, paul: Personne) -> None:
    resultat = destinataires(fabriques.menage(compte, deces_le=date(2026, 9, 1)))

    assert resultat.personnes == ()
    assert "sans dire de qui" in resultat.avertissements[0]


def test_curatelle_on_ecrit_a_la_personne_et_au_curateur(compte: Compte, emilie: Personne) -> None:
    menage = fabriques.menage(compte, protection=Protection.CURATELLE, mandataire="UDAF 31")

    assert _noms(menage) == [("Mme Émilie Martinez", "locataire"), ("UDAF 31", "curateur")]


def test_tutelle_on_ecrit_au_tuteur_et_au_conjoint(compte: Compte, emilie: Personne, paul: Personne) -> None:
    menage = fabriques.menage(compte, protection=Protection.TUTELLE, mandataire="UDAF 31", personne_protegee=emilie)

    assert _noms(menage) == [("M. Paul Durand", "locataire"), ("UDAF 31", "tuteur")]


def test_tutelle_sans_dire_de_qui_on_n_ecrit_qu_au_tuteur(compte: Compte, emilie: Personne, paul: Personne) -> None:
    menage = fabriques.menage(compte, protection=Protection.TUTELLE, mandataire="UDAF 31")

    assert _noms(menage) == [("UDAF 31", "tuteur")]


def test_tutelle_sans_nom_de_tuteur_on_n_ecrit_a_personne(compte: Compte, emilie: Personne) -> None:
    resultat = destinataires(fabriques.menage(compte, protection=Protection.TUTELLE))

    assert resultat.personnes == ()
    assert resultat.avertissements == ("Mesure de tutelle : le nom du tuteur manque, le demander.",)


def test_contact_restreint_se_dit_avant_tout(compte: Compte, emilie: Personne) -> None:
    resultat = destinataires(fabriques.menage(compte, contact_restreint=True))

    assert resultat.is_contact_restreint
    assert "vérifier auprès du référent" in resultat.avertissements[0]


def test_habilitation_familiale_on_ecrit_a_la_personne_habilitee(compte: Compte, emilie: Personne) -> None:
    menage = fabriques.menage(
        compte,
        protection=Protection.HABILITATION,
        mandataire="Mme Rose Martinez",
        mandataire_adresse="4 rue du Pont, 31000 Toulouse",
        personne_protegee=emilie,
    )

    [seule] = destinataires(menage).personnes
    assert (seule.nom, seule.qualite, seule.adresse) == (
        "Mme Rose Martinez",
        "personne habilitée",
        "4 rue du Pont, 31000 Toulouse",
    )


def test_une_dette_s_adresse_aux_locataires_du_bail_qui_la_doit(
    compte: Compte, emilie: Personne, paul: Personne
) -> None:
    """Paul shares the home; the parking space that is owed is Émilie's alone."""
    parking = fabriques.compte()
    fabriques.occupation(parking, emilie)
    fabriques.situation(compte)
    fabriques.situation(parking, dette_exigible_centimes=45_00)

    assert _noms(fabriques.menage(compte, parking)) == [("Mme Émilie Martinez", "locataire")]


def test_la_mesure_d_une_personne_ne_change_rien_a_la_dette_d_une_autre(
    compte: Compte, emilie: Personne, paul: Personne
) -> None:
    parking = fabriques.compte()
    fabriques.occupation(parking, paul)
    fabriques.situation(parking, dette_exigible_centimes=45_00)
    menage = fabriques.menage(
        compte, parking, protection=Protection.TUTELLE, mandataire="UDAF 31", personne_protegee=emilie
    )

    assert _noms(menage) == [("M. Paul Durand", "locataire")]


def test_qui_a_quitte_le_bail_ne_recoit_pas_la_dette_du_suivant(
    compte: Compte, emilie: Personne, paul: Personne
) -> None:
    parti = fabriques.personne("Noël", "Zoé")
    fabriques.bail(compte, reference="ANCIEN", date_sortie=date(2020, 1, 31))
    fabriques.bail(compte, reference="NOUVEAU", date_entree=date(2020, 2, 1))
    fabriques.occupation(compte, parti, bail_reference="ANCIEN")
    fabriques.occupation(compte, paul, bail_reference="NOUVEAU")

    assert [nom for nom, _ in _noms(fabriques.menage(compte))] == ["Mme Émilie Martinez", "M. Paul Durand"]


def test_tous_partis_on_s_adresse_aux_derniers(compte: Compte) -> None:
    avant, apres = fabriques.personne("Noël", "Zoé"), fabriques.personne("Diallo", "Awa")
    for personne, reference, sortie in ((avant, "B1", date(2020, 1, 31)), (apres, "B2", date(2024, 5, 31))):
        fabriques.bail(compte, reference=reference, date_sortie=sortie)
        fabriques.occupation(compte, personne, bail_reference=reference)

    assert _noms(fabriques.menage(compte)) == [("Mme Awa Diallo", "locataire")]

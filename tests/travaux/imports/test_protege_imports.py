"""No file, whatever its order, touches the coordinates of a protected household, or shows them in its report."""

from datetime import date
from pathlib import Path

import pytest
from tests import fabriques
from tests.travaux.imports.aides import BAUX, LOCATAIRES, bail, ecrire, importer, locataire

from maintien.apps.comptes.models import Compte, LigneRefusee, Logement, Occupation, Personne
from maintien.apps.dossiers import attention, levees
from maintien.apps.dossiers.canaux_surs import Voie
from maintien.apps.dossiers.enums import MotifLevee, MotifRestriction, VoieContact
from maintien.apps.dossiers.models import CanalSur, Dossier, Menage, MiseSousProtection
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme

SUR = "0799999999"
NOUVEAU = "0700000000"


def _importer(bailleur: Organisme, dossier: Path, baux: str = "", locataires: str = "") -> None:
    fichiers = [(nom, t) for nom, t in (("baux.csv", baux), ("locataires.csv", locataires)) if t]
    for nom, texte in fichiers:
        importer(bailleur, [ecrire(dossier, nom, (BAUX if nom == "baux.csv" else LOCATAIRES) + texte)])


@pytest.fixture
def duo(bailleur: Organisme) -> tuple[Appartenance, Appartenance]:
    return fabriques.membre(Role.RECOUVREMENT), fabriques.membre(Role.CESF)


@pytest.fixture
def protege(bailleur: Organisme, tmp_path: Path, duo: tuple[Appartenance, Appartenance]) -> Dossier:
    """Émilie (T1) and Paul (T2) on C1, under protection; she is reached at a number of her own."""
    _importer(bailleur, tmp_path, bail(), locataire() + locataire("T2", nom="Durand", role="cotitulaire"))
    menage = Menage.objects.get()
    dossier = fabriques.dossier(menage, referent=duo[0].utilisateur, cesf=duo[1].utilisateur)
    emilie, paul = Personne.objects.get(reference="T1"), Personne.objects.get(reference="T2")
    return attention.place(
        duo[0],
        dossier,
        motif=MotifRestriction.ORDONNANCE,
        depuis=date(2026, 11, 20),
        nommes=[membre.utilisateur_id for membre in duo],
        voies={emilie.pk: Voie(VoieContact.TELEPHONE, SUR)},
        auteur_presume="occupant",
        personne_en_cause=paul.pk,
        version=dossier.version,
    )


def _numeros() -> dict[str, tuple[str, str]]:
    lues = Personne.objects.values_list("reference", "telephone", "courriel")
    return {reference: (telephone, courriel) for reference, telephone, courriel in lues}


def _lever(dossier: Dossier, duo: tuple[Appartenance, Appartenance]) -> None:
    dossier.refresh_from_db()
    levees.ask_lifting(duo[0], dossier, motif=MotifLevee.DEMANDE, version=dossier.version)
    dossier.refresh_from_db()
    levees.answer_lifting(duo[1], dossier, accord=True, version=dossier.version)


ANCIENS = ("0639980001", "emilie@courriel.example")


def test_un_fichier_ne_change_ni_les_coordonnees_ni_la_voie(
    bailleur: Organisme, tmp_path: Path, protege: Dossier
) -> None:
    _importer(
        bailleur,
        tmp_path,
        bail(voie="1 rue Neuve"),
        locataire(telephone=NOUVEAU, courriel="n@exemple.fr", contact_restreint="0")
        + locataire("T2", nom="Durand", role="cotitulaire", telephone=NOUVEAU, contact_restreint="0"),
    )

    assert _numeros() == {"T1": ANCIENS, "T2": ANCIENS}
    assert Logement.objects.get().voie == "32 avenue de la République"
    assert CanalSur.objects.get(personne__reference="T1").valeur == SUR
    menage = Menage.objects.get()
    assert (menage.contact_restreint, menage.lieu) == (True, "")


def test_ni_sous_un_autre_compte_ni_comme_garante(bailleur: Organisme, tmp_path: Path, protege: Dossier) -> None:
    ailleurs = locataire("T1", "C7", bail="B7", role="caution", telephone=NOUVEAU) + locataire(
        "T7", "C7", bail="B7", nom="Roy"
    )

    _importer(bailleur, tmp_path, locataires=ailleurs)

    assert _numeros()["T1"] == ANCIENS
    assert not Menage.objects.get(rattachements__compte__reference="C7").contact_restreint


@pytest.mark.parametrize("ordre", [("baux", "locataires"), ("locataires", "baux")])
def test_le_nouveau_bail_de_la_personne_est_protege_dans_les_deux_ordres(
    bailleur: Organisme, tmp_path: Path, protege: Dossier, ordre: tuple[str, str]
) -> None:
    textes = {
        "baux": bail("B7", "C7", residence="Refuge", voie="9 rue Tue", date_entree="2026-11-01"),
        "locataires": locataire("T1", "C7", bail="B7", telephone=NOUVEAU),
    }

    for genre in ordre:
        _importer(bailleur, tmp_path, **{genre: textes[genre]})

    autre = Menage.objects.get(rattachements__compte__reference="C7")
    assert (autre.contact_restreint, autre.lieu) == (True, "")
    assert "refuge" not in autre.recherche
    assert _numeros()["T1"] == ANCIENS
    assert (
        MiseSousProtection.objects.get(menage=autre).origine_id
        == MiseSousProtection.objects.get(menage=protege.menage).pk
    )


def test_le_depart_du_cotitulaire_ne_decouvre_personne(bailleur: Organisme, tmp_path: Path, protege: Dossier) -> None:
    _importer(bailleur, tmp_path, bail("B8", "C8"), locataire("T2", "C8", bail="B8", nom="Durand", telephone=NOUVEAU))

    assert _numeros() == {"T1": ANCIENS, "T2": ANCIENS}
    assert Menage.objects.get(rattachements__compte__reference="C1").contact_restreint
    assert not MiseSousProtection.objects.filter(menage__rattachements__compte__reference="C8").exists()


def test_le_passage_de_la_dette_a_un_autre_compte_garde_la_protection(
    bailleur: Organisme, tmp_path: Path, protege: Dossier
) -> None:
    couple = locataire("T1", "C9", bail="B9") + locataire("T2", "C9", bail="B9", nom="Durand", role="cotitulaire")

    _importer(bailleur, tmp_path, bail("B9", "C9", date_entree="2020-04-01"), couple)

    menage = Menage.objects.get(rattachements__compte__reference="C9")
    assert (menage.contact_restreint, menage.lieu) == (True, "")


def test_une_personne_arrivee_depuis_n_a_aucune_voie(bailleur: Organisme, tmp_path: Path, protege: Dossier) -> None:
    _importer(bailleur, tmp_path, locataires=locataire("T3", nom="Neuf", role="cotitulaire", telephone="0101010101"))
    _importer(bailleur, tmp_path, locataires=locataire("T3", nom="Neuf", role="cotitulaire", telephone=NOUVEAU))

    assert _numeros()["T3"][0] == "0101010101"


def test_apres_la_levee_les_imports_attendent_qu_on_le_dise(
    bailleur: Organisme, tmp_path: Path, protege: Dossier, duo: tuple[Appartenance, Appartenance]
) -> None:
    _lever(protege, duo)
    neuf = locataire(telephone=NOUVEAU) + locataire("T2", nom="Durand", role="cotitulaire", telephone=NOUVEAU)
    _importer(bailleur, tmp_path, bail(voie="1 rue Neuve"), neuf)
    assert _numeros() == {"T1": ANCIENS, "T2": ANCIENS}
    assert Logement.objects.get().voie == "32 avenue de la République"
    protege.refresh_from_db()
    emilie = Personne.objects.get(reference="T1")

    attention.set_voies(duo[0], protege, voies={emilie.pk: Voie(VoieContact.FICHIER)}, version=protege.version)
    _importer(bailleur, tmp_path, locataires=neuf + "\n")

    assert {reference: numero for reference, (numero, _) in _numeros().items()} == {"T1": NOUVEAU, "T2": ANCIENS[0]}


def test_le_progiciel_qui_restreint_encore_protege_de_nouveau(
    bailleur: Organisme, tmp_path: Path, protege: Dossier, duo: tuple[Appartenance, Appartenance]
) -> None:
    _lever(protege, duo)

    _importer(bailleur, tmp_path, locataires=locataire(contact_restreint="1"))

    assert Menage.objects.get().contact_restreint


def test_une_ligne_refusee_ne_montre_pas_de_coordonnee(bailleur: Organisme, tmp_path: Path, protege: Dossier) -> None:
    trop_long = "06 12 34 56 78 " * 40
    importation = importer(
        bailleur,
        [
            ecrire(
                tmp_path,
                "locataires.csv",
                LOCATAIRES + locataire(telephone=trop_long) + locataire("T4", courriel="x" * 900),
            )
        ],
    )

    lignes = LigneRefusee.objects.filter(fichier__importation=importation)
    assert len(lignes) == 2
    assert all("06 12 34" not in ligne.valeur and "xxxx" not in ligne.valeur for ligne in lignes)
    assert _numeros()["T1"] == ANCIENS


def test_une_ligne_refusee_dit_la_meme_chose_d_un_menage_protege_et_d_un_autre(
    bailleur: Organisme, tmp_path: Path, protege: Dossier
) -> None:
    _importer(bailleur, tmp_path, locataires=locataire("T5", "C5", bail="B5", nom="Roy"))
    importation = importer(
        bailleur,
        [
            ecrire(
                tmp_path,
                "locataires.csv",
                LOCATAIRES
                + locataire("T1", date_naissance="1966-02-31")
                + locataire("T5", "C5", bail="B5", nom="Roy", date_naissance="1966-02-31"),
            )
        ],
    )

    un, autre = LigneRefusee.objects.filter(fichier__importation=importation).order_by("ligne")
    assert (un.colonne, un.valeur, un.motif, un.remede) == (autre.colonne, autre.valeur, autre.motif, autre.remede)


def test_les_tenues_restent_liees_aux_comptes(bailleur: Organisme, protege: Dossier) -> None:
    """The witness: the two people are tenants of C1, so that the checks above are about somebody."""
    assert list(
        Occupation.objects.order_by("personne__reference").values_list("personne__reference", "compte__reference")
    ) == [
        ("T1", "C1"),
        ("T2", "C1"),
    ]
    assert Compte.objects.count() == 1

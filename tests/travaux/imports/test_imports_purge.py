"""Contents of deposits go when they have had their time; what they brought, their sums and counts stay."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests import fabriques
from tests.travaux.imports.aides import ECRITURES, chiffres, ecrire, ecriture, execution_de, fichier_de, importer

from maintien.apps.comptes.models import Ecriture, FichierImporte
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.models import Evenement, Execution
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.imports import deposit, run
from maintien.travaux.imports.depot import path_of
from maintien.travaux.imports.purge import purge, sweep_apercus

CONTENU = ECRITURES + ecriture("E1") + ecriture("E2", montant="x")


def vieillir(organisme: Organisme, jours: float) -> datetime:
    """As if every import of this landlord had been done so many days ago."""
    instant = timezone.now() - timedelta(days=jours)
    with organisme_scope(organisme):
        Execution.objects.exclude(finished_at=None).update(finished_at=instant)
        for fichier in FichierImporte.objects.all():
            if path_of(fichier).exists():
                os.utime(path_of(fichier), (instant.timestamp(), instant.timestamp()))
    return instant


def test_trente_jours_apres_l_import_le_contenu_s_efface(bailleur: Organisme, tmp_path: Path) -> None:
    importation = importer(bailleur, [ecrire(tmp_path, "ecritures.csv", CONTENU)])
    chemin = path_of(fichier_de(importation))

    vieillir(bailleur, 29)
    assert purge().contenus == 0
    assert chemin.is_file()

    vieillir(bailleur, 31)
    assert purge().contenus == 1
    assert not chemin.exists()
    fichier = fichier_de(importation)
    assert fichier.efface_le is not None
    assert (fichier.nom, fichier.taille, fichier.lignes) == ("ecritures.csv", len(CONTENU), 2)
    assert chiffres(importation) == (1, 1, 0)
    assert Ecriture.objects.count() == 1
    ligne = Evenement.objects.get(acte="import.effacer")
    assert (ligne.objet_id, ligne.acteur_id, ligne.details) == (importation.pk, None, {"fichiers": 1})
    assert purge().contenus == 0
    assert Evenement.objects.filter(acte="import.effacer").count() == 1


def test_la_duree_se_regle(bailleur: Organisme, tmp_path: Path, settings: Any) -> None:
    settings.MAINTIEN_DEPOTS_JOURS = 5
    importer(bailleur, [ecrire(tmp_path, "ecritures.csv", CONTENU)])
    vieillir(bailleur, 6)

    assert purge().contenus == 1


def test_un_import_qui_attend_garde_son_contenu(bailleur: Organisme, tmp_path: Path) -> None:
    importation = deposit(bailleur, "pivot", [ecrire(tmp_path, "ecritures.csv", CONTENU)], sonner=False)
    vieillir(bailleur, 400)

    assert purge().contenus == 0
    assert path_of(fichier_de(importation)).is_file()


def test_un_contenu_de_deux_bailleurs_attend_le_dernier(
    bailleur: Organisme, autre_bailleur: Organisme, tmp_path: Path
) -> None:
    chemin = ecrire(tmp_path, "ecritures.csv", CONTENU)
    le_mien = importer(bailleur, [chemin])
    with organisme_scope(autre_bailleur):
        importer(autre_bailleur, [chemin])
    vieillir(bailleur, 31)

    assert purge().contenus == 0
    assert path_of(fichier_de(le_mien)).is_file()

    vieillir(autre_bailleur, 31)
    assert purge().contenus == 1
    assert fichier_de(le_mien).efface_le is not None
    with organisme_scope(autre_bailleur):
        assert FichierImporte.objects.get().efface_le is not None


def test_le_meme_fichier_depose_de_nouveau_se_lit_de_nouveau(bailleur: Organisme, tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, "ecritures.csv", CONTENU)
    importer(bailleur, [chemin])
    vieillir(bailleur, 31)
    purge()

    assert chiffres(importer(bailleur, [chemin])) == (0, 1, 1)


def test_ce_qu_un_depot_tue_a_laisse_s_en_va(bailleur: Organisme, settings: Any) -> None:
    """A draft, and a content that no row names; those of today may be in use."""
    depots = Path(settings.MAINTIEN_DONNEES) / "depots"
    vieux = (timezone.now() - timedelta(days=31)).timestamp()
    for nom, age in ((".a.brouillon", vieux), ("ab/abcd", vieux), (".b.brouillon", None), ("ab/abce", None)):
        fichier = ecrire((depots / nom).parent, (depots / nom).name, "x")
        if age:
            os.utime(fichier, (age, age))

    assert purge().contenus == 1
    assert sorted(f.name for f in depots.rglob("*") if f.is_file()) == [".b.brouillon", "abce"]


def test_un_apercu_oublie_un_jour_et_une_session_finie_s_en_vont(bailleur: Organisme, settings: Any) -> None:
    apercus = Path(settings.MAINTIEN_DONNEES) / "apercus"
    for nom, heures in (("a" * 32, 25), ("b" * 32, 23)):
        ecrire(apercus / nom, "e.csv", "x")
        instant = (timezone.now() - timedelta(hours=heures)).timestamp()
        os.utime(apercus / nom, (instant, instant))
    maintenant = timezone.now()
    for cle, fin in (("finie", -1), ("vivante", 1)):
        Session.objects.create(session_key=cle, session_data="", expire_date=maintenant + timedelta(hours=fin))

    efface = purge()

    assert (efface.apercus, efface.sessions) == (1, 1)
    assert [dossier.name for dossier in apercus.iterdir()] == ["b" * 32]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["vivante"]
    assert sweep_apercus() == 0


def test_un_contenu_disparu_est_une_phrase(bailleur: Organisme, tmp_path: Path) -> None:
    importation = deposit(
        bailleur,
        "pivot",
        [ecrire(tmp_path, "perdu.csv", CONTENU), ecrire(tmp_path, "la.csv", ECRITURES + ecriture("E3"))],
        fabriques.utilisateur(),
        sonner=False,
    )
    path_of(FichierImporte.objects.get(nom="perdu.csv")).unlink()

    run(execution_de(importation).pk)

    perdu = FichierImporte.objects.get(nom="perdu.csv")
    assert perdu.message == "perdu.csv : son contenu n'est plus sur le disque ; déposez-le de nouveau."
    assert list(Ecriture.objects.values_list("reference", flat=True)) == ["E3"]


def test_un_disque_qui_refuse_est_une_phrase(
    bailleur: Organisme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    importation = deposit(bailleur, "pivot", [ecrire(tmp_path, "e.csv", CONTENU)], sonner=False)

    def refuser(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("maintien.travaux.imports.passage.import_fichier", refuser)
    execution = run(execution_de(importation).pk)

    assert execution is not None
    assert execution.message.startswith(
        "Le disque a refusé une lecture ou une écriture ; ce qui était fini est gardé."
    )
    assert "No space left" in caplog.text

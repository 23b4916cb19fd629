"""The Parquet mirror follows the deliveries, and is made again when it cannot."""

import shutil
from pathlib import Path

import pytest
from tests.travaux.imports.aides import ECRITURES, ecrire, ecriture, importer

from maintien.apps.comptes.models import Ecriture, Livraison
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.declencheurs import lifted
from maintien.apps.socle.proprietaire import as_owner
from maintien.travaux import miroir

pytestmark = pytest.mark.usefixtures("avec_miroir")


def livrer(organisme: Organisme, dossier: Path, *references: str) -> None:
    texte = ECRITURES + "".join(ecriture(r, periode="2020-04", date_exigibilite="2020-04-05") for r in references)
    importer(organisme, [ecrire(dossier, "ecritures.csv", texte)])


def references(organisme: Organisme) -> list[str]:
    return sorted(miroir.mirror_of(organisme).lire().column("reference_ecriture").to_pylist())


def test_un_import_met_le_miroir_a_jour(bailleur: Organisme, tmp_path: Path) -> None:
    livrer(bailleur, tmp_path, "E1", "E2")
    livrer(bailleur, tmp_path, "E2", "E3")
    assert references(bailleur) == ["E1", "E2", "E3"]
    assert miroir.mirror_of(bailleur).numero == 2
    table = miroir.mirror_of(bailleur).lire()
    ligne = {nom: table.column(nom)[0].as_py() for nom in table.column_names}
    stockee = Ecriture.objects.get(reference=ligne["reference_ecriture"])
    assert (ligne["reference_compte"], ligne["code"], ligne["debit"], ligne["credit"]) == ("C1", "LOY", 45000, 0)
    assert (ligne["date_comptable"], ligne["periode"]) == (stockee.date_comptable, 2020 * 12 + 3)
    assert (ligne["date_valeur"], ligne["ordre"]) == (None, stockee.pk)


def test_un_import_sans_nouveaute_ne_touche_pas_au_miroir(bailleur: Organisme, tmp_path: Path) -> None:
    livrer(bailleur, tmp_path, "E1")
    avant = miroir.mirror_of(bailleur).numero
    livrer(bailleur, tmp_path, "E1")
    assert miroir.mirror_of(bailleur).numero == avant == 1
    assert miroir.catch_up(bailleur) == 1


def test_un_miroir_perdu_en_avance_ou_abime_est_refait(bailleur: Organisme, tmp_path: Path) -> None:
    livrer(bailleur, tmp_path, "E1", "E2")
    dossier = miroir.mirror_of(bailleur).dossier
    shutil.rmtree(dossier)
    assert miroir.catch_up(bailleur) == 1
    assert references(bailleur) == ["E1", "E2"]
    miroir.mirror_of(bailleur).reconstruire(9, iter(()))
    assert miroir.catch_up(bailleur) == 1
    assert references(bailleur) == ["E1", "E2"]
    for manifeste in dossier.glob("*.json"):
        manifeste.write_text("{", encoding="utf-8")
    assert miroir.catch_up(bailleur) == 1
    assert references(bailleur) == ["E1", "E2"]


def test_un_grand_retard_se_rattrape_par_lots(
    bailleur: Organisme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    livrer(bailleur, tmp_path, "E1")
    monkeypatch.setattr(miroir, "catch_up", lambda _: 0)
    livrer(bailleur, tmp_path, "E2", "E3", "E4")
    monkeypatch.undo()
    monkeypatch.setattr(miroir, "AJOUT_MAXIMUM", 1)
    monkeypatch.setattr(miroir, "LOT", 2)
    assert miroir.catch_up(bailleur) == 2
    assert references(bailleur) == ["E1", "E2", "E3", "E4"]


def test_un_bailleur_sans_ecriture_a_un_miroir_vide(bailleur: Organisme) -> None:
    assert miroir.catch_up(bailleur) == 0
    assert miroir.mirror_of(bailleur).lire().num_rows == 0


def _restaurer(numero: int) -> None:
    """The database as a backup taken after delivery `numero` gives it back: what came later was never there."""
    perdues = Livraison.objects.filter(numero__gt=numero)
    with as_owner() as connection, lifted(connection):
        Ecriture.objects.filter(livraison__in=perdues).delete()
        perdues.delete()


@pytest.mark.django_db(transaction=True)
def test_un_miroir_d_une_autre_histoire_est_refait(bailleur: Organisme, tmp_path: Path) -> None:
    """Restored to delivery 1, then another file comes as delivery 2: it passed for up to date."""
    livrer(bailleur, tmp_path, "E1")
    livrer(bailleur, tmp_path, "PERDUE")
    avant = miroir.mirror_of(bailleur).derniere
    _restaurer(1)

    livrer(bailleur, tmp_path, "NEUVE")

    assert references(bailleur) == ["E1", "NEUVE"]
    apres = miroir.mirror_of(bailleur).derniere
    assert (avant[0], apres[0]) == (2, 2)
    assert apres[1] == Livraison.objects.get(numero=2).identifiant != avant[1]


@pytest.mark.django_db(transaction=True)
def test_un_miroir_d_une_autre_histoire_et_en_retard_est_refait(
    bailleur: Organisme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    livrer(bailleur, tmp_path, "E1")
    livrer(bailleur, tmp_path, "PERDUE")
    _restaurer(1)
    monkeypatch.setattr(miroir, "catch_up", lambda _: 0)
    livrer(bailleur, tmp_path, "NEUVE")
    livrer(bailleur, tmp_path, "SUIVANTE")
    monkeypatch.undo()

    assert miroir.catch_up(bailleur) == 3
    assert references(bailleur) == ["E1", "NEUVE", "SUIVANTE"]


def test_une_livraison_sans_identifiant_n_est_pas_crue(bailleur: Organisme, tmp_path: Path) -> None:
    """As those made before identifiers: the mirror is made again, once it has one, it is kept."""
    livrer(bailleur, tmp_path, "E1")
    Livraison.objects.update(identifiant="")
    miroir.mirror_of(bailleur).reconstruire(1, iter(()))

    assert miroir.catch_up(bailleur) == 1
    assert references(bailleur) == ["E1"]

"""The mirror: what goes in comes out, and it is never half written."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.conftest import RACINE, TOUT
from tests.moteurs.livraisons import COMPTES_PAR_SEAU, Livraisons

from maintien.moteurs.colonnes import manifeste as module_manifeste
from maintien.moteurs.colonnes.fusion import preparer_table
from maintien.moteurs.colonnes.manifeste import MiroirIllisibleError, lire_manifeste
from maintien.moteurs.colonnes.miroir import Miroir, MiroirEnEcartError
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES
from maintien.moteurs.colonnes.seaux import SCHEMA_SEAU
from maintien.moteurs.colonnes.verification import Ecart, comparer, verifier_fichiers

pytestmark = pytest.mark.moteurs

LIVRAISONS = Livraisons()


def _triee(*tables: Any) -> Any:
    return pa.concat_tables(tables).sort_by("ordre").combine_chunks()


def _remplir(dossier: Path, dernier: int) -> Miroir:
    miroir = Miroir(dossier, COMPTES_PAR_SEAU)
    for numero in range(1, dernier + 1):
        miroir.ajouter(numero - 1, numero, LIVRAISONS.table(numero))
    return miroir


def test_an_empty_folder_is_an_empty_mirror(tmp_path: Path) -> None:
    miroir = Miroir(tmp_path / "absent")

    assert miroir.numero == 0
    assert len(miroir.lire()) == 0


def test_what_was_added_is_read_back(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 6)

    assert miroir.numero == 6
    assert _triee(miroir.lire()).equals(_triee(*LIVRAISONS.toutes(6)))
    assert comparer(miroir, LIVRAISONS.toutes(6)) == []
    assert verifier_fichiers(tmp_path) == []


def test_only_the_accounts_asked_for_are_read(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 4)

    lus = miroir.lire(["C0003", "C0011", "INCONNU"])

    toutes = pa.concat_tables(LIVRAISONS.toutes(4)).to_pylist()
    attendues = sorted(
        ligne["reference_ecriture"] for ligne in toutes if ligne["reference_compte"] in ("C0003", "C0011")
    )
    assert sorted(lus.column("reference_ecriture").to_pylist()) == attendues


def test_buckets_are_ranges_of_accounts_of_bounded_size(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 10)

    with miroir.ouvrir() as instantane:
        comptes = [compte for seau in instantane.seaux for compte in seau.comptes.to_pylist()]
        tailles = [len(seau.comptes) for seau in instantane.seaux]
    assert comptes == sorted(set(comptes))
    assert max(tailles) <= COMPTES_PAR_SEAU
    assert sum(tailles) >= 25


def test_an_import_rewrites_only_the_buckets_of_its_accounts(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 10)
    avant = lire_manifeste(tmp_path).seaux
    table = LIVRAISONS.table(11)
    une = table.filter(pa.compute.equal(table.column("reference_compte"), table.column("reference_compte")[0]))

    miroir.ajouter(10, 11, une)

    apres = lire_manifeste(tmp_path).seaux
    assert len(set(avant) - set(apres)) == 1
    assert {chemin.name for chemin in tmp_path.glob("seau-*")} == {f.nom for seau in apres for f in seau.fichiers}


def test_the_prepared_rows_are_those_of_a_whole_rebuild(tmp_path: Path) -> None:
    """Merged delivery after delivery or prepared at once: the same integers for the kernel."""
    miroir = _remplir(tmp_path, 7)

    with miroir.ouvrir() as instantane:
        lues = pa.concat_tables(
            [
                seau.lire_groupe(groupe, tuple(SCHEMA_SEAU.names)).cast(SCHEMA_SEAU)
                for seau in instantane.seaux
                for groupe in range(len(seau.bornes_des_groupes()) - 1)
            ]
        )
    assert lues.equals(preparer_table(pa.concat_tables(LIVRAISONS.toutes(7))))


def test_the_last_delivery_of_each_account_is_kept(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 5)
    attendues: dict[str, int] = {}
    for numero in range(1, 6):
        attendues |= dict.fromkeys(LIVRAISONS.table(numero).column("reference_compte").to_pylist(), numero)

    with miroir.ouvrir() as instantane:
        lues = {
            compte: int(livraison)
            for seau in instantane.seaux
            for compte, livraison in zip(seau.comptes.to_pylist(), seau.livraisons, strict=True)
        }
    assert lues == attendues


def test_the_same_delivery_twice_is_one(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 3)
    avant = lire_manifeste(tmp_path)

    miroir.ajouter(2, 3, LIVRAISONS.table(3))

    assert lire_manifeste(tmp_path) == avant


def test_of_one_reference_the_first_delivered_is_kept(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 1)
    lignes = LIVRAISONS.table(1).slice(0, 2).to_pylist()
    for ligne in lignes:
        ligne["debit"], ligne["ordre"] = ligne["debit"] + 1, 900
    repetees = pa.Table.from_pylist(lignes, schema=SCHEMA_ECRITURES)

    miroir.ajouter(1, 2, pa.concat_tables([LIVRAISONS.table(2), repetees]))

    assert _triee(miroir.lire()).equals(_triee(*LIVRAISONS.toutes(2)))


def test_a_gap_is_refused_and_a_rebuild_closes_it(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 2)

    with pytest.raises(MiroirEnEcartError, match=r"jusqu'à la 2 .* partir de la 3 ; il faut le reconstruire"):
        miroir.ajouter(3, 4, LIVRAISONS.table(4))
    miroir.reconstruire(4, LIVRAISONS.toutes(4))

    assert miroir.numero == 4
    assert comparer(miroir, LIVRAISONS.toutes(4)) == []


def test_a_mirror_can_be_made_again_from_nothing(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 2)

    miroir.reconstruire(0, [])

    assert len(miroir.lire()) == 0
    assert list(tmp_path.glob("seau-*")) == []


def test_a_comparison_names_the_accounts_that_differ(tmp_path: Path) -> None:
    lignes = [
        {**ligne, "reference_compte": f"C{rang // 30}"} for rang, ligne in enumerate(LIVRAISONS.table(1).to_pylist())
    ]
    miroir = Miroir(tmp_path)
    miroir.ajouter(0, 1, pa.Table.from_pylist(lignes, schema=SCHEMA_ECRITURES))
    solde = sum(ligne["debit"] - ligne["credit"] for ligne in lignes[30:])
    lignes[35]["debit"] += 7
    lignes.append({**lignes[0], "reference_compte": "C9", "debit": 12, "credit": 0})

    ecarts = comparer(miroir, [pa.Table.from_pylist(lignes, schema=SCHEMA_ECRITURES)])

    assert ecarts == [Ecart("C1", 30, 30, solde + 7, solde), Ecart("C9", 1, 0, 12, 0)]


def test_an_altered_or_missing_file_is_named(tmp_path: Path) -> None:
    _remplir(tmp_path, 1)
    seau = lire_manifeste(tmp_path).seaux[0]
    chemin = tmp_path / seau.ecritures.nom
    octets = bytearray(chemin.read_bytes())
    octets[100] ^= 1
    chemin.write_bytes(octets)
    (tmp_path / seau.index.nom).unlink()

    assert verifier_fichiers(tmp_path) == [
        f"Le fichier {seau.ecritures.nom} du miroir a été modifié depuis son écriture.",
        f"Le fichier {seau.index.nom} du miroir manque.",
    ]
    with pytest.raises(MiroirIllisibleError, match="il faut reconstruire le miroir"):
        Miroir(tmp_path).ouvrir()


@pytest.mark.parametrize("contenu", ["", "{", '{"format": 99, "seaux": []}', '{"format": 1}', "[]"])
def test_an_unreadable_manifest_is_said_and_can_be_rebuilt(tmp_path: Path, contenu: str) -> None:
    miroir = _remplir(tmp_path, 1)
    (tmp_path / "manifeste.json").write_text(contenu, encoding="utf-8")

    with pytest.raises(MiroirIllisibleError, match="reconstruire"):
        miroir.lire()
    miroir.reconstruire(1, LIVRAISONS.toutes(1))

    assert comparer(miroir, LIVRAISONS.toutes(1)) == []


def test_a_reader_keeps_its_state_while_a_writer_replaces_it(tmp_path: Path) -> None:
    miroir = _remplir(tmp_path, 2)

    with miroir.ouvrir() as instantane:
        miroir.ajouter(2, 3, LIVRAISONS.table(3))
        lignes = sum(len(seau.lire_groupe(0, ("ordre",))) for seau in instantane.seaux)

    assert lignes == 120
    assert len(miroir.lire()) == 180


class TueError(BaseException):
    """Stands for a kill: nothing that follows is run, not even what tidies up."""


def _tuer_au(monkeypatch: pytest.MonkeyPatch, rang: int) -> None:
    """Raise at the nth durable act: a file made safe, the manifest swapped, a stale file deleted."""
    restants = [rang]

    def compter(fonction: Callable[..., Any]) -> Callable[..., Any]:
        def suite(*args: Any, **options: Any) -> Any:
            restants[0] -= 1
            if restants[0] < 0:
                raise TueError
            return fonction(*args, **options)

        return suite

    monkeypatch.setattr(module_manifeste.os, "fsync", compter(os.fsync))
    monkeypatch.setattr(Path, "replace", compter(Path.replace))
    monkeypatch.setattr(Path, "unlink", compter(Path.unlink))


@pytest.mark.pannes
@pytest.mark.parametrize("reconstruit", [False, True])
def test_stopped_at_any_act_it_is_the_old_state_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, reconstruit: bool
) -> None:
    etats = set()
    _remplir(tmp_path / "depart", 2)
    for rang in range(200):
        dossier = tmp_path / str(rang)
        shutil.copytree(tmp_path / "depart", dossier)
        miroir = Miroir(dossier, COMPTES_PAR_SEAU)
        with monkeypatch.context() as pose:
            _tuer_au(pose, rang)
            try:
                if reconstruit:
                    miroir.reconstruire(3, LIVRAISONS.toutes(3))
                else:
                    miroir.ajouter(2, 3, LIVRAISONS.table(3))
            except TueError:
                pass
            else:
                break
        etats.add(miroir.numero)
        assert comparer(miroir, LIVRAISONS.toutes(miroir.numero)) == []
        miroir.ajouter(miroir.numero, 4, pa.concat_tables(LIVRAISONS.toutes(4)[miroir.numero :]))
        assert comparer(miroir, LIVRAISONS.toutes(4)) == []
        utiles = {f.nom for seau in lire_manifeste(dossier).seaux for f in seau.fichiers}
        assert {chemin.name for chemin in dossier.iterdir()} == {*utiles, "manifeste.json", "verrou"}

    assert etats == {2, 3}
    assert rang > 6


@pytest.mark.pannes
def test_killed_at_random_it_holds_exactly_its_deliveries(tmp_path: Path) -> None:
    hasard = random.Random(11)  # noqa: S311 - a test
    miroir = Miroir(tmp_path, COMPTES_PAR_SEAU)
    environnement = {**os.environ, "PYTHONPATH": f"{RACINE / 'src'}{os.pathsep}{RACINE}"}
    for _ in range(100 if TOUT else 2):
        with subprocess.Popen(
            [sys.executable, "-m", "tests.moteurs.livraisons", str(tmp_path), "5"],
            env=environnement,
            cwd=RACINE,
            stdout=subprocess.PIPE,
        ) as processus:
            assert processus.stdout is not None
            assert processus.stdout.readline() == b"pret\n"
            time.sleep(hasard.uniform(0, 1.0))
            processus.kill()
        assert verifier_fichiers(tmp_path) == []
        assert comparer(miroir, Livraisons(5).toutes(miroir.numero)) == []

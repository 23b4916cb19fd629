"""The command line in French: every help page, every kind of wrong use."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from maintien.cli.principal import app, main

# Words that the library would say; none is a French word, nor a value of ours.
ANGLAIS = re.compile(
    r"default|required|\brange\b|\bstr\b|\bint\b|\bpath\b|\blist\b|Show|exit|Usage:|Options:|Arguments:|Commands:|\bARGS\b"
    r"|COMMAND\b|<=|Input|should|\bvalid\b|value\b|Error|Missing|No such|unexpected|does not|\bis\b",
    re.IGNORECASE,
)


def _commandes(groupe: Any, chemin: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield chemin
    for nom, commande in getattr(groupe, "commands", {}).items():
        yield from _commandes(commande, (*chemin, nom))


COMMANDES = list(_commandes(get_command(app)))


def test_toutes_les_commandes_sont_vues() -> None:
    assert ("demo",) in COMMANDES
    assert ("organisme", "creer") in COMMANDES


@pytest.mark.parametrize("largeur", [60, 80, 200])
@pytest.mark.parametrize("chemin", COMMANDES, ids=" ".join)
def test_l_aide_est_en_francais(chemin: tuple[str, ...], largeur: int) -> None:
    resultat = CliRunner().invoke(app, [*chemin, "--help"], env={"COLUMNS": str(largeur)}, terminal_width=largeur)

    # Names of options and of files are ours.
    aide = re.sub(r"(?<=\s)--[a-z-]+", "", resultat.stdout)
    assert resultat.exit_code == 0
    assert ANGLAIS.findall(aide) == []


def test_l_aide_dit_les_bornes_et_le_defaut() -> None:
    aide = CliRunner().invoke(app, ["demo", "--help"], terminal_width=200).stdout

    assert "--port <entier>  Port du site.  [par défaut : 8000 ; de 1 à 65535]" in aide
    assert "[par défaut : 127.0.0.1]" in aide


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        (["demo", "--port", "abc"], "'--port' : il faut un nombre entier de 1 à 65535. (aide : maintien demo --help)"),
        (["demo", "--port", "0"], "'--port' : il faut un nombre entier de 1 à 65535. (aide : maintien demo --help)"),
        (["demo", "--port"], "L'option --port attend une valeur."),
        (["demo", "--sans-serveur=3"], "L'option --sans-serveur se donne seule, sans valeur."),
        (
            ["demo", "--por", "3"],
            "L'option --por n'existe pas. Vouliez-vous dire --port ? (aide : maintien demo --help)",
        ),
        (["demo", "trop"], "Il y a un argument de trop. (aide : maintien demo --help)"),
        (["zut"], "Cette commande n'existe pas. (aide : maintien --help)"),
        (["importer"], "Il manque 'FICHIER'. (aide : maintien importer --help)"),
        (
            ["situation", "--moteur", "x", "--baux", "b", "--ecritures", "e", "--au", "2026-01-01", "--sortie", "s"],
            (
                "'--moteur' : la valeur n'est pas dans la liste permise (coeur, colonnes). "
                "(aide : maintien situation --help)"
            ),
        ),
    ],
)
def test_un_mauvais_usage_est_une_phrase_en_francais(
    arguments: list[str], attendu: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit) as sortie:
        main(arguments)

    assert sortie.value.code == 2
    assert capsys.readouterr().err == f"{attendu}\n"

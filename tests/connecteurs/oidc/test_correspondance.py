"""Rules from groups to roles: a faulty file is refused with the rule and what to write."""

import pytest

from maintien.connecteurs.oidc.correspondance import CorrespondanceError, Regle, read_correspondance

ROLES = ("recouvrement", "cesf", "administrateur")
REGLE = "{revendication: groups, valeur: G1, organisme: HTR, role: cesf, secteur: NORD}"


def test_un_fichier_juste() -> None:
    lue = read_correspondance("c.yaml", f"version: 1\nsans_regle: suspendre\nregles:\n  - {REGLE}\n", ROLES)

    assert lue.regles == (Regle("groups", "G1", "HTR", "cesf", "NORD"),)
    assert (lue.sans_regle, lue.organismes()) == ("suspendre", ["HTR"])


@pytest.mark.parametrize(
    ("revendications", "trouvee"),
    [
        ({"groups": ["G0", "G1"]}, True),
        ({"groups": "G1"}, True),
        ({"groups": "G1,G2"}, False),
        ({"groups": ["g1"]}, False),
        ({"groups": {"G1": 1}}, False),
        ({"groups": None}, False),
        ({}, False),
    ],
)
def test_une_valeur_se_compare_entiere(revendications: dict[str, object], trouvee: bool) -> None:
    lue = read_correspondance("c.yaml", f"version: 1\nregles:\n  - {REGLE}\n", ROLES)

    assert (lue.choose("HTR", revendications) is not None) is trouvee
    assert lue.choose("AUTRE", revendications) is None


def test_un_siret_reste_un_texte() -> None:
    texte = "version: 1\nregles:\n  - {revendication: siret, valeur: 03002526500013, organisme: HTR, role: cesf}\n"

    assert read_correspondance("c.yaml", texte, ROLES).choose("HTR", {"siret": "03002526500013"}) is not None


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("regles: []\n", "c.yaml : écrire « version: 1 »"),
        ("version: 2\nregles: []\n", "c.yaml : écrire « version: 1 »"),
        ("version: 1\nregles: []\n", "« regles » est une liste d'au moins une règle"),
        ("version: 1\nsans_regle: effacer\nregles: [x]\n", "« sans_regle » vaut conserver ou suspendre"),
        ("version: 1\nautre: 1\nregles: [x]\n", "sans autre clé"),
        ("version: 1\nregles: [x]\n", "c.yaml, règle 1 : écrire des clés"),
        (f"version: 1\nregles:\n  - {REGLE.replace('secteur', 'secteurs')}\n", "clé inconnue « secteurs »"),
        (f"version: 1\nregles:\n  - {REGLE.replace('role: cesf', 'role: chef')}\n", "le rôle « chef » n'existe pas"),
        (f"version: 1\nregles:\n  - {REGLE.replace('valeur: G1, ', '')}\n", "règle 1 : « valeur » manque"),
        (f"version: 1\nregles:\n  - {REGLE}\n  - {{role: cesf, role: cesf}}\n", "est donnée deux fois"),
        ("version: 1\nregles: [\n", "mal formé"),
    ],
)
def test_un_fichier_faux_dit_ou_et_quoi(texte: str, phrase: str) -> None:
    with pytest.raises(CorrespondanceError) as refus:
        read_correspondance("c.yaml", texte, ROLES)

    assert phrase in str(refus.value)

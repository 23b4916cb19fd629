"""Damage at random: never a trace, every line a record, a refusal or a declared non-entry, bounded everything."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connecteurs.exports.aides import ENTETE_ERP, ENTETE_PIVOT, TITRE_ERP, Lu, compte_lignes, lire, profil_livre

from maintien.connecteurs.exports.erreurs import FichierRefuseError, ProfilInvalideError
from maintien.connecteurs.exports.profil import analyse_profil, dossier_profils

_PIVOT = ENTETE_PIVOT + "".join(
    f'E{i},C{i % 3},2020-04-0{i % 9 + 1},,2020-04-05,2020-04,LOY,"LOYER, É",{i}50.00,,,,2020-04|2020-05\n'
    for i in range(12)
)
_ERP = (
    TITRE_ERP
    + ENTETE_ERP
    + "".join(
        f"C0000000{i};ÉMILE;00000001019{i};0{i}/05/2020;;05/06/2020;05/2020;513;VIRT; MOIS 4;1\u00a0{i}54,06-\r\n"
        for i in range(1, 9)
    )
    + "TOTAL GENERAL;;;;;;;;8 ECRITURES;-9 232,48\r\n"
)
_MORCEAUX = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [b'"', b";", b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff\xfe", b"\xa0", b"=cmd|' /C calc'!A0", b"1e9"]
    ),
)
_COUPS = st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 12), _MORCEAUX), min_size=1, max_size=6)

pytestmark = pytest.mark.proprietes


def _abime(contenu: bytes, coups: list[tuple[int, int, bytes]]) -> bytes:
    for place, longueur, morceau in coups:
        debut = place % (len(contenu) + 1)
        contenu = contenu[:debut] + morceau + contenu[debut + longueur :]
    return contenu


def _lit_ou_refuse(contenu: bytes, nom: str, profil: str) -> Lu | None:
    with TemporaryDirectory() as dossier:
        chemin = Path(dossier) / nom
        chemin.write_bytes(contenu)
        try:
            return lire(chemin, profil_livre(profil))
        except FichierRefuseError as refus:
            phrase = str(refus)
    assert phrase.startswith(f"{nom} : ")
    assert "\n" not in phrase
    return None


def _verifie(lu: Lu | None, contenu: bytes) -> None:
    if lu is None:
        return
    lignes = contenu.count(b"\n") + (not contenu.endswith(b"\n"))
    assert lu.bilan.lignes == compte_lignes(lu.bilan) == lignes
    assert len(lu.refus) == lu.bilan.refusees
    numeros = [e.ligne for e in lu.ecritures] + [r.ligne for r in lu.refus]
    assert len(numeros) == len(set(numeros))
    assert all(1 <= numero <= lignes for numero in numeros)
    for refus in lu.refus:
        assert refus.motif
        assert refus.remede
        assert len(refus.valeur) <= 1_000


@given(_COUPS)
def test_un_fichier_pivot_abime_au_hasard(coups: list[tuple[int, int, bytes]]) -> None:
    contenu = _abime(_PIVOT.encode(), coups)
    _verifie(_lit_ou_refuse(contenu, "ecritures.csv", "pivot"), contenu)


@given(_COUPS)
def test_un_export_abime_au_hasard(coups: list[tuple[int, int, bytes]]) -> None:
    contenu = _abime(_ERP.encode("cp1252"), coups)
    _verifie(_lit_ou_refuse(contenu, "EXTRACT_GL_LOC_202005.csv", "erp_a"), contenu)


@given(st.binary(max_size=400))
def test_des_octets_quelconques(contenu: bytes) -> None:
    _verifie(_lit_ou_refuse(contenu, "ecritures.csv", "pivot"), contenu)


@given(st.integers(1, len(_ERP.encode("cp1252")) - 3))
def test_un_export_coupe_n_importe_ou_est_refuse(longueur: int) -> None:
    assert _lit_ou_refuse(_ERP.encode("cp1252")[:longueur], "EXTRACT_GL_LOC_202005.csv", "erp_a") is None


@given(st.lists(st.tuples(st.integers(0, 6_000), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=4))
def test_un_profil_abime_au_hasard(coups: list[tuple[int, int, bytes]]) -> None:
    texte = _abime((dossier_profils() / "erp_a.yaml").read_bytes(), coups).decode("utf-8", errors="replace")
    phrase = "Profil essai.yaml, "
    try:
        analyse_profil("essai.yaml", texte)
    except ProfilInvalideError as erreur:
        phrase = str(erreur)
    assert phrase.startswith("Profil essai.yaml, ")
    assert "\n" not in phrase

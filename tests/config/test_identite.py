"""The identity provider read from the environment: nothing, or everything it takes, or one sentence."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from maintien.config.identite import lire_oidc

BASE = {
    "MAINTIEN_OIDC_EMETTEUR": "https://auth.exemple.fr/api/v2",
    "MAINTIEN_OIDC_CLIENT": "maintien",
    "MAINTIEN_OIDC_SECRET": "s",
}


@pytest.fixture(autouse=True)
def sans_rien(monkeypatch: pytest.MonkeyPatch) -> None:
    for nom in ("NOM", "PORTEES", "ACR_DEMANDES", "ACR_SECOND_FACTEUR", "COURRIEL_VERIFIE", "CORRESPONDANCE"):
        monkeypatch.delenv(f"MAINTIEN_OIDC_{nom}", raising=False)


def _poser(monkeypatch: pytest.MonkeyPatch, **autres: str) -> None:
    for nom, valeur in {**BASE, **{f"MAINTIEN_OIDC_{cle}": valeur for cle, valeur in autres.items()}}.items():
        monkeypatch.setenv(nom, valeur)


def test_sans_emetteur_il_n_y_a_pas_de_fournisseur(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAINTIEN_OIDC_EMETTEUR", raising=False)

    assert lire_oidc() is None


def test_par_defaut_rien_n_est_cru_sur_parole(monkeypatch: pytest.MonkeyPatch) -> None:
    _poser(monkeypatch)

    reglages = lire_oidc()

    assert reglages is not None
    assert (reglages.nom, reglages.origine) == ("ProConnect", "https://auth.exemple.fr")
    assert (reglages.acr_second_facteur, reglages.is_courriel_verifie, reglages.correspondance) == ((), False, None)
    assert reglages.portees[:2] == ("openid", "email")


def test_tout_se_regle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fichier = tmp_path / "c.yaml"
    fichier.touch()
    _poser(
        monkeypatch,
        NOM="Annuaire",
        ACR_SECOND_FACTEUR="eidas2 amr:hwk",
        COURRIEL_VERIFIE="1",
        CORRESPONDANCE=str(fichier),
    )

    reglages = lire_oidc()

    assert reglages is not None
    assert (reglages.nom, reglages.acr_second_facteur) == ("Annuaire", ("eidas2", "amr:hwk"))
    assert (reglages.is_courriel_verifie, reglages.correspondance) == (True, fichier)


@pytest.mark.parametrize(
    ("autres", "phrase"),
    [
        ({"EMETTEUR": "http://auth.exemple.fr"}, "doit être une adresse https"),
        ({"EMETTEUR": "auth.exemple.fr"}, "doit être une adresse https"),
        ({"SECRET": ""}, "MAINTIEN_OIDC_SECRET manque"),
        ({"PORTEES": "email"}, "doit contenir openid"),
        ({"COURRIEL_VERIFIE": "oui"}, "vaut 0 ou 1"),
        ({"CORRESPONDANCE": "/nulle/part.yaml"}, "n'existe pas"),
    ],
)
def test_un_reglage_faux_arrete_le_demarrage(
    monkeypatch: pytest.MonkeyPatch, autres: dict[str, str], phrase: str
) -> None:
    _poser(monkeypatch, **autres)

    with pytest.raises(ImproperlyConfigured, match=phrase):
        lire_oidc()

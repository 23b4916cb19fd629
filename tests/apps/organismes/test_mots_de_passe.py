"""Passwords: fifteen characters, none of those that people try first, no rule on kinds of characters."""

import pytest
from django.conf import settings as reglages
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

from maintien.apps.organismes.models import Utilisateur
from maintien.config.settings import base
from maintien.travaux.demo.bailleurs import MOT_DE_PASSE as MOT_DE_PASSE_DEMO

CLEMENCE = Utilisateur(email="clemence.vidal@habitat-val.example", first_name="Clémence", last_name="Vidal")


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "cheval agrafe pile correcte",
        "girafe ardoise moulin",
        "peuplier-rivière-ardoise-41",
        "kfjwoqmxbtruzlp",
        "Zq7!vRt2#Lm9$Wx",
        "une petite phrase que je retiens",
        "ветер над рекой серебряный",
        MOT_DE_PASSE_DEMO,
    ],
)
def test_un_mot_de_passe_long_et_imprevisible_est_pris(mot_de_passe: str) -> None:
    validate_password(mot_de_passe, CLEMENCE)


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "azertyuiopqsdfghjklm",
        "azertyazertyazerty",
        "Motdepasse2026!!",
        "M0tdep@sse-2026!",
        "bonjour123456789",
        "Marseille13000000",
        "parissaintgermain75",
        "Printemps2026!!!!",
        "soleilsoleilsoleil",
        "recouvrement2026",
        "LoyerImpayé2026!",
        "maintien-maintien",
        "Clémence-Vidal-1985",
        "vidalhabitat2026",
        "123456789012345",
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababab",
        "qwertyuiop123456",
        "Nathalie14071975",
        "Caroline & Thomas",
    ],
)
def test_un_mot_de_passe_que_l_on_essaie_en_premier_est_refuse(mot_de_passe: str) -> None:
    with pytest.raises(ValidationError) as refus:
        validate_password(mot_de_passe, CLEMENCE)

    assert [erreur.code for erreur in refus.value.error_list] == ["password_too_common"]


def test_quatorze_caracteres_ne_suffisent_pas_et_la_phrase_le_dit() -> None:
    with pytest.raises(ValidationError) as refus:
        validate_password("kfjwoqmxbtruzl", CLEMENCE)

    [phrase] = refus.value.messages
    assert phrase.startswith("Ce mot de passe est trop court : 15 caractères au moins, il en a 14.")


def test_cent_vingt_huit_caracteres_passent_et_un_de_plus_non() -> None:
    alternance = "kfjwoqmx" * 16
    validate_password(alternance, CLEMENCE)

    with pytest.raises(ValidationError, match="128 caractères au plus"):
        validate_password(f"{alternance}k", CLEMENCE)


def test_le_nom_d_une_autre_personne_n_est_pas_interdit() -> None:
    """Only one's own names are what a stranger would try."""
    validate_password("grandvidal grandchemin", Utilisateur(email="b@c.example", last_name="Roux"))


def test_les_mots_de_passe_sont_gardes_par_argon2(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS

    assert identify_hasher(make_password("cheval agrafe pile correcte")).algorithm == "argon2"
    assert len(reglages.AUTH_PASSWORD_VALIDATORS) == 2

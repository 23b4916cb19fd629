"""Tokens of the API: what is kept of them, when they are refused, and what the journal says of their use."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests import fabriques

from maintien.apps.organismes import jetons
from maintien.apps.organismes.enums import MotifRevocation, PorteeApi, Visiteur
from maintien.apps.organismes.jetons import JetonRefuseError, authenticate, client_of, count_call, revoke_jeton
from maintien.apps.organismes.models import JetonApi, Organisme
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> Any:
    def regler(instant: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: instant)

    regler(datetime(2026, 11, 20, 9, tzinfo=PARIS))
    return regler


def _usages() -> list[dict[str, Any]]:
    return [e.details for e in Evenement.objects.filter(acte="jeton.usage").order_by("id")]


def test_le_secret_n_est_garde_que_par_son_empreinte(bailleur: Organisme) -> None:
    cree = fabriques.jeton()

    _, prefixe, secret = cree.texte.split("_")
    assert (len(prefixe), len(secret)) == (12, 64)
    rangee = JetonApi.objects.values().get()
    assert f"{rangee['numero']:012x}" == prefixe
    assert rangee["empreinte"] == hashlib.sha256(secret.encode()).hexdigest()
    assert all(secret not in str(valeur) for valeur in rangee.values())
    assert all(secret not in str(e.details) + e.motif for e in Evenement.objects.all())


def test_creer_et_revoquer_sont_au_journal_sans_le_nom(bailleur: Organisme) -> None:
    agent = fabriques.utilisateur()
    cree = fabriques.jeton("dossiers:lire", nom="Martinez et fils", par=agent)
    assert revoke_jeton(cree.jeton, MotifRevocation.PERDU, par=agent)
    assert not revoke_jeton(cree.jeton, MotifRevocation.FIN, par=agent)

    creer, revoquer = Evenement.objects.order_by("id")
    attendu = {"portees": ["dossiers:lire"], "expire_le": cree.jeton.expire_le.isoformat(), "secteur": None}
    assert (creer.acte, creer.acteur, creer.objet_id, creer.details) == (
        "jeton.creer", agent, cree.jeton.pk, attendu,
    )  # fmt: skip
    assert (revoquer.acte, revoquer.details) == ("jeton.revoquer", {"code": "perdu"})


def test_un_jeton_vaut_jusqu_a_son_dernier_jour_compris(bailleur: Organisme, horloge: Any) -> None:
    cree = fabriques.jeton(jours=90)

    assert cree.jeton.expire_le == date(2027, 2, 18)
    horloge(datetime(2027, 2, 18, 23, 59, tzinfo=PARIS))
    assert authenticate(cree.texte) == cree.jeton
    horloge(datetime(2027, 2, 19, 0, 0, tzinfo=PARIS))
    assert authenticate(cree.texte) is None


def test_un_jeton_faux_ou_revoque_est_refuse(bailleur: Organisme) -> None:
    cree, autre = fabriques.jeton(), fabriques.jeton()
    _, prefixe, secret = cree.texte.split("_")
    secret_de_l_autre = autre.texte.split("_")[2]

    for texte in (
        "",
        "abc",
        secret,
        f"mnt_{prefixe}_{secret_de_l_autre}",
        f"mnt_{'0' * 12}_{secret}",
        cree.texte[:-1],
    ):
        assert authenticate(texte) is None, texte
    assert authenticate(f"mnt_{prefixe}_{secret.upper()}") is None
    revoke_jeton(cree.jeton, MotifRevocation.FIN)
    assert authenticate(cree.texte) is None
    assert authenticate(autre.texte) == autre.jeton


@pytest.mark.parametrize(
    ("champs", "portees", "attendu"),
    [
        ({"nom": " \u202e "}, ("dossiers:lire",), "Le nom d'un jeton"),
        ({"nom": "x" * 81}, ("dossiers:lire",), "Le nom d'un jeton"),
        ({}, ("dossiers:ecrire",), "Une portée est à choisir parmi situations:lire, dossiers:lire."),
        ({"jours": 0}, ("dossiers:lire",), "de 1 à 365 jours"),
        ({"jours": 366}, ("dossiers:lire",), "de 1 à 365 jours"),
    ],
)
def test_une_demande_impossible_est_une_phrase(
    bailleur: Organisme, champs: dict[str, Any], portees: tuple[str, ...], attendu: str
) -> None:
    with pytest.raises(JetonRefuseError, match=attendu):
        fabriques.jeton(*portees, **champs)
    assert not JetonApi.objects.exists()


def test_un_jeton_sans_portee_ne_se_cree_pas(bailleur: Organisme) -> None:
    with pytest.raises(JetonRefuseError, match="portée"):
        jetons.create_jeton("Progiciel", [])


def test_un_meme_numero_chez_deux_bailleurs_ne_les_confond_pas(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    ici = fabriques.jeton()
    with organisme_scope(autre_bailleur):
        la_bas = fabriques.jeton()
        JetonApi.objects.update(numero=ici.jeton.numero)
    texte_la_bas = f"mnt_{ici.jeton.prefixe}_{la_bas.texte.split('_')[2]}"

    trouves = [authenticate(ici.texte), authenticate(texte_la_bas)]

    assert [jeton.organisme for jeton in trouves if jeton] == [bailleur, autre_bailleur]


def test_un_jeton_ne_lit_que_son_organisme(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    with organisme_scope(autre_bailleur):
        cree = fabriques.jeton()
    client = client_of(cree.jeton)

    assert (client.organisme, client.role, client.secteur_id) == (autre_bailleur, Visiteur.CLIENT_API, None)
    assert list(jetons.jetons()) == []


def test_l_usage_d_un_jour_fait_une_ligne_du_journal_le_jour_d_apres(bailleur: Organisme, horloge: Any) -> None:
    jeton = fabriques.jeton().jeton
    vendredi = datetime(2026, 11, 20, 9, tzinfo=PARIS)
    for _ in range(3):
        assert count_call(jeton, vendredi) == 0
    assert _usages() == []

    count_call(jeton, vendredi + timedelta(days=3))
    count_call(jeton, vendredi + timedelta(days=3))

    assert _usages() == [{"jour": "2026-11-20", "appels": 3, "refus": 0}]
    jeton.refresh_from_db()
    assert (jeton.usage_le, jeton.appels) == (date(2026, 11, 23), 2)


def test_la_nuit_dit_le_jour_d_un_jeton_qui_ne_sert_plus(bailleur: Organisme) -> None:
    jeton = fabriques.jeton().jeton
    count_call(jeton, datetime(2026, 11, 20, 9, tzinfo=PARIS))

    jetons.tell_past_days(date(2026, 11, 20))
    assert _usages() == []
    jetons.tell_past_days(date(2026, 11, 21))
    jetons.tell_past_days(date(2026, 11, 22))

    assert _usages() == [{"jour": "2026-11-20", "appels": 1, "refus": 0}]
    jeton.refresh_from_db()
    assert jeton.usage_le == date(2026, 11, 20)


def test_revoquer_dit_d_abord_l_usage_du_jour(bailleur: Organisme) -> None:
    jeton = fabriques.jeton().jeton
    count_call(jeton, datetime(2026, 11, 20, 9, tzinfo=PARIS))
    revoke_jeton(jeton, MotifRevocation.REMPLACE)

    actes = list(Evenement.objects.order_by("id").values_list("acte", flat=True))
    assert actes == ["jeton.creer", "jeton.usage", "jeton.revoquer"]


def test_le_debit_est_celui_d_une_minute(bailleur: Organisme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jetons, "APPELS_PAR_MINUTE", 2)
    jeton = fabriques.jeton().jeton
    instant = datetime(2026, 11, 20, 9, 0, 45, tzinfo=PARIS)

    assert [count_call(jeton, instant) for _ in range(4)] == [0, 0, 15, 15]
    assert count_call(jeton, instant + timedelta(seconds=15)) == 0
    jeton.refresh_from_db()
    assert (jeton.appels, jeton.refus) == (5, 2)


def test_un_secteur_est_celui_du_client(bailleur: Organisme) -> None:
    nord = fabriques.secteur("NORD")

    assert client_of(fabriques.jeton(PorteeApi.DOSSIERS_LIRE, secteur=nord).jeton).secteur_id == nord.pk

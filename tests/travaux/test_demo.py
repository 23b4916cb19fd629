"""The demonstration in small: made once, brought to the day after, taken up where it was cut."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from tests import fabriques

from maintien.apps.comptes.models import Bail, Compte, Ecriture, FichierImporte, LigneRefusee, SituationCompte
from maintien.apps.dossiers.models import Dossier, Fait, Menage, Pause, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, InvitationCompte, Organisme, Secteur
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.demo import bailleurs, preparation, vie
from maintien.travaux.demo.bailleurs import MOT_DE_PASSE
from maintien.travaux.demo.preparation import DemonstrationImpossibleError, prepare

AU = date(2026, 11, 20)
BAUX = 60

pytestmark = pytest.mark.django_db(transaction=True)


class Etapes(list[str]):
    """Keeps the names of the steps that were done, and how far each said it was."""

    def __init__(self) -> None:
        super().__init__()
        self.avances: list[tuple[int, int]] = []

    def __call__(self, texte: str) -> AbstractContextManager[preparation.Avance]:
        @contextmanager
        def etape() -> Iterator[preparation.Avance]:
            self.append(texte)
            yield lambda fait, total: self.avances.append((fait, total))

        return etape()


@pytest.fixture(autouse=True)
def donnees(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MAINTIEN_DONNEES = tmp_path
    # The tests of the command line start the process that compiles beforehand; here it would only be waited for.
    monkeypatch.setattr(preparation, "_warm_kernel", lambda _demo: nullcontext())
    return tmp_path


def _etat(organisme: Organisme) -> dict[str, Any]:
    organisme.refresh_from_db()
    with organisme_scope(organisme):
        return {
            "nuit": organisme.derniere_nuit,
            "ecritures": Ecriture.objects.count(),
            "situations": SituationCompte.objects.count(),
            "dossiers": sorted(Dossier.objects.values_list("menage__rattachements__compte__reference", "etat")),
            "propositions": sorted(
                Proposition.objects.filter(etat="a_faire").values_list(
                    "dossier__menage__rattachements__compte__reference", "genre"
                )
            ),
            "faits": Fait.objects.count(),
            "fichiers": FichierImporte.objects.count(),
        }


def test_la_demonstration_se_fait_puis_ne_se_refait_pas() -> None:
    etapes = Etapes()
    prete = prepare(AU, BAUX, etapes)

    demo = Organisme.objects.get(code="DEMO")
    premier = _etat(demo)
    assert prete.baux == BAUX
    assert prete.remarque == ""
    assert premier["nuit"] == AU
    assert premier["ecritures"] > 4_000
    assert premier["situations"] == BAUX
    assert len(premier["dossiers"]) >= 8
    assert premier["propositions"]
    with organisme_scope(demo):
        assert not LigneRefusee.objects.exists()
        assert Bail.objects.filter(bail_annexe_de="").count() >= BAUX
        assert {"GIV", "VIE", "RDG"} >= set(Dossier.objects.values_list("secteur__code", flat=True))
        assert not Compte.objects.filter(secteur=None).exists()
        _check_vie()
        assert Menage.objects.exclude(protection="aucune").exists()
        assert Menage.objects.exclude(deces_le=None).exists()
    assert any("60 baux" in etape for etape in etapes)
    assert all(0 <= fait <= total for fait, total in etapes.avances if total)
    assert any(fait == total > premier["ecritures"] for fait, total in etapes.avances), "l'import dit où il en est"

    _check_utilisateurs()

    encore = Etapes()
    autre_nombre = prepare(AU, 90, encore)

    assert encore == []
    assert _etat(demo) == premier
    assert "existe déjà, avec 60 baux" in autre_nombre.remarque


def _check_vie() -> None:
    """A landlord at work: every role acts, over weeks, never tomorrow; some wait, few are forgotten."""
    faits = Fait.objects.exclude(auteur=None)
    assert {"appel", "visite", "cause", "pause", "note", "proposition", "reattribution"} <= set(
        faits.values_list("genre", flat=True)
    )
    jours = set(faits.values_list("date", flat=True))
    assert min(jours) == date(2026, 10, 18), "the night of 18 October, thirty-three days before"
    assert date(2026, 11, 9) <= max(jours) <= AU
    assert len(jours) >= 6
    actes = faits.exclude(genre="protection").values_list("date", flat=True)
    assert [jour for jour in actes if jour.weekday() > 4] == [], "nobody works at the week-end"
    auteurs = set(faits.values_list("auteur", flat=True))
    roles = Appartenance.objects.filter(utilisateur__in=auteurs).values_list("role", flat=True)
    assert set(roles) == {Role.RECOUVREMENT, Role.CESF, Role.CONTENTIEUX, Role.RESPONSABLE}
    ouverts = Dossier.objects.filter(etat="ouvert")
    assert 1 <= ouverts.filter(referent=None).count() <= 3, "one a sector waits for an agent"
    muets = ouverts.filter(derniere_activite_le__lte=AU - timedelta(days=30)).count()
    assert muets * 2 < ouverts.count(), "the tab of those without activity is not the whole landlord"
    assert Pause.objects.exists()
    assert {"a_faire", "faite"} <= set(Proposition.objects.values_list("etat", flat=True))


def _check_utilisateurs() -> None:
    demo, demo2 = Organisme.objects.get(code="DEMO"), Organisme.objects.get(code="DEMO2")
    agents = {Role.ADMINISTRATEUR, Role.RESPONSABLE, Role.RECOUVREMENT, Role.CESF, Role.CONTENTIEUX}
    assert not InvitationCompte.objects.exists(), "who has a password has no link left to choose another"
    for organisme, secteurs, roles in ((demo, 3, {*agents, Role.DPO}), (demo2, 1, agents)):
        with organisme_scope(organisme):
            appartenances = list(Appartenance.objects.select_related("utilisateur"))
            assert {a.role for a in appartenances} == roles
            assert Secteur.objects.count() == secteurs
        minutes = {a.role: a.minutes_par_jour for a in appartenances}
        assert (minutes["recouvrement"], minutes["contentieux"], minutes["cesf"], minutes["responsable"]) == (
            300, 240, 180, 120,
        )  # fmt: skip
        for appartenance in appartenances:
            utilisateur = appartenance.utilisateur
            assert authenticate(email=utilisateur.email, password=MOT_DE_PASSE) == utilisateur
    assert demo2.derniere_nuit is None
    with organisme_scope(demo2):
        assert not Compte.objects.exists()


def test_un_jour_plus_tard_les_nouvelles_ecritures_arrivent_et_la_passe_du_jour_tourne(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("maintien.travaux.nuit.passe._today", lambda: date(2027, 6, 1))
    prepare(AU, BAUX, Etapes())
    demo = Organisme.objects.get(code="DEMO")
    avant = _etat(demo)

    etapes = Etapes()
    prepare(AU + timedelta(days=12), BAUX, etapes)

    apres = _etat(demo)
    assert etapes == ["Import des dernières écritures", "Passe de nuit du 2 décembre 2026"]
    assert apres["nuit"] == date(2026, 12, 2)
    assert apres["ecritures"] > avant["ecritures"] + BAUX * 2
    with organisme_scope(demo):
        retard = SituationCompte.objects.filter(statut="present", dette_locative_centimes__gt=0).count()
        presents = SituationCompte.objects.filter(statut="present").count()
        assert 0.1 < retard / presents < 0.35, "le mois nouveau est payé par ceux qui payaient"
        assert not LigneRefusee.objects.exists()
    assert "s'arrête au 19 avril 2027" in prepare(date(2027, 6, 1), BAUX, Etapes()).remarque


def test_une_preparation_coupee_reprend_ou_elle_en_etait(monkeypatch: pytest.MonkeyPatch) -> None:
    class CoupureError(Exception):
        pass

    def couper(*_: object) -> None:
        raise CoupureError

    with monkeypatch.context() as coupure:
        coupure.setattr(vie, "_note_cas_particuliers", couper)
        with pytest.raises(CoupureError):
            prepare(AU, BAUX, Etapes())
    demo = Organisme.objects.get(code="DEMO")
    with organisme_scope(demo):
        assert not Fait.objects.filter(genre="appel").exists()

    etapes = Etapes()
    prepare(AU, BAUX, etapes)

    assert not any("Import" in etape or "fictif" in etape for etape in etapes)
    with organisme_scope(demo):
        assert Fait.objects.filter(genre="appel").exists()
        assert Menage.objects.exclude(protection="aucune").exists()
    demo.refresh_from_db()
    assert demo.derniere_nuit == AU


def test_des_fichiers_perdus_arretent_la_preparation_avec_une_phrase() -> None:
    demo = bailleurs.open_bailleur(bailleurs.DEMO)
    with organisme_scope(demo):
        fabriques.bail(fabriques.compte())

    with pytest.raises(DemonstrationImpossibleError, match="supprimez le dossier de données"):
        prepare(AU, BAUX, Etapes())

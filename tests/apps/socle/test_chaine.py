"""The chain of the journal: what a digest covers, when lines are written, who waits for whom."""

import hmac
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from pytest_django import Settings
from tests import fabriques

from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.apps.socle.enums import Finalite
from maintien.apps.socle.journal import Ligne
from maintien.apps.socle.models import Evenement, EvenementPlateforme, TeteJournal
from maintien.apps.socle.origine import origin_of, session_digest, shortened_address
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.verification import verify

CLE = b"journal-des-tests-0123456789-0123456789"


def test_l_empreinte_d_une_ligne_se_recalcule_a_la_main(bailleur: Organisme) -> None:
    dossier = fabriques.dossier()
    acteur = fabriques.utilisateur()

    journal.record("dossier.appel", dossier, acteur=acteur, motif="été", fait=7, zone={"b": [1, None], "a": True})

    ligne = Evenement.objects.get()
    micros = int(ligne.instant.timestamp()) * 1_000_000 + ligne.instant.microsecond
    texte = (
        f'[1,{bailleur.pk},"actes",1,{micros},{acteur.pk},"","dossier.appel","dossiers.dossier",{dossier.pk},'
        f'{dossier.menage_id},"","été",{{"fait":7,"zone":{{"a":true,"b":[1,null]}}}},"","","tests"]'
    )
    attendue = hmac.new(CLE, bytes(32) + texte.encode(), "sha256").hexdigest()
    assert (ligne.sequence, ligne.cle, ligne.empreinte) == (1, "tests", attendue)


def test_la_deuxieme_ligne_porte_la_premiere(bailleur: Organisme) -> None:
    journal.record("un")
    journal.record("deux")

    tete = TeteJournal.objects.get()
    assert list(Evenement.objects.order_by("sequence").values_list("sequence", "acte")) == [(1, "un"), (2, "deux")]
    assert (tete.sequence, tete.flux) == (2, "travaux")
    assert tete.empreinte == Evenement.objects.get(sequence=2).empreinte
    assert verify((bailleur.pk, "travaux")).faute is None


def test_les_lettres_sont_composees_avant_d_etre_scellees(bailleur: Organisme) -> None:
    journal.record("essai", motif="e\u0301te\u0301", nom="Cafe\u0301")

    ligne = Evenement.objects.get()
    assert (ligne.motif, ligne.details) == ("\u00e9t\u00e9", {"nom": "Caf\u00e9"})
    assert verify((bailleur.pk, "travaux")).faute is None


def test_un_nombre_a_virgule_n_a_pas_d_ecriture_unique(bailleur: Organisme) -> None:
    with pytest.raises(TypeError, match="float"):
        journal.record("essai", part=0.5)


def test_les_personnes_et_la_machine_ont_chacune_leur_chaine(bailleur: Organisme) -> None:
    journal.record("dossier.appel", acteur=fabriques.utilisateur())
    journal.record_many([Ligne("dossier.ouverture", fabriques.dossier()), Ligne("b", fabriques.menage())])
    journal.record_plateforme("connexion", acteur=fabriques.utilisateur())

    assert list(TeteJournal.objects.order_by("flux").values_list("flux", "sequence", "organisme_id")) == [
        ("actes", 1, bailleur.pk),
        ("plateforme", 1, None),
        ("travaux", 2, bailleur.pk),
    ]
    assert EvenementPlateforme.objects.get().acte == "connexion"
    for chaine in ((bailleur.pk, "actes"), (bailleur.pk, "travaux"), (None, "plateforme")):
        assert verify(chaine).faute is None


def test_une_ligne_dit_le_menage_le_role_la_session_et_le_reseau(bailleur: Organisme) -> None:
    requete = RequestFactory().get("/", REMOTE_ADDR="192.0.2.77")
    requete.session = type("Session", (), {"session_key": "abc"})()  # type: ignore[assignment]
    dossier = fabriques.dossier()
    etape = fabriques.proposition(dossier)

    with origin_of(requete, "cesf"):
        journal.record("proposition.faite", etape, acteur=fabriques.utilisateur())
        journal.record("menage.x", dossier.menage)

    une, autre = Evenement.objects.order_by("sequence")
    assert (une.role, une.adresse, une.session) == ("cesf", "192.0.2.0/24", session_digest("abc"))
    assert len(une.session) == 16
    assert une.menage_ref == autre.menage_ref == dossier.menage_id
    assert (autre.flux, autre.role) == ("actes", "")


@pytest.mark.parametrize(
    ("vue", "attendue"),
    [
        ("2001:db8:1:2::5", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("n'importe quoi", ""),
    ],
)
def test_l_adresse_est_raccourcie(vue: str, attendue: str) -> None:
    assert shortened_address(RequestFactory().get("/", REMOTE_ADDR=vue)) == attendue


def test_derriere_le_mandataire_l_adresse_est_celle_qu_il_a_vue(settings: Settings) -> None:
    requete = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.4")

    assert shortened_address(requete) == "10.0.0.0/24"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert shortened_address(requete) == "198.51.100.0/24"


def test_une_lecture_dit_sa_finalite(bailleur: Organisme) -> None:
    dossier = fabriques.dossier()

    journal.record_lecture(dossier, Finalite.REMPLACEMENT, acteur=fabriques.utilisateur(), hors_portefeuille=True)

    ligne = Evenement.objects.get()
    assert (ligne.acte, ligne.finalite, ligne.menage_ref) == ("dossier.lecture", "remplacement", dossier.menage_id)
    assert ligne.details == {"hors_portefeuille": True}


def test_une_finalite_hors_de_la_liste_est_refusee(bailleur: Organisme) -> None:
    with pytest.raises(ValueError, match="curiosite"):
        journal.record_lecture(fabriques.dossier(), "curiosite", acteur=fabriques.utilisateur())  # type: ignore[arg-type]


def test_les_lignes_d_un_acte_s_ecrivent_a_sa_fin(bailleur: Organisme) -> None:
    with journal.atomic():
        journal.record("un")
        with journal.atomic():
            journal.record("deux")
        assert Evenement.objects.count() == 0
        assert TeteJournal.objects.count() == 0

    assert list(Evenement.objects.order_by("sequence").values_list("acte", flat=True)) == ["un", "deux"]


def _break() -> None:
    with journal.atomic():
        journal.record("perdu")
        raise ZeroDivisionError


def test_un_bloc_qui_echoue_emporte_ses_lignes_et_elles_seules(bailleur: Organisme) -> None:
    with journal.atomic():
        journal.record("garde")
        with pytest.raises(ZeroDivisionError):
            _break()

    assert list(Evenement.objects.values_list("acte", "sequence")) == [("garde", 1)]


def test_un_essai_qui_sera_defait_n_ecrit_rien(bailleur: Organisme) -> None:
    with journal.atomic():
        journal.record("essai")
        transaction.set_rollback(True)
    # The savepoint was rolled back; outside, the head was never made.
    assert TeteJournal.objects.count() == 0


def test_l_organisme_est_celui_du_moment_de_l_acte(db: None) -> None:
    un, autre = fabriques.organisme("UN"), fabriques.organisme("AUTRE")

    with journal.atomic():
        with organisme_scope(autre):
            journal.record("chez l'autre")
        with organisme_scope(un):
            journal.record("chez un")

    assert sorted(TeteJournal.objects.values_list("organisme__code", "sequence")) == [("AUTRE", 1), ("UN", 1)]


@pytest.fixture
def reel(transactional_db: None) -> Organisme:
    if connection.vendor != "postgresql":
        pytest.skip("la base d'essai SQLite n'a qu'une connexion")
    return fabriques.organisme("BAILLEUR")


def _together(organisme: Organisme, actes: list[Callable[[], Any]]) -> list[BaseException | None]:
    depart, erreurs = threading.Barrier(len(actes)), [None] * len(actes)

    def courir(rang: int) -> None:
        try:
            with organisme_scope(organisme):
                depart.wait()
                actes[rang]()
        except (DatabaseError, RuntimeError) as erreur:
            erreurs[rang] = erreur  # type: ignore[call-overload]
        finally:
            connection.close()

    fils = [threading.Thread(target=courir, args=(rang,)) for rang in range(len(actes))]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return erreurs  # type: ignore[return-value]


def test_huit_connexions_ecrivent_une_seule_chaine(reel: Organisme) -> None:
    def acte() -> None:
        for _ in range(10):
            with journal.atomic():
                journal.record("essai")

    assert _together(reel, [acte] * 8) == [None] * 8
    with organisme_scope(reel):
        assert sorted(Evenement.objects.values_list("sequence", flat=True)) == list(range(1, 81))
        verdict = verify((reel.pk, "travaux"))
        assert (verdict.lignes, verdict.faute) == (80, None)


def test_deux_actes_croises_ne_s_attendent_pas_pour_toujours(reel: Organisme) -> None:
    """One writes the journal before the dossier, the other the dossier before the journal."""
    with organisme_scope(reel):
        dossier = fabriques.dossier()
    entre = threading.Barrier(2)

    def journal_first() -> None:
        with journal.atomic():
            journal.record("un")
            entre.wait()
            Dossier.objects.filter(pk=dossier.pk).update(version=2)

    def dossier_first() -> None:
        with journal.atomic():
            Dossier.objects.filter(pk=dossier.pk).update(version=3)
            entre.wait()
            journal.record("deux")

    assert _together(reel, [journal_first, dossier_first]) == [None, None]
    with organisme_scope(reel):
        assert verify((reel.pk, "travaux")).lignes == 2

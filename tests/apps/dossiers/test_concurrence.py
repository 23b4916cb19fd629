"""Two people at the same instant, on real connections: one is served, the other is told, nothing is lost."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from tests import fabriques

from maintien.apps.dossiers import actions
from maintien.apps.dossiers.enums import CauseImpaye, IssueContact, SourceCause
from maintien.apps.dossiers.erreurs import ConflitError, DejaTraiteeError
from maintien.apps.dossiers.models import Dossier, Fait, Note, Proposition
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.socle import executions
from maintien.apps.socle.models import Evenement, Execution
from maintien.apps.socle.portee import organisme_scope

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="la base d'essai SQLite n'a qu'une connexion"),
]
VENDREDI = date(2026, 11, 20)
NOMBRE = 6


@pytest.fixture
def bailleur(transactional_db: None) -> Organisme:
    return fabriques.organisme("BAILLEUR")


def _ensemble(organisme: Organisme, acte: Callable[[int], object]) -> list[object]:
    """Run the same act in several threads that start together; the result or the exception of each."""
    depart = threading.Barrier(NOMBRE)
    resultats: list[object] = [None] * NOMBRE

    def courir(numero: int) -> None:
        try:
            with organisme_scope(organisme):
                depart.wait()
                resultats[numero] = acte(numero)
        except (ConflitError, DejaTraiteeError) as refus:
            resultats[numero] = refus
        finally:
            connection.close()

    fils = [threading.Thread(target=courir, args=(numero,)) for numero in range(NOMBRE)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return resultats


def _preparer(organisme: Organisme) -> tuple[Appartenance, Dossier, Proposition]:
    with organisme_scope(organisme):
        dossier = fabriques.dossier()
        return fabriques.membre(), dossier, fabriques.proposition(dossier)


def test_une_seule_cause_passe_et_les_autres_sont_prevenus(bailleur: Organisme) -> None:
    agent, dossier, _ = _preparer(bailleur)

    resultats = _ensemble(
        bailleur,
        lambda _: actions.set_cause(
            agent,
            Dossier.objects.get(pk=dossier.pk),
            cause=CauseImpaye.DURABLE,
            source=SourceCause.AGENT,
            jour=VENDREDI,
            version=1,
        ),
    )

    assert sum(isinstance(resultat, Dossier) for resultat in resultats) == 1
    assert sum(isinstance(resultat, ConflitError) for resultat in resultats) == NOMBRE - 1
    with organisme_scope(bailleur):
        assert Dossier.objects.get().version == 2
        assert Fait.objects.count() == Evenement.objects.count() == 1


def test_tous_les_appels_sont_gardes(bailleur: Organisme) -> None:
    agent, dossier, _ = _preparer(bailleur)

    _ensemble(
        bailleur,
        lambda numero: actions.record_appel(
            agent,
            Dossier.objects.get(pk=dossier.pk),
            issue=IssueContact.SANS_REPONSE,
            jour=date(2026, 11, 10 + numero),
        ),
    )

    with organisme_scope(bailleur):
        assert Fait.objects.count() == NOMBRE
        relu = Dossier.objects.get()
        assert relu.sans_reponse_depuis == date(2026, 11, 10)
        assert relu.derniere_activite_le == date(2026, 11, 9 + NOMBRE)


def test_le_meme_formulaire_n_ecrit_qu_un_appel(bailleur: Organisme) -> None:
    agent, dossier, _ = _preparer(bailleur)

    resultats = _ensemble(
        bailleur,
        lambda _: actions.record_appel(
            agent,
            Dossier.objects.get(pk=dossier.pk),
            issue=IssueContact.JOINT,
            jour=VENDREDI,
            texte="Paie vendredi.",
            cle="a" * 64,
        ),
    )

    with organisme_scope(bailleur):
        unique = Fait.objects.get()
        assert resultats == [unique] * NOMBRE
        assert Note.objects.count() == 1
        assert sorted(Evenement.objects.values_list("acte", flat=True)) == ["dossier.appel", "dossier.note"]


def test_une_etape_n_est_traitee_qu_une_fois(bailleur: Organisme) -> None:
    agent, _, proposition = _preparer(bailleur)

    resultats = _ensemble(
        bailleur, lambda _: actions.complete_proposition(agent, Proposition.objects.get(pk=proposition.pk))
    )

    assert sum(isinstance(resultat, DejaTraiteeError) for resultat in resultats) == NOMBRE - 1


def test_un_travail_n_a_qu_un_detenteur(bailleur: Organisme) -> None:
    with organisme_scope(bailleur):
        execution = executions.open_execution("nuit", "2026-11-20")

    prises = _ensemble(bailleur, lambda _: executions.claim(execution.pk))

    assert sum(isinstance(prise, Execution) for prise in prises) == 1

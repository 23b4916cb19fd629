"""One line per act, in the transaction of the act."""

import pytest
from django.db import transaction
from tests import fabriques

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import journal
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope


def test_une_ligne_dit_qui_quoi_sur_quoi_et_pourquoi(bailleur: Organisme) -> None:
    dossier = fabriques.dossier()
    acteur = fabriques.utilisateur()

    journal.record("dossier.appel", dossier, acteur=acteur, motif="rappel promis", fait=7)

    evenement = Evenement.objects.get()
    assert evenement.acteur == acteur
    assert (evenement.objet_type, evenement.objet_id) == ("dossiers.dossier", dossier.pk)
    assert (evenement.acte, evenement.motif, evenement.details) == ("dossier.appel", "rappel promis", {"fait": 7})
    assert evenement.organisme == bailleur


@pytest.mark.django_db(transaction=True)
def test_hors_transaction_rien_ne_s_ecrit() -> None:
    with organisme_scope(fabriques.organisme()):
        with pytest.raises(RuntimeError, match="transaction"):
            journal.record("essai")
        assert Evenement.objects.count() == 0


def _record_then_break() -> None:
    journal.record("essai")
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_un_acte_annule_ne_laisse_pas_de_trace() -> None:
    with organisme_scope(fabriques.organisme()):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _record_then_break()
        assert Evenement.objects.count() == 0

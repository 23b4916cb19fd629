"""The journal of an installation that is already running: its lines enter the chains, and stay out of reach."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from tests import fabriques

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.verification import verify

_ANCIENNE = """
INSERT INTO socle_evenement (organisme_id, instant, acteur_id, acte, objet_type, objet_id, motif, details)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


@pytest.fixture
def avant(transactional_db: None) -> Iterator[None]:
    """The base as it was before the chain, put back to the present whatever happens."""
    call_command("migrate", "socle", "0003", verbosity=0)
    try:
        yield
    finally:
        call_command("migrate", verbosity=0)
        # Keys start again from one: what the demonstration does depends on them.
        call_command("flush", interactive=False, verbosity=0)


def _old_lines(organisme: Organisme, acteur: int, dossier: int) -> None:
    details = json.dumps({"regle": "premier_retard", "version": 2, "été": None})
    with connection.cursor() as curseur:
        for rang in range(1, 6):
            qui = acteur if rang in (2, 4) else None
            instant = datetime(2026, 11, rang, 8, 30, 0, rang, tzinfo=UTC)
            valeurs = [organisme.pk, instant, qui, "dossier.appel", "dossiers.dossier", dossier, "rappel", details]
            curseur.execute(_ANCIENNE, valeurs)


@pytest.mark.usefixtures("avant")
def test_les_lignes_deja_la_entrent_dans_leur_chaine() -> None:
    organisme = fabriques.organisme("HTR")
    with organisme_scope(organisme):
        dossier = fabriques.dossier()
        agent = fabriques.utilisateur()
        _old_lines(organisme, agent.pk, dossier.pk)

    call_command("migrate", verbosity=0)

    with organisme_scope(organisme):
        lignes = Evenement.objects.order_by("pk").values_list("flux", "sequence", "menage_ref")
        assert list(lignes) == [
            ("travaux", 1, dossier.menage_id),
            ("actes", 1, dossier.menage_id),
            ("travaux", 2, dossier.menage_id),
            ("actes", 2, dossier.menage_id),
            ("travaux", 3, dossier.menage_id),
        ]
        for flux, nombre in (("actes", 2), ("travaux", 3)):
            verdict = verify((organisme.pk, flux))
            assert (verdict.lignes, verdict.faute) == (nombre, None)
        for interdit in (lambda: Evenement.objects.update(motif="x"), lambda: Evenement.objects.all().delete()):
            with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
                interdit()

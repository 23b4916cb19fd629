"""Runs passes in children of one warm process: what is killed costs no start. Driven by `test_nuit_pannes`.

Reads one command a line; writes the process of the child that does it, then its exit status.
"""

import json
import os
import sys
import traceback
from datetime import date
from pathlib import Path


def main() -> None:
    import django  # noqa: PLC0415

    django.setup()
    from maintien.travaux.nuit import menages, situations  # noqa: PLC0415

    # Many small lots: a kill falls between two of them as often as inside one.
    menages.LOT, menages.BLOC, situations._LOT = 3, 9, 20
    _repondre("pret")
    for ligne in sys.stdin:
        commande, *arguments = ligne.split()
        enfant = os.fork()
        if enfant == 0:
            try:
                _COMMANDES[commande](*arguments)
            except BaseException:  # noqa: BLE001 - the child must never go on reading commands
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _repondre(str(enfant))
        _, statut = os.waitpid(enfant, 0)
        _repondre(str(statut))


def _repondre(texte: str) -> None:
    sys.stdout.write(f"{texte}\n")
    sys.stdout.flush()


def preparer(echantillon: str) -> None:
    """A landlord and its imported files."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    from tests import fabriques  # noqa: PLC0415
    from tests.travaux.nuit.portefeuille import equipe  # noqa: PLC0415

    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415
    from maintien.travaux.imports import deposit, run  # noqa: PLC0415

    bailleur = fabriques.organisme("PANNES", derniere_nuit=None)
    with organisme_scope(bailleur):
        equipe()
        fichiers = [Path(echantillon) / f"{nom}.csv" for nom in ("baux", "locataires", "ecritures", "plans")]
        importation = deposit(bailleur, "pivot", fichiers, sonner=False)
        run(importation.execution_id)


def passer(jour: str) -> None:
    from maintien.apps.organismes.models import Organisme  # noqa: PLC0415
    from maintien.travaux.nuit import run  # noqa: PLC0415

    run(Organisme.objects.get(code="PANNES"), date.fromisoformat(jour))


def ecrire(fichier: str) -> None:
    """The state of the landlord, as text."""
    from tests.travaux.nuit.portefeuille import etat, resultats  # noqa: PLC0415

    from maintien.apps.organismes.models import Organisme  # noqa: PLC0415
    from maintien.apps.socle.portee import organisme_scope  # noqa: PLC0415

    bailleur = Organisme.objects.get(code="PANNES")
    with organisme_scope(bailleur):
        contenu = {**etat(), "passes": resultats(), "derniere_nuit": bailleur.derniere_nuit}
    Path(fichier).write_text(json.dumps(contenu, default=str, indent=1, sort_keys=True), encoding="utf-8")


_COMMANDES = {"preparer": preparer, "passer": passer, "ecrire": ecrire}

if __name__ == "__main__":
    main()

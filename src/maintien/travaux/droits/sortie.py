"""The archive of a request asked from the command line, by whoever administers the server."""

from maintien.apps.dossiers.droits import read_by_console
from maintien.apps.dossiers.models import DemandeDroit
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.portee import organisme_scope
from maintien.travaux.droits.archive import archive


class DemandeInconnueError(Exception):
    """There is no such request."""


def export_demande(organisme: Organisme, pk: int) -> bytes:
    with organisme_scope(organisme):
        demande = DemandeDroit.objects.select_related("menage", "personne", "organisme").filter(pk=pk).first()
        if demande is None:
            raise DemandeInconnueError(
                f"La demande {pk} n'existe pas chez {organisme.code} : son numéro est sur sa page."
            )
        read_by_console(demande)
        return archive(demande)

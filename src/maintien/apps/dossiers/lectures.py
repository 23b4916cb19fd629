"""Readings that leave a trace: out of one's portfolio, of a dossier closely followed by others, of a protected one."""

from maintien.apps.dossiers.models import Dossier
from maintien.apps.dossiers.permissions import case_of, niveau_of, relation_of
from maintien.apps.organismes.enums import Mode, Relation
from maintien.apps.organismes.finalites import FinaliteRequiseError, said
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle import journal


def read_dossier(appartenance: Appartenance, permission: str, dossier: Dossier) -> None:
    """To be called before anything of the dossier is shown.

    Where the cell of the table asks for a purpose: refused until one is said, and written down before it is shown, so
    that no reading goes without its line.
    """
    if case_of(appartenance, permission, dossier).mode is not Mode.MOTIF:
        return
    finalite = said(appartenance, dossier.pk)
    if finalite is None:
        raise FinaliteRequiseError(dossier.pk)
    relation, niveau = relation_of(appartenance, dossier), niveau_of(dossier)
    with journal.atomic():
        journal.record_lecture(
            dossier,
            finalite,
            acteur=appartenance.utilisateur,
            hors_portefeuille=relation is not Relation.PORTEFEUILLE,
            permission=permission,
            relation=relation.value,
            niveau=niveau.value,
        )

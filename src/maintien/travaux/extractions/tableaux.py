"""What each kind of export holds: its columns and its rows, with no more than the screen showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maintien.apps.comptes.models import Importation
from maintien.apps.dossiers.enums import Canal
from maintien.apps.dossiers.exportables import MenageExporte, exported
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.enums import GenreExtraction
from maintien.apps.socle.models import Extraction
from maintien.connecteurs.exports.rapport import COLONNES as COLONNES_REFUS
from maintien.travaux.imports.bilan import refused_rows

Cellule = str | int | Decimal | date | None
COLONNES_JOURNEE = (
    "Ménage",
    "Lieu",
    "Secteur",
    "Suivi par",
    "Étape proposée",
    "Comment",
    "Avant le",
    "Échéance légale",
    "En retard (€)",
    "Depuis le",
    "Dossier ouvert le",
)


@dataclass(frozen=True, slots=True)
class Tableau:
    nom: str
    colonnes: Sequence[str]
    lignes: Sequence[Sequence[Cellule]]


def table_of(appartenance: Appartenance, extraction: Extraction) -> Tableau:
    """As the person who takes it may see it now: what was taken away since the request is not in it."""
    if extraction.genre == GenreExtraction.JOURNEE:
        lignes = exported(appartenance, extraction.menages)
        return Tableau("liste-de-travail", COLONNES_JOURNEE, [_row(ligne) for ligne in lignes])
    importation = Importation.objects.get(pk=extraction.objet_id or 0)
    return Tableau(f"refus-import-{importation.pk}", COLONNES_REFUS, refused_rows(importation))


def _row(ligne: MenageExporte) -> list[Cellule]:
    dossier, menage, etape = ligne.dossier, ligne.dossier.menage, ligne.etape
    return [
        menage.libelle or f"Ménage {menage.pk}",
        "" if menage.contact_restreint else menage.lieu,
        str(dossier.secteur or ""),
        " et ".join(str(membre) for membre in (dossier.referent, dossier.cesf) if membre is not None),
        "" if etape is None else etape.quoi,
        "" if etape is None else Canal(etape.canal).label,
        None if etape is None else etape.avant_le,
        None if etape is None else etape.echeance_legale,
        Decimal(ligne.dette_exigible_centimes) / 100,
        ligne.date_plus_ancien,
        dossier.ouvert_le,
    ]

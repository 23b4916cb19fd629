"""A table as a file that a spreadsheet opens without running anything, marked with the code of its export."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.enums import FormatExtraction
from maintien.apps.socle.models import Extraction
from maintien.coeur.calendrier import format_jour
from maintien.connecteurs.exports.rapport import ecrit_rapport, neutralise
from maintien.travaux.extractions.tableaux import Cellule, Tableau

TYPES = {
    FormatExtraction.CSV: "text/csv; charset=utf-8",
    FormatExtraction.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LARGEUR_MAX = 60
_INTERDITS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], " ")


def mark(extraction: Extraction, appartenance: Appartenance) -> str:
    """The visible line: whose file it is, why it was taken, and that it is not to be handed on."""
    quand = timezone.localtime(timezone.now())
    return (
        f"Extraction {extraction.code} du {format_jour(quand.date())} à {quand:%H:%M}, remise à "
        f"{appartenance.utilisateur} ({appartenance.organisme}). Finalité : {extraction.get_finalite_display()}. "
        "À ne pas transmettre ; à effacer après usage."
    )


def file_name(extraction: Extraction, tableau: Tableau) -> str:
    jour = timezone.localdate()
    return f"{tableau.nom}-{jour.isoformat()}-{extraction.code}.{extraction.format}"


def write(extraction: Extraction, tableau: Tableau, marque: str) -> bytes:
    if extraction.format == FormatExtraction.CSV:
        return _csv(tableau, marque)
    return _xlsx(extraction, tableau, marque)


def _csv(tableau: Tableau, marque: str) -> bytes:
    flux = io.StringIO()
    lignes = [[_text(cellule) for cellule in ligne] for ligne in tableau.lignes]
    ecrit_rapport(flux, [*lignes, [], [marque]], tableau.colonnes)
    return flux.getvalue().encode()


def _text(cellule: Cellule) -> Cellule:
    if isinstance(cellule, Decimal):
        return f"{cellule:.2f}".replace(".", ",")
    return f"{cellule:%d/%m/%Y}" if isinstance(cellule, date) else cellule


def _xlsx(extraction: Extraction, tableau: Tableau, marque: str) -> bytes:
    classeur = Workbook(write_only=True)
    proprietes = classeur.properties
    proprietes.identifier, proprietes.creator = extraction.code, "Maintien"
    proprietes.title, proprietes.description = f"{tableau.nom} {extraction.code}", marque
    feuille = classeur.create_sheet(tableau.nom[:31])
    feuille.freeze_panes = "A2"
    feuille.oddFooter.left.text = extraction.code
    for rang, colonne in enumerate(tableau.colonnes):
        feuille.column_dimensions[get_column_letter(rang + 1)].width = _width(tableau, rang, colonne)
    feuille.append([_cell(feuille, colonne, is_titre=True) for colonne in tableau.colonnes])
    for ligne in tableau.lignes:
        feuille.append([_cell(feuille, cellule) for cellule in ligne])
    feuille.append([])
    feuille.append([_cell(feuille, marque)])
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _cell(feuille: Any, valeur: Cellule, *, is_titre: bool = False) -> Any:
    """A text is a text, whatever it begins with, here and once it is copied elsewhere."""
    cellule = WriteOnlyCell(feuille, valeur.translate(_INTERDITS) if isinstance(valeur, str) else valeur)
    if isinstance(valeur, str):
        cellule.data_type = "s"
        cellule.quotePrefix = neutralise(valeur) != valeur
    elif isinstance(valeur, Decimal):
        cellule.number_format = "#,##0.00"
    elif isinstance(valeur, date):
        cellule.number_format = "dd/mm/yyyy"
    if is_titre:
        cellule.font = Font(bold=True)
    return cellule


def _width(tableau: Tableau, rang: int, colonne: str) -> int:
    textes = (str(_text(ligne[rang]) or "") for ligne in tableau.lignes)
    return min(max(map(len, (colonne, *textes))) + 2, _LARGEUR_MAX)

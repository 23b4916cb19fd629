"""The ledger of the fictitious landlord as the profile `erp_a` reads it: one file, in pages, its total at the end."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

LIGNES_PAR_PAGE = 400
EN_TETE = "N° Cpte;Locataire;N° Pièce;Dt écriture;Dt valeur;Dt échéance;Mois;Code;Désignation;Montant"
CODES = {
    "LOY": "700", "ANX": "701", "IND": "705", "CHG": "710", "CLE": "712", "REG": "715", "ASS": "718", "SLS": "720",
    "RLS": "725", "REP": "730", "FRA": "740", "INT": "745", "APL": "530", "RAP": "531", "REJ": "IMP", "AID": "541",
    "GAR": "545", "REM": "580", "EFF": "590", "DG": "165", "OD": "999",
}  # fmt: skip
MODES = {"prelevement": "512", "virement": "513", "carte": "514", "cheque": "515", "especes": "516", "mandat": "517"}


def ecrire_erp_a(ecritures: Any, dossier: Path) -> Path:
    """Windows-1252, semicolon, decimal comma, a title and a header every 400 lines, the control total at the end."""
    chemin = dossier / "EXTRACT_GL_LOC_202611.csv"
    lignes = _lignes(ecritures)
    total = pc.sum(ecritures["debit"]).as_py() - pc.sum(ecritures["credit"]).as_py()
    with chemin.open("w", encoding="windows-1252", newline="\r\n", errors="replace") as flux:
        for rang in range(0, len(lignes), LIGNES_PAR_PAGE):
            flux.write(
                f"GRAND LIVRE LOCATAIRES - EXTRACTION 11/2026 - PAGE {rang // LIGNES_PAR_PAGE + 1}\n{EN_TETE}\n"
            )
            flux.writelines(lignes[rang : rang + LIGNES_PAR_PAGE])
        flux.write(f"TOTAL GENERAL;;;;;;;;{len(lignes)} ECRITURES;{_montant(total)}\n")
    return chemin


def _lignes(ecritures: Any) -> list[str]:
    pieces = [f"{ordre:012d}" for ordre in ecritures["ordre"].to_pylist()]
    par_reference = dict(zip(ecritures["reference_ecriture"].to_pylist(), pieces, strict=True))
    colonnes = (
        ecritures["reference_compte"].to_pylist(),
        pieces,
        *(_jours(ecritures[nom]) for nom in ("date_comptable", "date_valeur", "date_exigibilite")),
        [_mois(p) for p in ecritures["periode"].to_pylist()],
        *(_textes(ecritures[nom]) for nom in ("code", "mode", "libelle", "affectation", "reference_annulee")),
        ecritures["debit"].to_pylist(),
        ecritures["credit"].to_pylist(),
    )
    lignes = []
    for compte, piece, jour, valeur, echeance, mois, code, mode, libelle, affectation, annulee, debit, credit in zip(
        *colonnes, strict=True
    ):
        if annulee and code == "REJ":
            designation = f"REJET PRELVT PC {par_reference.get(annulee, '000000000000')}"
        else:
            designation = libelle + _designes(affectation)
        lu = MODES.get(mode, "513") if code == "PAI" else CODES[code]
        lignes.append(
            f"{compte};LOCATAIRE {compte[-4:]};{piece};{jour};{valeur};{echeance};{mois};{lu};{designation};"
            f"{_montant(debit - credit)}\n"
        )
    return lignes


def _textes(colonne: Any) -> list[str]:
    return (pc.cast(colonne, pa.string()) if pa.types.is_dictionary(colonne.type) else colonne).to_pylist()


def _jours(colonne: Any) -> list[str]:
    return pc.fill_null(pc.strftime(colonne, format="%d/%m/%Y"), "").to_pylist()


def _mois(periode: int | None) -> str:
    return "" if periode is None else f"{periode % 12 + 1:02d}/{periode // 12}"


def _designes(affectation: str) -> str:
    mois = [f"{m[5:]}/{m[:4]}" for m in affectation.split("|") if m[:4].isdecimal()]
    return f" MOIS {'+'.join(mois)}" if mois else ""


def _montant(centimes: int) -> str:
    euros = f"{abs(centimes) // 100:,}".replace(",", " ")
    return f"{'-' if centimes < 0 else ''}{euros},{abs(centimes) % 100:02d}"

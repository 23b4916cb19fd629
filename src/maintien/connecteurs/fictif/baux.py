"""The leases of a block as the pivot file writes them: dwelling, dates, terms, deposit, annexed parking."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from maintien.connecteurs.fictif.comptes import APL_SANS, JAMAIS, MOTIFS, TYPES, Comptes
from maintien.connecteurs.fictif.conduites import MODES, PRELEVEMENT, Conduites
from maintien.connecteurs.fictif.noms import COMMUNES, RESIDENCES, VOIES
from maintien.connecteurs.fictif.tableaux import (
    Entiers,
    Octets,
    Tirage,
    colonne_jours,
    colonne_texte,
    compose_octets,
)

LOGEMENTS_PAR_RESIDENCE = 40
_MODES_APL = ["bailleur", "locataire", "sans"]
_MOTIF_MUTATION = MOTIFS.index("mutation")


def references_comptes(comptes: Comptes) -> Octets:
    """C, seven digits of the dwelling, one of the rank of the tenant in it."""
    return compose_octets("C", (comptes.logement, 7), (comptes.rang, 1), lignes=len(comptes))


def derniers_baux(comptes: Comptes) -> Any:
    """The reference of the last dwelling lease of each account."""
    suffixe = pc.if_else(pa.array(comptes.mutation < JAMAIS), "M1", "")
    return pc.binary_join_element_wise(_reference("B", comptes, np.arange(len(comptes))), suffixe, "")


def table_baux(rng: Tirage, comptes: Comptes, conduites: Conduites) -> Any:
    """Main leases, then leases after a move, then parkings, by account."""
    tous = np.arange(len(comptes))
    signature = comptes.entree - rng.integers(0, 21, len(comptes), dtype=np.int32)
    demenages = np.flatnonzero(comptes.mutation < JAMAIS)
    garages = np.flatnonzero(comptes.parking)
    surfaces = np.clip(comptes.surface[demenages] + rng.integers(-12, 13, len(demenages)), 20, 120)
    principaux = _table(comptes, conduites, tous, signature)
    suivants = _table(comptes, conduites, demenages, comptes.mutation[demenages] - 9)
    annexes = _table(comptes, conduites, garages, signature[garages])
    mutes = comptes.mutation < JAMAIS
    principaux |= {
        "date_sortie": _sorties(np.where(mutes, comptes.mutation, comptes.sortie)),
        "motif_sortie": _motifs(np.where(mutes, _MOTIF_MUTATION, comptes.motif)),
    }
    suivants |= {
        "reference_bail": pc.binary_join_element_wise(_reference("B", comptes, demenages), "M1", ""),
        **_logement(comptes.logement_suivant[demenages]),
        "surface": pa.array(surfaces.astype(np.int32)),
        "date_entree": colonne_jours(comptes.mutation[demenages]),
    }
    annexes |= {
        "reference_bail": pc.binary_join_element_wise(_reference("B", comptes, garages), "P1", ""),
        "reference_logement": _reference("P", comptes, garages),
        "type_logement": pa.array(["PARKING"] * len(garages), pa.string()),
        "surface": pa.array(np.full(len(garages), 12, dtype=np.int32)),
        "depot_garantie": pa.array(np.zeros(len(garages), dtype=np.int64)),
        "bail_annexe_de": derniers_baux(comptes).take(garages),
    }
    table = pa.concat_tables(pa.table(colonnes) for colonnes in (principaux, suivants, annexes))
    return table.sort_by([("reference_compte", "ascending"), ("reference_bail", "ascending")])


def _table(comptes: Comptes, conduites: Conduites, lignes: Entiers, signature: Any) -> dict[str, Any]:
    """The columns of these accounts, in the order of the pivot file."""
    logement = _logement(comptes.logement[lignes])
    preleve = conduites.mode[lignes] == PRELEVEMENT
    avec_apl = comptes.apl_mode[lignes] != APL_SANS
    return {
        "reference_bail": _reference("B", comptes, lignes),
        "reference_compte": _reference("C", comptes, lignes),
        **logement,
        "type_logement": pa.array(np.array(TYPES)[comptes.type_logement[lignes]], pa.string()),
        "surface": pa.array(comptes.surface[lignes].astype(np.int32)),
        "date_signature": colonne_jours(signature),
        "date_entree": colonne_jours(comptes.entree[lignes]),
        "date_sortie": _sorties(comptes.sortie[lignes]),
        "motif_sortie": _motifs(comptes.motif[lignes]),
        "terme": pa.array(np.where(comptes.echoir[lignes], "a_echoir", "echu"), pa.string()),
        "jour_exigibilite": pa.array(comptes.jour[lignes].astype(np.int32)),
        "mode_paiement": pa.array(np.array(MODES)[conduites.mode[lignes]], pa.string()),
        "rum": pc.if_else(pa.array(preleve), _rum(comptes, lignes), ""),
        "iban": pc.if_else(pa.array(preleve), _iban(comptes, lignes), ""),
        "apl_mode": pa.array(np.array(_MODES_APL)[comptes.apl_mode[lignes]], pa.string()),
        "numero_allocataire": pc.if_else(pa.array(avec_apl), _allocataire(comptes, lignes), ""),
        "depot_garantie": pa.array(comptes.loyer[lignes]),
        "bail_annexe_de": pa.array([""] * len(lignes), pa.string()),
    }


def _reference(lettre: str, comptes: Comptes, lignes: Entiers) -> Any:
    chiffres = ((comptes.logement[lignes], 7), (comptes.rang[lignes], 1))
    return colonne_texte(compose_octets(lettre, *chiffres, lignes=len(lignes)))


def _logement(logements: Entiers) -> dict[str, Any]:
    """Dwelling, residence and address: forty neighbouring numbers are one residence in one street of one commune."""
    residence = logements // LOGEMENTS_PAR_RESIDENCE
    commune = np.array(COMMUNES)[residence % len(COMMUNES)].reshape(-1, 4)
    numero = 1 + (logements // 10) % 4 * 2 + residence % 7 * 8
    nom = pc.binary_join_element_wise(
        pa.array(RESIDENCES).take(residence % len(RESIDENCES)), pc.cast(residence // len(COMMUNES) + 1, "string"), " "
    )
    voie = pc.binary_join_element_wise(
        pc.cast(pa.array(numero), "string"), pa.array(VOIES).take(residence // 2 % len(VOIES)), " "
    )
    return {
        "reference_logement": colonne_texte(compose_octets("L", (logements, 7), lignes=len(logements))),
        "residence": nom,
        "voie": voie,
        "code_postal": pa.array(commune[:, 1], pa.string()),
        "commune": pa.array(commune[:, 0], pa.string()),
        "code_insee": pa.array(commune[:, 2], pa.string()),
        "departement": pa.array(commune[:, 3], pa.string()),
    }


def _sorties(jours: Any) -> Any:
    jours = np.asarray(jours, dtype=np.int32)
    return colonne_jours(jours, jours == JAMAIS)


def _motifs(motifs: Entiers) -> Any:
    return pa.array(np.array([*MOTIFS, ""])[motifs], pa.string())


def _rum(comptes: Comptes, lignes: Entiers) -> Any:
    chiffres = ((comptes.logement[lignes], 7), (comptes.rang[lignes], 1))
    return colonne_texte(compose_octets("RUM", *chiffres, "-1", lignes=len(lignes)))


def _iban(comptes: Comptes, lignes: Entiers) -> Any:
    """Accounts of a bank that does not exist (30999), with right keys: the French check digits are always 76."""
    guichet = comptes.logement[lignes] % 100_000
    numero = comptes.logement[lignes] * 10 + comptes.rang[lignes]
    cle = 97 - (89 * 30999 + 15 * guichet + 3 * numero) % 97
    return colonne_texte(compose_octets("FR7630999", (guichet, 5), (numero, 11), (cle, 2), lignes=len(lignes)))


def _allocataire(comptes: Comptes, lignes: Entiers) -> Any:
    numero = (comptes.logement[lignes] * 10 + comptes.rang[lignes]) * 7919 % 9_000_000 + 1_000_000
    return colonne_texte(compose_octets((numero, 7), lignes=len(lignes)))

"""Les motifs de rejet d'un prélèvement SEPA (listes ISO 20022) : ce qu'ils disent, et la conduite à tenir."""

import re
from enum import StrEnum

_CODE = re.compile(r"\b([A-Z]{2}[0-9]{2}|[A-Z]{4})\b")


class Conduite(StrEnum):
    """La conduite à tenir devant un rejet : elle choisit le texte de la règle."""

    PROVISION = "provision"
    COORDONNEES = "coordonnees"
    MANDAT = "mandat"
    REFUS = "refus"
    DECES = "deces"
    TECHNIQUE = "technique"
    INCONNUE = "inconnue"


_MOTIFS: dict[str, tuple[Conduite, str]] = {
    "AM04": (Conduite.PROVISION, "provision insuffisante"),
    "MS03": (Conduite.INCONNUE, "motif non précisé par la banque"),
    "MS02": (Conduite.REFUS, "prélèvement refusé par le titulaire"),
    "MD06": (Conduite.REFUS, "remboursement demandé par le titulaire"),
    "SL01": (Conduite.REFUS, "prélèvement bloqué auprès de la banque"),
    "AC01": (Conduite.COORDONNEES, "numéro de compte inexact"),
    "AC04": (Conduite.COORDONNEES, "compte bancaire clos"),
    "AC06": (Conduite.COORDONNEES, "compte bancaire bloqué"),
    "AG01": (Conduite.COORDONNEES, "compte bancaire qui n'admet pas le prélèvement"),
    "MD01": (Conduite.MANDAT, "mandat absent"),
    "MD02": (Conduite.MANDAT, "mandat incomplet"),
    "MD07": (Conduite.DECES, "titulaire décédé selon la banque"),
    "AM05": (Conduite.TECHNIQUE, "prélèvement présenté deux fois"),
    "BE05": (Conduite.TECHNIQUE, "créancier non reconnu par la banque"),
    "DNOR": (Conduite.TECHNIQUE, "banque du titulaire injoignable"),
    "FF01": (Conduite.TECHNIQUE, "fichier de prélèvement inexact"),
    "RC01": (Conduite.TECHNIQUE, "identifiant de la banque inexact"),
    "RR01": (Conduite.TECHNIQUE, "obligation réglementaire de la banque"),
    "RR02": (Conduite.TECHNIQUE, "obligation réglementaire de la banque"),
    "RR03": (Conduite.TECHNIQUE, "obligation réglementaire de la banque"),
    "RR04": (Conduite.TECHNIQUE, "obligation réglementaire de la banque"),
}
_INCONNU = (Conduite.INCONNUE, "motif inconnu")


def code_du_libelle(libelle: str) -> str:
    """Rend le code bancaire qu'un libellé de rejet contient, vide s'il n'y en a pas de connu."""
    return next((code for code in _CODE.findall(libelle.upper()) if code in _MOTIFS), "")


def conduite(code: str) -> Conduite:
    """Rend la conduite à tenir pour un code."""
    return _MOTIFS.get(code, _INCONNU)[0]


def libelle_du_motif(code: str) -> str:
    """Rend le motif en français."""
    return _MOTIFS.get(code, _INCONNU)[1]

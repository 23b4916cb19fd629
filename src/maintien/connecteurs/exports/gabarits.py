"""The fields of each kind of record: their type, whether they are required, their bounds.

The JSON schema of profiles lists the same names; a test compares the two. Lengths are those of the database columns.
"""

from dataclasses import dataclass
from typing import Literal

TypeAttribut = Literal["texte", "date", "periode", "montant", "entier", "booleen", "choix", "affectation"]

CODES = (
    "LOY ANX CHG REG SLS RLS CLE ASS IND APL RAP PAI AID GAR REJ REM DG REP FRA INT EFF OD".split()  # noqa: SIM905
)
RESTITUTION = "RESTITUTION"


@dataclass(frozen=True, slots=True)
class Attribut:
    """One field of a record. `defaut` is the value of an empty text."""

    nom: str
    type: TypeAttribut = "texte"
    obligatoire: bool = False
    longueur: int = 40
    choix: tuple[str, ...] = ()
    bornes: tuple[int, int] = (0, 999_999_999)
    defaut: str | int | bool | None = None
    positif: bool = False


def _texte(nom: str, longueur: int, *, obligatoire: bool = False) -> Attribut:
    return Attribut(nom, longueur=longueur, obligatoire=obligatoire, defaut="")


def _date(nom: str, *, obligatoire: bool = False) -> Attribut:
    return Attribut(nom, "date", obligatoire=obligatoire)


def _entier(nom: str, minimum: int, maximum: int, *, defaut: int | None = None, obligatoire: bool = False) -> Attribut:
    return Attribut(nom, "entier", bornes=(minimum, maximum), defaut=defaut, obligatoire=obligatoire)


ECRITURE = (
    _texte("reference", 56, obligatoire=True),  # 60 in the database: room for the suffix of a fee that is split off
    _texte("compte", 40, obligatoire=True),
    _date("date_comptable", obligatoire=True),
    _date("date_valeur"),
    _date("date_exigibilite"),
    Attribut("periode", "periode", defaut=""),
    Attribut("code", "choix", obligatoire=True, choix=tuple(CODES)),
    _texte("libelle", 200),
    Attribut("debit", "montant"),
    Attribut("credit", "montant"),
    _texte("mode", 20),
    _texte("reference_annulee", 60),
    Attribut("affectation", "affectation", defaut="", longueur=400),
    Attribut("montant", "montant"),
    Attribut("sens", "choix", choix=("debit", "credit"), defaut="debit"),
)

BAIL = (
    _texte("reference", 40, obligatoire=True),
    _texte("compte", 40, obligatoire=True),
    _texte("logement", 40),
    _texte("residence", 120),
    _texte("voie", 200),
    _texte("code_postal", 10),
    _texte("commune", 120),
    _texte("code_insee", 5),
    _texte("departement", 3),
    _texte("type_logement", 20),
    _entier("surface", 0, 99_999),
    _date("date_signature"),
    _date("date_entree", obligatoire=True),
    _date("date_sortie"),
    Attribut("motif_sortie", "choix", choix=("conge", "mutation", "deces", "abandon", "expulsion"), defaut=""),
    Attribut("terme", "choix", choix=("echu", "a_echoir"), defaut="echu"),
    _entier("jour_exigibilite", 1, 31, defaut=31),
    _texte("mode_paiement", 20),
    _texte("rum", 35),
    _texte("iban", 34),
    Attribut("apl_mode", "choix", choix=("bailleur", "locataire", "sans"), defaut="sans"),
    _texte("numero_allocataire", 20),
    Attribut("depot_garantie", "montant", positif=True),
    _texte("bail_annexe_de", 40),
    _date("etabli_le"),
)

LOCATAIRE = (
    _texte("reference", 40, obligatoire=True),
    _texte("bail", 40),
    _texte("compte", 40, obligatoire=True),
    Attribut("role", "choix", obligatoire=True, choix=("titulaire", "cotitulaire", "caution")),
    _texte("civilite", 10),
    _texte("nom", 120, obligatoire=True),
    _texte("prenom", 120),
    _date("date_naissance"),
    _texte("telephone", 60),
    _texte("courriel", 200),
    # A value that nobody foresaw protects: the opposite mistake puts someone in danger.
    Attribut("contact_restreint", "booleen", defaut=False),
    Attribut("opposition_sms", "booleen", defaut=False),
    _texte("situation_entree", 120),
    _date("etabli_le"),
)

PLAN = (
    _texte("reference", 40, obligatoire=True),
    _texte("compte", 40, obligatoire=True),
    _date("date_signature", obligatoire=True),
    Attribut("montant", "montant", obligatoire=True, positif=True),
    _entier("nombre_echeances", 1, 600, obligatoire=True),
    Attribut("mensualite", "montant", obligatoire=True, positif=True),
    _date("premiere_echeance", obligatoire=True),
    _date("date_rupture"),
    _date("date_solde"),
    _date("etabli_le"),
)

GABARITS = {"ecriture": ECRITURE, "bail": BAIL, "locataire": LOCATAIRE, "plan": PLAN}

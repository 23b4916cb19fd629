"""Every field that leaves by the API, with its class: the cell of the table says which classes go out.

A field without class stops the test of the schemas, and is never sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from ninja import Field, Schema

from maintien.apps.organismes.enums import ClasseChamp


@dataclass(frozen=True, slots=True)
class Classe:
    """Written beside the type of a field."""

    valeur: ClasseChamp


I = Classe(ClasseChamp.IDENTITE)  # noqa: E741 - the letters of the table
F = Classe(ClasseChamp.FINANCE)

Centimes = Annotated[int | None, F]
Jour = Annotated[date | None, F]
Drapeau = Annotated[bool | None, F]


class SituationLue(Schema):
    """One account at the last nightly pass (conventions of the account, C7 to C11); sums are whole centimes."""

    reference_compte: Annotated[str | None, I] = None
    secteur: Annotated[str | None, I] = Field(None, description="Code du secteur, s'il y en a un.")
    date: Jour = Field(None, description="Le jour de la dernière passe de nuit.")
    modifiee_le: Jour = Field(None, description="La passe qui a changé un chiffre pour la dernière fois, si connue.")
    statut: Annotated[str | None, F] = Field(None, description="present, parti ou futur.")
    solde_centimes: Centimes = None
    dette_exigible_centimes: Centimes = None
    dette_locative_centimes: Centimes = None
    dette_accessoires_centimes: Centimes = None
    non_echu_centimes: Centimes = None
    avance_centimes: Centimes = None
    excedent_apl_centimes: Centimes = None
    dg_net_centimes: Centimes = None
    nb_termes_impayes: Annotated[int | None, F] = None
    date_plus_ancien: Jour = None
    tranche_lt1_centimes: Centimes = None
    tranche_1_3_centimes: Centimes = None
    tranche_3_6_centimes: Centimes = None
    tranche_6_12_centimes: Centimes = None
    tranche_ge12_centimes: Centimes = None
    terme_moyen_net_centimes: Centimes = None
    mois_de_dette_centiemes: Annotated[int | None, F] = None
    trois_termes_moyens: Drapeau = None
    apl_concerne: Drapeau = None
    apl_seuil_ancien_centimes: Centimes = None
    impaye_apl_ancien: Drapeau = None
    date_impaye_apl_ancien: Jour = None
    impaye_apl_2027: Drapeau = None
    date_impaye_apl_2027: Jour = None
    impaye_apl_legal: Drapeau = None
    date_impaye_apl_legal: Jour = None
    constate_le: Jour = None


class DossierLu(Schema):
    """The state of a dossier: whether the household is followed, and since when. Never why, nor by whom."""

    id: Annotated[int | None, I] = None
    comptes: Annotated[list[str] | None, I] = Field(None, description="Références des comptes du ménage.")
    secteur: Annotated[str | None, I] = Field(None, description="Code du secteur, s'il y en a un.")
    etat: Annotated[str | None, F] = Field(None, description="ouvert ou clos.")
    niveau: Annotated[str | None, F] = Field(None, description="ordinaire ou suivi.")
    ouvert_le: Jour = None
    clos_le: Jour = None
    has_plan: Drapeau = Field(None, description="Un plan d'apurement court sur l'un de ces comptes.")


class PageSituations(Schema):
    elements: list[SituationLue]
    suite: str | None = Field(description="À redonner dans `apres` pour lire la suite ; vide à la dernière page.")


class PageDossiers(Schema):
    elements: list[DossierLu]
    suite: int | None = Field(description="À redonner dans `apres` pour lire la suite ; vide à la dernière page.")


LUS: tuple[type[Schema], ...] = (SituationLue, DossierLu)


def class_of(schema: type[Schema], nom: str) -> ClasseChamp:
    trouvees = [m.valeur for m in schema.model_fields[nom].metadata if isinstance(m, Classe)]
    if len(trouvees) != 1:
        raise LookupError(f"{schema.__name__}.{nom}: a field of the API has one class")
    return trouvees[0]


def filtered(schema: type[Schema], valeurs: Mapping[str, Any], classes: frozenset[ClasseChamp]) -> dict[str, Any]:
    """Only the fields whose class may be read: the others are not there, not even empty."""
    return {nom: valeur for nom, valeur in valeurs.items() if class_of(schema, nom) in classes}

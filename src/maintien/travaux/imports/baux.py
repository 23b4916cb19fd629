"""Leases and the homes they are about."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from maintien.apps.comptes.models import Bail, Logement
from maintien.apps.dossiers.canaux_surs import kept_people_query
from maintien.connecteurs.exports.enregistrements import EnregistrementBail, Refus, montrer
from maintien.travaux.imports.fiches import ORIGINE, Valeurs, ensure_comptes, upsert
from maintien.travaux.imports.versions import Versions

_LOGEMENT = (
    "residence",
    "voie",
    "code_postal",
    "commune",
    "code_insee",
    "departement",
    "type_logement",
    "surface",
)
_ADRESSE = frozenset({"residence", "voie", "code_postal", "commune", "code_insee", "departement"})
_BAIL = (
    "date_signature",
    "date_entree",
    "date_sortie",
    "motif_sortie",
    "terme",
    "jour_exigibilite",
    "mode_paiement",
    "rum",
    "iban",
    "apl_mode",
    "numero_allocataire",
    "bail_annexe_de",
)
CURE = "garder une seule version de cette fiche dans le fichier"


def keep_first_baux(
    connus: dict[str, EnregistrementBail], recus: Iterable[EnregistrementBail], nom: str
) -> list[Refus]:
    """One lease may come on several lines, one a person: the same each time, or the later line is set aside."""
    refus = []
    for bail in recus:
        premier = connus.setdefault(bail.reference, bail)
        if premier[1:] != bail[1:]:
            colonne = next(c for c in bail._fields[1:] if getattr(premier, c) != getattr(bail, c))
            motif = f"le bail {bail.reference} est déjà décrit autrement à la ligne {premier.ligne} ({colonne})"
            valeur = montrer(str(getattr(bail, colonne)))
            refus.append(Refus(nom, bail.ligne, colonne, valeur, motif, CURE, bail.reference))
    return refus


def write_baux(baux: Mapping[str, EnregistrementBail], declares: Mapping[str, Any], versions: Versions) -> set[str]:
    """Store leases, homes and accounts; returns the references of the leases created or changed, homes included."""
    comptes = ensure_comptes(bail.compte for bail in baux.values())
    fiches_logement = {
        bail.logement: {nom: getattr(bail, nom) for nom in _LOGEMENT if nom in declares} | _origine(bail, versions)
        for bail in baux.values()
        if bail.logement
    }
    proteges = _protected_logements()

    def fusionner(existant: Any, valeurs: Valeurs) -> Valeurs:
        if existant is None or existant.pk not in proteges:
            return valeurs
        return {nom: valeur for nom, valeur in valeurs.items() if nom not in _ADRESSE}

    logements, logements_touches = upsert(Logement, fiches_logement, fusionner=fusionner, versions=versions)
    fiches = {
        bail.reference: _fiche(bail, declares, comptes, logements) | _origine(bail, versions) for bail in baux.values()
    }
    _, touches = upsert(Bail, fiches, versions=versions)
    return touches | {bail.reference for bail in baux.values() if bail.logement in logements_touches}


def _origine(bail: EnregistrementBail, versions: Versions) -> Valeurs:
    return {ORIGINE: bail.etabli_le or versions.etabli_le}


def _fiche(
    bail: EnregistrementBail, declares: Mapping[str, Any], comptes: Mapping[str, int], logements: Mapping[str, int]
) -> Valeurs:
    fiche: Valeurs = {nom: getattr(bail, nom) for nom in _BAIL if nom in declares}
    fiche["compte_id"] = comptes[bail.compte]
    if "depot_garantie" in declares:
        fiche["depot_garantie_centimes"] = bail.depot_garantie_centimes
    if bail.logement:
        fiche["logement_id"] = logements[bail.logement]
    return fiche


def _protected_logements() -> set[int]:
    """Homes of protected households: their address stays as it is."""
    protege = Q(compte__rattachement__menage__contact_restreint=True)
    suivi = Q(compte__rattachement__menage__dossiers__niveau="protege")
    garde = Q(compte__occupations__personne__in=kept_people_query())
    ids = Bail.objects.filter(protege | suivi | garde, logement__isnull=False).values_list("logement_id", flat=True)
    return {identifiant for identifiant in ids if identifiant is not None}

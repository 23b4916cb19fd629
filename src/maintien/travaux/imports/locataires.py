"""People and what they are on an account. A protection is set at once, whatever else the line is worth."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from maintien.apps.comptes.models import Compte, Occupation, Personne
from maintien.apps.dossiers.droits import opposed_person_ids
from maintien.apps.dossiers.menages import attach_menages, protected_person_ids, restrict
from maintien.apps.dossiers.models import Menage
from maintien.connecteurs.exports.enregistrements import EnregistrementLocataire, Refus, montrer
from maintien.travaux.imports.baux import CURE
from maintien.travaux.imports.fiches import ORIGINE, Valeurs, batches, ensure_comptes, upsert
from maintien.travaux.imports.versions import Versions, is_older

_PERSONNE = (
    "civilite",
    "nom",
    "prenom",
    "date_naissance",
    "telephone",
    "courriel",
    "opposition_sms",
    "situation_entree",
)
_COORDONNEES = frozenset({"telephone", "courriel"})
_IDENTITE = ("nom", "prenom", "date_naissance")

Occupations = dict[tuple[str, str, str], str]


class FichesLocataires:
    """What a file says of people: one card a person, and every lease they are on."""

    def __init__(self, nom: str) -> None:
        self._nom = nom
        self.personnes: dict[str, EnregistrementLocataire] = {}
        self.occupations: Occupations = {}
        self.lignes: dict[str, list[int]] = {}

    def add(self, recus: Iterable[EnregistrementLocataire]) -> list[Refus]:
        """Take lines; two people under one reference would be one person told two things: set aside."""
        refus = []
        for recu in recus:
            premier = self.personnes.get(recu.reference)
            if premier is not None and (colonne := _differing(premier, recu)):
                refus.append(self._refus(premier, recu, colonne))
                continue
            self.personnes[recu.reference] = recu if premier is None else _joined(premier, recu)
            self.occupations[recu.reference, recu.compte, recu.bail] = recu.role
            self.lignes.setdefault(recu.reference, []).append(recu.ligne)
        return refus

    def _refus(self, premier: EnregistrementLocataire, recu: EnregistrementLocataire, colonne: str) -> Refus:
        return Refus(
            self._nom,
            recu.ligne,
            colonne,
            montrer(str(getattr(recu, colonne) or "")),
            f"la référence {recu.reference} est déjà celle d'une autre personne à la ligne {premier.ligne}",
            CURE,
            recu.reference,
            recu.compte if recu.contact_restreint else "",
        )


def _differing(premier: EnregistrementLocataire, recu: EnregistrementLocataire) -> str:
    return next((c for c in _IDENTITE if _plie(getattr(premier, c)) != _plie(getattr(recu, c))), "")


def _plie(valeur: Any) -> str:
    """Without case or accents: the same person is typed in capitals on another line."""
    texte = unicodedata.normalize("NFKD", str(valeur or "")).encode("ascii", "ignore").decode()
    return " ".join(texte.casefold().split())


def _joined(premier: EnregistrementLocataire, recu: EnregistrementLocataire) -> EnregistrementLocataire:
    return premier._replace(
        contact_restreint=premier.contact_restreint or recu.contact_restreint,
        opposition_sms=premier.opposition_sms or recu.opposition_sms,
        etabli_le=max(filter(None, (premier.etabli_le, recu.etabli_le)), default=None),
    )


def write_locataires(fiches: FichesLocataires, declares: Mapping[str, Any], versions: Versions) -> set[str]:
    """Store people and occupations; returns the references of the people created or changed."""
    comptes = ensure_comptes({compte for _, compte, _ in fiches.occupations})
    proteges, opposees = protected_person_ids(), opposed_person_ids()

    def fusionner(existant: Any, valeurs: Valeurs) -> Valeurs:
        if existant is None:
            return valeurs
        valeurs = valeurs | {"contact_restreint": existant.contact_restreint or valeurs["contact_restreint"]}
        if existant.pk in opposees:
            valeurs = valeurs | {"opposition_sms": True}
        if existant.pk not in proteges:
            return valeurs
        return {nom: valeur for nom, valeur in valeurs.items() if nom not in _COORDONNEES}

    cartes = {
        reference: {nom: getattr(p, nom) for nom in _PERSONNE if nom in declares}
        | {"contact_restreint": p.contact_restreint, ORIGINE: p.etabli_le or versions.etabli_le}
        for reference, p in fiches.personnes.items()
    }
    identifiants, touches = upsert(Personne, cartes, fusionner=fusionner, versions=versions)
    jours = {reference: carte[ORIGINE] for reference, carte in cartes.items()}
    return touches | _write_occupations(fiches.occupations, identifiants, comptes, jours)


def _write_occupations(
    occupations: Occupations,
    personnes: Mapping[str, int],
    comptes: Mapping[str, int],
    jours: Mapping[str, date | None],
) -> set[str]:
    touches = set()
    for lot in batches(occupations.items()):
        ids = {personnes[reference] for (reference, _, _), _ in lot}
        existantes = {
            (o.personne_id, o.compte_id, o.bail_reference): o for o in Occupation.objects.filter(personne_id__in=ids)
        }
        nouvelles = []
        for (reference, compte, bail), role in lot:
            cle = (personnes[reference], comptes[compte], bail)
            connue = existantes.get(cle)
            deja = connue.origine_le if connue is not None else None
            if is_older(jours[reference], deja):
                continue
            origine = jours[reference] or deja
            if connue is not None and (connue.role, connue.origine_le) == (role, origine):
                continue
            if connue is None or connue.role != role:
                touches.add(reference)
            nouvelles.append(
                Occupation(personne_id=cle[0], compte_id=cle[1], bail_reference=bail, role=role, origine_le=origine)
            )
        Occupation.objects.bulk_create(
            nouvelles,
            update_conflicts=True,
            unique_fields=["personne", "compte", "bail_reference"],
            update_fields=["role", "origine_le"],
        )
    return touches


def protect_comptes(references: Collection[str]) -> int:
    """Protect the households of these accounts: a refused line said « contact restreint »."""
    if not references:
        return 0
    ensure_comptes(references)
    attach_menages()
    comptes = Compte.objects.filter(reference__in=references).values("pk")
    menages = Menage.objects.filter(rattachements__compte__in=comptes)
    return restrict(menages, "contact restreint sur une ligne refusée")

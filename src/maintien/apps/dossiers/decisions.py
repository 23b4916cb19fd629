"""What the nightly rules decide about dossiers, by lots: opened, changed, closed.

Each decision leaves one fact and one line of journal, and is safe to repeat: a household that already has an open
dossier gets no second one, a closed dossier is not closed again. A protection is carried from one dossier to the next.
The caller holds the transaction, so that a lot is written whole or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from maintien.apps.dossiers.enums import (
    CauseImpaye,
    EtatDossier,
    EtatProposition,
    GenreFait,
    NiveauDossier,
    SourceCause,
)
from maintien.apps.dossiers.models import Dossier, Fait, MiseSousProtection, Proposition
from maintien.apps.socle import journal
from maintien.apps.socle.journal import Ligne

_LOT = 1000
_ALIGNES = ("secteur_id", "referent_id", "cesf_id")


@dataclass(frozen=True, slots=True)
class Ouverture:
    menage_id: int
    secteur_id: int | None
    regle: str
    motif: str
    niveau: str = NiveauDossier.ORDINAIRE
    cause: str = CauseImpaye.INCONNUE


@dataclass(frozen=True, slots=True)
class Changement:
    """A level, a cause, or both; an empty one is left as it is."""

    dossier_id: int
    regle: str
    motif: str
    niveau: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Cloture:
    dossier_id: int
    regle: str
    motif: str


@dataclass(frozen=True, slots=True)
class Alignement:
    """The sector that the home has now, and who of the duo still works on it."""

    dossier_id: int
    secteur_id: int | None
    referent_id: int | None
    cesf_id: int | None
    motif: str


def open_dossiers(ouvertures: Sequence[Ouverture], jour: date) -> list[Dossier]:
    menages = [ouverture.menage_id for ouverture in ouvertures]
    deja = set(_ouverts().filter(menage_id__in=menages).values_list("menage_id", flat=True))
    a_proteger = Dossier.objects.filter(menage_id__in=menages, niveau=NiveauDossier.PROTEGE).values_list("menage_id")
    mises = MiseSousProtection.objects.filter(menage_id__in=menages, levee_le=None).values_list("menage_id")
    proteges = {menage_id for (menage_id,) in a_proteger.union(mises)}
    nouvelles = {o.menage_id: o for o in ouvertures if o.menage_id not in deja}
    dossiers = Dossier.objects.bulk_create(
        [_dossier(ouverture, jour, protege=menage in proteges) for menage, ouverture in nouvelles.items()],
        batch_size=_LOT,
    )
    raisons = {d.pk: (nouvelles[d.menage_id].regle, nouvelles[d.menage_id].motif) for d in dossiers}
    _tell(dossiers, GenreFait.OUVERTURE, jour, raisons)
    return dossiers


def _dossier(ouverture: Ouverture, jour: date, *, protege: bool) -> Dossier:
    is_connue = ouverture.cause not in {"", CauseImpaye.INCONNUE}
    return Dossier(
        menage_id=ouverture.menage_id,
        secteur_id=ouverture.secteur_id,
        niveau=NiveauDossier.PROTEGE if protege else ouverture.niveau or NiveauDossier.ORDINAIRE,
        cause=ouverture.cause or CauseImpaye.INCONNUE,
        cause_le=jour if is_connue else None,
        cause_source=SourceCause.CALCUL if is_connue else "",
        ouvert_le=jour,
        derniere_activite_le=jour,
        regle_ouverture=ouverture.regle,
    )


def change_dossiers(changements: Sequence[Changement], jour: date) -> int:
    """Returns how many dossiers really changed. A level « protégé » stays, and a cause said by a person too."""
    dossiers = _ouverts().in_bulk([changement.dossier_id for changement in changements])
    changes: dict[int, Dossier] = {}
    raisons: dict[int, tuple[str, str]] = {}
    for changement in changements:
        dossier = dossiers.get(changement.dossier_id)
        if dossier is not None and _change(dossier, changement, jour):
            changes[dossier.pk] = dossier
            regle, motif = raisons.get(dossier.pk, ("", ""))
            raisons[dossier.pk] = (regle or changement.regle, f"{motif} {changement.motif}".strip())
    _save(list(changes.values()), ["niveau", "cause", "cause_le", "cause_source"])
    _tell(changes.values(), GenreFait.CHANGEMENT, jour, raisons)
    return len(changes)


def _change(dossier: Dossier, changement: Changement, jour: date) -> bool:
    avant = (dossier.niveau, dossier.cause)
    if changement.niveau and dossier.niveau != NiveauDossier.PROTEGE:
        dossier.niveau = changement.niveau
    if changement.cause and dossier.cause_source in {"", SourceCause.CALCUL} and dossier.cause != changement.cause:
        dossier.cause, dossier.cause_le, dossier.cause_source = changement.cause, jour, SourceCause.CALCUL
    return avant != (dossier.niveau, dossier.cause)


def close_dossiers(clotures: Sequence[Cloture], jour: date) -> int:
    """Closing takes away what was still proposed; it lifts no protection."""
    raisons = {cloture.dossier_id: (cloture.regle, cloture.motif) for cloture in clotures}
    dossiers = list(_ouverts().filter(pk__in=raisons))
    for dossier in dossiers:
        dossier.etat, dossier.clos_le, dossier.motif_cloture = EtatDossier.CLOS, jour, raisons[dossier.pk][1]
    _save(dossiers, ["etat", "clos_le", "motif_cloture"])
    restantes = Proposition.objects.filter(
        dossier_id__in=[dossier.pk for dossier in dossiers],
        etat__in=(EtatProposition.A_FAIRE, EtatProposition.REPORTEE),
    )
    restantes.update(etat=EtatProposition.PERIMEE)
    _tell(dossiers, GenreFait.CLOTURE, jour, raisons)
    return len(dossiers)


def align_dossiers(alignements: Sequence[Alignement], jour: date) -> int:
    """Move open dossiers with their home, and free them of who no longer follows them; returns how many changed."""
    dossiers = _ouverts().in_bulk([alignement.dossier_id for alignement in alignements])
    changes: list[Dossier] = []
    raisons: dict[int, tuple[str, str]] = {}
    avant: dict[int, dict[str, Any]] = {}
    for voulu in alignements:
        dossier = dossiers.get(voulu.dossier_id)
        valeurs = {champ: getattr(voulu, champ) for champ in _ALIGNES}
        if dossier is None or all(getattr(dossier, champ) == valeur for champ, valeur in valeurs.items()):
            continue
        avant[dossier.pk] = {f"avant_{champ}": getattr(dossier, champ) for champ in _ALIGNES}
        for champ, valeur in valeurs.items():
            setattr(dossier, champ, valeur)
        changes.append(dossier)
        raisons[dossier.pk] = ("", voulu.motif)
    _save(changes, ["secteur", "referent", "cesf"])
    _tell(changes, GenreFait.CHANGEMENT, jour, raisons, acte="dossier.secteur", details=avant)
    return len(changes)


def _ouverts() -> QuerySet[Dossier]:
    """Under lock: whoever edits one of them meanwhile waits, then is told by the version."""
    return Dossier.objects.select_for_update().filter(etat=EtatDossier.OUVERT)


def _save(dossiers: Sequence[Dossier], champs: Sequence[str]) -> None:
    for dossier in dossiers:
        dossier.version += 1
    Dossier.objects.bulk_update(dossiers, [*champs, "version"], batch_size=_LOT)


def _tell(
    dossiers: Iterable[Dossier],
    genre: GenreFait,
    jour: date,
    raisons: Mapping[int, tuple[str, str]],
    *,
    acte: str = "",
    details: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """One fact and one line of journal each; the fact says the reason, the journal its rule only."""
    faits, lignes = [], []
    for dossier in dossiers:
        regle, motif = raisons[dossier.pk]
        faits.append(
            Fait(
                menage_id=dossier.menage_id,
                dossier=dossier,
                genre=genre,
                date=jour,
                donnees={"regle": regle, "motif": motif},
                source="nuit",
            )
        )
        precisions = {} if details is None else details[dossier.pk]
        donnees = {"regle": regle, "version": dossier.version, **precisions}
        lignes.append(Ligne(acte or f"dossier.{genre}", dossier, donnees))
    Fait.objects.bulk_create(faits, batch_size=_LOT)
    journal.record_many(lignes)

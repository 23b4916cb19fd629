"""Leases, homes, people, plans: rows that a later file may change. Only what the profile gives is written.

The file established last wins, in whatever order the files come (`versions`), except that a protection is never lifted
and that the coordinates of a protected household are never touched.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from maintien.apps.comptes.models import Compte
from maintien.apps.socle.models import ScopedModel
from maintien.travaux.imports.versions import Versions, is_older

_M = TypeVar("_M", bound=ScopedModel)
_T = TypeVar("_T")
LOT = 1000
ORIGINE = "origine_le"
# A protection counts whatever the age of the file that asks for it.
_TOUJOURS = frozenset({"contact_restreint"})

Valeurs = dict[str, Any]
Fusionner = Callable[[Any, Valeurs], Valeurs]


def batches(elements: Iterable[_T]) -> Iterator[list[_T]]:
    """Consecutive lots."""
    iterateur = iter(elements)
    while lot := list(islice(iterateur, LOT)):
        yield lot


def upsert(
    modele: type[_M],
    fiches: Mapping[str, Valeurs],
    *,
    fusionner: Fusionner | None = None,
    versions: Versions | None = None,
) -> tuple[dict[str, int], set[str]]:
    """Write rows known by their reference. Returns their identifiers, and the references created or changed.

    `fusionner(existing or None, values)` gives the values to write. `versions`: rows that keep the day on
    which they were established (`origine_le` of the values), and are not brought back by an older one; of those, only
    a protection is still taken.
    """
    identifiants: dict[str, int] = {}
    touches: set[str] = set()
    for lot in batches(fiches.items()):
        references = [reference for reference, _ in lot]
        existants = {o.reference: o for o in modele.objects.filter(reference__in=references)}  # type: ignore[attr-defined]
        a_ecrire: list[_M] = []
        noms: set[str] = set()
        datees: list[_M] = []
        for reference, valeurs in lot:
            existant = existants.get(reference)
            voulues = fusionner(existant, valeurs) if fusionner else valeurs
            voulues, origine = _last_word(existant, voulues, versions)
            if existant is not None and all(getattr(existant, nom) == v for nom, v in voulues.items()):
                identifiants[reference] = existant.pk
                if origine and getattr(existant, ORIGINE) != origine[ORIGINE]:
                    setattr(existant, ORIGINE, origine[ORIGINE])
                    datees.append(existant)
                continue
            touches.add(reference)
            voulues = voulues | origine
            noms.update(voulues)
            a_ecrire.append(_copy(modele, existant, reference, voulues))
        _write(modele, a_ecrire, sorted(noms))
        if datees:
            modele.objects.bulk_update(datees, [ORIGINE])
        identifiants |= {o.reference: o.pk for o in a_ecrire}  # type: ignore[attr-defined]
    return identifiants, touches


def _last_word(existant: Any, valeurs: Valeurs, versions: Versions | None) -> tuple[Valeurs, Valeurs]:
    """The values that stand against the known row, and the day to keep with them."""
    if versions is None:
        return valeurs, {}
    jour = valeurs[ORIGINE]
    fiche = {nom: valeur for nom, valeur in valeurs.items() if nom != ORIGINE}
    if existant is None:
        return fiche, {ORIGINE: jour}
    connue = getattr(existant, ORIGINE)
    differe = any(getattr(existant, nom) != valeur for nom, valeur in fiche.items())
    if is_older(jour, connue):
        versions.depassees += differe
        return {nom: valeur for nom, valeur in fiche.items() if nom in _TOUJOURS and valeur}, {}
    if jour is None:
        versions.remplacees += differe
    return fiche, {ORIGINE: jour or connue}


def _copy(modele: type[_M], existant: _M | None, reference: str, valeurs: Valeurs) -> _M:
    """A row without identifier: the database finds the one to change by its reference."""
    copie = modele(**{"reference": reference, **valeurs})
    if existant is not None:
        for champ in modele._meta.concrete_fields:  # noqa: SLF001
            if not champ.primary_key and champ.attname not in valeurs:
                setattr(copie, champ.attname, getattr(existant, champ.attname))
    return copie


def _write(modele: type[_M], objets: Sequence[_M], noms: list[str]) -> None:
    if objets and noms:
        champs = [_field(modele, nom) for nom in noms]
        modele.objects.bulk_create(
            objets, update_conflicts=True, unique_fields=["organisme", "reference"], update_fields=champs
        )
    elif objets:
        modele.objects.bulk_create(objets)


def _field(modele: type[_M], attname: str) -> str:
    return next(c.name for c in modele._meta.concrete_fields if c.attname == attname)  # noqa: SLF001


def ensure_comptes(references: Iterable[str]) -> dict[str, int]:
    """Accounts by reference, created where a file names them first."""
    return upsert(Compte, {reference: {} for reference in references})[0]

"""Who can be reached in a household: tenants only, living ones; never a guarantor."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.destinataires import owed_by, people, tenancies

_CHIFFRES_D_UN_NUMERO = 9


@dataclass(frozen=True, slots=True)
class Joignable:
    """`nom` is how one speaks of the household; `opposition_sms` holds for all as soon as one of them said so."""

    nom: str = ""
    has_titulaire: bool = False
    has_telephone: bool = False
    has_courriel: bool = False
    opposition_sms: bool = False
    deces_le: date | None = None
    has_survivant: bool = False
    vivants: tuple[Personne, ...] = ()


def reachable(menage_ids: Collection[int]) -> dict[int, Joignable]:
    """The tenants of the leases that owe; « titulaire » sorts first, so the first named on the lease comes first."""
    tenues = tenancies(menage_ids)
    return {menage: _joignable(people(siennes), people(tenues[menage])) for menage, siennes in owed_by(tenues).items()}


def _joignable(personnes: Sequence[Personne], menage: Sequence[Personne]) -> Joignable:
    """`personnes` owe; a death in the household counts whoever of them died."""
    vivants = [personne for personne in personnes if personne.deces_le is None]
    deces = [personne.deces_le for personne in menage if personne.deces_le is not None]
    return Joignable(
        nom=names_of(vivants or personnes),
        has_titulaire=bool(personnes),
        has_telephone=any(_is_numero(personne.telephone) for personne in vivants),
        has_courriel=any("@" in personne.courriel for personne in vivants),
        opposition_sms=any(personne.opposition_sms for personne in personnes),
        deces_le=max(deces, default=None),
        has_survivant=bool(deces) and bool(vivants),
        vivants=tuple(vivants),
    )


def _is_numero(telephone: str) -> bool:
    return sum(caractere.isdecimal() for caractere in telephone) >= _CHIFFRES_D_UN_NUMERO


def names_of(personnes: Iterable[Personne]) -> str:
    return spoken_name([(personne.civilite, personne.nom) for personne in personnes])


def spoken_name(personnes: Sequence[tuple[str, str]]) -> str:
    """« Mme Martinez », « Mme et M. Van Damme », « Mme Martinez et M. Durand », « Mme Martinez et 2 autres »."""
    if not personnes:
        return ""
    noms = [" ".join(filter(None, personne)) for personne in personnes]
    if len(personnes) == 1:
        return noms[0]
    if len(personnes) > 2:
        return f"{noms[0]} et {len(personnes) - 1} autres"
    (civilite, nom), (autre_civilite, autre_nom) = personnes
    if nom == autre_nom and civilite and autre_civilite:
        return f"{civilite} et {autre_civilite} {nom}"
    return f"{noms[0]} et {noms[1]}"

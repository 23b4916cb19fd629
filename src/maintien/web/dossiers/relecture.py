"""A text to read again before it is kept: the words marked, why, what to write instead, and how to keep it anyway.

The form comes back with what was typed. It is kept as it is by « Garder quand même » and a reason, for the words that
were shown and no others: a text changed meanwhile is read again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from maintien.apps.dossiers.enums import RaisonGarder
from maintien.apps.dossiers.models import Menage
from maintien.apps.dossiers.remarques import Garde, record_remarques
from maintien.apps.organismes.models import Appartenance
from maintien.coeur.lexique.lexique import CategorieLexique, lexique
from maintien.coeur.lexique.signalements import Signalement, signalements

GARDER, VU, RAISON = "lexique_garder", "lexique_vu", "lexique_raison"
CHOISIR_RAISON = "Dites pourquoi vous gardez ce texte."
_AUTOUR = 48


@dataclass(frozen=True, slots=True)
class MotLu:
    """One place to read again, with a few words around it."""

    avant: str
    mot: str
    apres: str


@dataclass(frozen=True, slots=True)
class GroupeLu:
    """The places of one category in one field."""

    champ: str
    ancre: str
    categorie: CategorieLexique
    mots: tuple[MotLu, ...]


@dataclass(frozen=True, slots=True)
class RaisonLue:
    valeur: str
    libelle: str
    is_choisie: bool


class Relecture:
    """What the texts of one bound form hold that is to be read again, and whether the person keeps it."""

    def __init__(self, form: forms.Form, textes: Mapping[str, str]) -> None:
        self._form = form
        self._trouves = {nom: trouves for nom, texte in textes.items() if (trouves := signalements(texte))}
        self._textes = textes
        self.nom_garder, self.nom_vu, self.nom_raison = (form.add_prefix(nom) for nom in (GARDER, VU, RAISON))
        dite = form.data.get(self.nom_raison, "")
        self.raison = RaisonGarder(dite) if dite in RaisonGarder.values else None

    def __bool__(self) -> bool:
        return bool(self._trouves)

    @property
    def demande(self) -> str:
        """Whether the person asked to keep these very words."""
        return str(self._form.data.get(self.nom_garder, "")) if self._is_vue() else ""

    @property
    def is_gardee(self) -> bool:
        return bool(self.demande) and self.raison is not None

    def _is_vue(self) -> bool:
        return str(self._form.data.get(self.nom_vu, "")) == self.empreinte

    @property
    def empreinte(self) -> str:
        """What was shown: the fields and their words, in order."""
        vus = [f"{nom}\0{s.categorie}\0{s.mot}" for nom, trouves in self._trouves.items() for s in trouves]
        return hashlib.sha256("\0\0".join(vus).encode()).hexdigest()

    @property
    def raisons(self) -> list[RaisonLue]:
        return [RaisonLue(valeur, libelle, valeur == self.raison) for valeur, libelle in RaisonGarder.choices]

    @property
    def erreur(self) -> str:
        return CHOISIR_RAISON if self.demande and self.raison is None else ""

    @property
    def gardes(self) -> list[Garde]:
        champ = type(self._form).__name__.removesuffix("Form").lower()
        return [Garde(f"{champ}.{nom}", s.classe) for nom, trouves in self._trouves.items() for s in trouves]

    @property
    def groupes(self) -> list[GroupeLu]:
        return [groupe for nom, trouves in self._trouves.items() for groupe in self._du_champ(nom, trouves)]

    @property
    def ancre(self) -> str:
        """The first field to correct."""
        return self.groupes[0].ancre

    def _du_champ(self, nom: str, trouves: tuple[Signalement, ...]) -> list[GroupeLu]:
        champ, texte = self._form[nom], self._textes[nom]
        return [
            GroupeLu(
                str(champ.label),
                champ.id_for_label,
                categorie,
                tuple(_mot(texte, s) for s in trouves if s.categorie == cle),
            )
            for cle, categorie in lexique().categories.items()
            if any(s.categorie == cle for s in trouves)
        ]


def _mot(texte: str, trouve: Signalement) -> MotLu:
    avant, apres = texte[: trouve.debut], texte[trouve.fin :]
    # Whole words only; a word longer than the excerpt is cut all the same.
    debut = f"…{avant[-_AUTOUR:].split(' ', 1)[-1]}" if len(avant) > _AUTOUR else avant
    fin = f"{apres[:_AUTOUR].rsplit(' ', 1)[0]}…" if len(apres) > _AUTOUR else apres
    return MotLu(debut, trouve.mot, fin)


def textes_libres(form: forms.Form, saisie: Mapping[str, Any], sauf: frozenset[str]) -> dict[str, str]:
    """Every field in which one types what one likes, but those that hold a name or an address."""
    return {
        nom: saisie[nom]
        for nom, champ in form.fields.items()
        if isinstance(champ, forms.CharField)
        and not champ.widget.is_hidden
        and nom not in sauf
        and isinstance(saisie.get(nom), str)
    }


def garder(appartenance: Appartenance, menage: Menage, relecture: Relecture | None, cle: str = "") -> None:
    """Write down what is kept, in the transaction of the act that saves it."""
    if relecture is not None:
        record_remarques(appartenance, menage, relecture.gardes, relecture.raison, cle)

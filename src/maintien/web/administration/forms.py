"""Forms of the administrator. Roles and sectors are those of the organisme in scope."""

from typing import Any

from django import forms
from django.db import models

from maintien.apps.organismes.enums import MotifReouverture, MotifRetablissement, MotifSuspension
from maintien.apps.organismes.models import Appartenance, Secteur
from maintien.apps.organismes.utilisateurs import open_roles

_CHOISIR = "Choisissez dans la liste."
# What a program decides is not offered to a person.
_MOTIFS_SUSPENSION = [MotifSuspension.DEPART, MotifSuspension.ABSENCE, MotifSuspension.INCIDENT]


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label="Rôle", choices=(), error_messages={"required": "Choisissez un rôle.", "invalid_choice": _CHOISIR}
    )
    secteur: "forms.ModelChoiceField[Secteur]" = forms.ModelChoiceField(
        label="Secteur",
        queryset=None,
        required=False,
        empty_label="Tous les secteurs",
        error_messages={"invalid_choice": _CHOISIR},
    )

    def __init__(self, *arguments: Any, **mots: Any) -> None:
        organisme = mots.pop("organisme")
        super().__init__(*arguments, **mots)
        roles = [(role.value, str(role.label).capitalize()) for role in open_roles(organisme)]
        self.fields["role"].choices = [("", "Choisir…"), *roles]  # type: ignore[attr-defined]
        self.fields["secteur"].queryset = Secteur.objects.all()  # type: ignore[attr-defined]

    @classmethod
    def of(cls, membre: Appartenance) -> "RoleForm":
        return cls(organisme=membre.organisme, initial={"role": membre.role, "secteur": membre.secteur_id})


class InvitationForm(RoleForm):
    courriel = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Indiquez l’adresse.",
            "invalid": "Ce n’est pas une adresse électronique.",
            "max_length": "Cette adresse est trop longue.",
        },
    )
    prenom = forms.CharField(label="Prénom", max_length=150, required=False)
    nom = forms.CharField(label="Nom", max_length=150, required=False)

    field_order = ["courriel", "prenom", "nom", "role", "secteur"]


class _MotifForm(forms.Form):
    motifs: "list[models.TextChoices]" = []

    motif = forms.ChoiceField(
        label="Pourquoi", choices=(), error_messages={"required": "Dites pourquoi.", "invalid_choice": _CHOISIR}
    )

    def __init__(self, *arguments: Any, **mots: Any) -> None:
        super().__init__(*arguments, **mots | {"auto_id": f"id_{type(self).__name__.lower()}_%s"})
        choix = [("", "Choisir…"), *((motif.value, str(motif.label).capitalize()) for motif in self.motifs)]
        self.fields["motif"].choices = choix  # type: ignore[attr-defined]


class SuspensionForm(_MotifForm):
    motifs = list(_MOTIFS_SUSPENSION)


class ReouvertureForm(_MotifForm):
    motifs = list(MotifReouverture)


class RetablissementForm(_MotifForm):
    motifs = list(MotifRetablissement)


class LienForm(forms.Form):
    """A box to tick: a click too many must not void a link that somebody is about to open."""

    accord = forms.BooleanField(
        label="Le lien précédent ne servira plus", error_messages={"required": "Cochez la case pour confirmer."}
    )

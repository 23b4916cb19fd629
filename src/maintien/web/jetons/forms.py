"""A token to create, a token to revoke."""

from collections.abc import Iterable
from typing import cast

from django import forms

from maintien.apps.organismes.enums import MotifRevocation, PorteeApi
from maintien.apps.organismes.jetons import JOURS, JOURS_MAX, NOM_MAX
from maintien.apps.organismes.models import Secteur
from maintien.web.communs.formulaires import ChampChoix


class JetonForm(forms.Form):
    nom = forms.CharField(
        label="Quel logiciel l’emploie ?",
        max_length=NOM_MAX,
        error_messages={
            "required": "Écrivez quel logiciel l’emploie.",
            "max_length": f"Ce nom est trop long : {NOM_MAX} caractères au plus.",
        },
    )
    portees = forms.MultipleChoiceField(
        label="Ce qu’il lit",
        choices=PorteeApi.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Cochez au moins une réponse de la liste."),
    )
    secteur = forms.ChoiceField(
        label="Secteur", required=False, error_messages={"invalid_choice": "Choisissez un secteur de la liste."}
    )
    jours = forms.IntegerField(
        label="Durée, en jours",
        min_value=1,
        max_value=JOURS_MAX,
        initial=JOURS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"Écrivez un nombre de jours, de 1 à {JOURS_MAX}."
        ),
    )

    def propose(self, secteurs: Iterable[Secteur]) -> None:
        choix = [(str(secteur.pk), f"{secteur.code}, {secteur.nom}") for secteur in secteurs]
        cast("forms.ChoiceField", self.fields["secteur"]).choices = [("", "Tous les secteurs"), *choix]


class RevocationForm(forms.Form):
    motif = ChampChoix(label="Pourquoi le révoquer ?", choices=list(MotifRevocation.choices))

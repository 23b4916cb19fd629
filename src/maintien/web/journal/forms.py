"""What is searched for in the journal, and why names are asked for."""

from django import forms

from maintien.apps.socle.enums import Finalite
from maintien.web.communs.formulaires import ChampJour


class NomsForm(forms.Form):
    finalite = forms.ChoiceField(
        label="Pourquoi mettre les noms",
        choices=[("", "Choisissez…"), *Finalite.choices],
        error_messages={"required": "Dites pourquoi.", "invalid_choice": "Choisissez une raison de la liste."},
    )


class RechercheForm(forms.Form):
    """Every field may be left empty; one that means nothing is said, and the others hold."""

    acteur = forms.IntegerField(label="Utilisateur n°", required=False, min_value=1, max_value=2**31)
    acte = forms.ChoiceField(label="Acte", required=False)
    menage = forms.IntegerField(label="Ménage n°", required=False, min_value=1, max_value=2**62)
    du = ChampJour(label="Du", required=False)
    au = ChampJour(label="Au", required=False)

"""Why one takes households out, and in which form."""

from typing import Any

from django import forms

from maintien.apps.socle.enums import Finalite, FormatExtraction
from maintien.web.communs.formulaires import ChampChoix

# What one takes a list away for: never to follow one household.
FINALITES = [f for f in Finalite if f not in (Finalite.SUIVI, Finalite.APPEL)]
APPROUVER, REFUSER = "approuver", "refuser"


class ExportForm(forms.Form):
    finalite = forms.ChoiceField(
        label="Pourquoi cet export",
        choices=[("", "Choisissez…"), *((f.value, f.label) for f in FINALITES)],
        error_messages={"required": "Dites pourquoi.", "invalid_choice": "Choisissez une raison de la liste."},
    )
    format = ChampChoix(label="Format", choices=FormatExtraction.choices)

    def __init__(self, *args: Any, formats: list[FormatExtraction] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if formats is not None:
            self.fields["format"].choices = [(un.value, un.label) for un in formats]  # type: ignore[attr-defined]
        self.fields["format"].initial = FormatExtraction.XLSX if formats is None else formats[0]


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[(APPROUVER, "Accepter"), (REFUSER, "Refuser")])

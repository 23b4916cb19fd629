"""Fields shared by the forms of screens. A form reads and says; what may be done is decided by the action."""

from django import forms


class ChampJour(forms.DateField):
    """A day, with the date picker of the browser."""

    def __init__(self, *, label: str, required: bool = True, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": "Indiquez le jour.", "invalid": "Ce jour n’existe pas : relisez-le."},
        )


class ChampTexte(forms.CharField):
    """Free text over several lines, kept as typed."""

    def __init__(self, *, label: str, required: bool = False, lignes: int = 3, longueur: int = 10_000) -> None:
        super().__init__(
            label=label,
            required=required,
            max_length=longueur,
            strip=True,
            widget=forms.Textarea(attrs={"rows": lignes}),
            error_messages={
                "required": "Écrivez quelques mots.",
                "max_length": f"Ce texte est trop long : {longueur} caractères au plus.",
            },
        )


class ChampChoix(forms.ChoiceField):
    """A few exclusive choices, all visible at once."""

    def __init__(self, *, label: str, choices: list[tuple[str, str]], required: bool = True) -> None:
        super().__init__(
            label=label,
            choices=choices,
            required=required,
            widget=forms.RadioSelect,
            error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez une réponse de la liste."),
        )

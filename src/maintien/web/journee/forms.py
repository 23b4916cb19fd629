"""Forms of what is decided about a proposed step."""

from datetime import timedelta
from typing import Any

from django import forms

from maintien.web.communs.formulaires import ChampJour, ChampTexte
from maintien.web.dossiers.forms import ActeForm, AppelForm, NoteForm, VisiteForm


class ConfirmerForm(NoteForm):
    """The step is done; a note may go with it."""

    brouillon = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texte"].required = False


class ReporterForm(ActeForm):
    au = ChampJour(label="Reporter au")
    motif = forms.CharField(label="Motif", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].initial = self.jour_de_travail + timedelta(days=3)
        self.fields["au"].widget.attrs["min"] = (self.jour_de_travail + timedelta(days=1)).isoformat()


class RefuserForm(ActeForm):
    motif = ChampTexte(label="Pourquoi cette étape ne convient pas", required=True, lignes=2, longueur=1000)


FAIRE: dict[str, type[ActeForm]] = {"appel": AppelForm, "visite": VisiteForm}

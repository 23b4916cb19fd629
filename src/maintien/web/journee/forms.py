"""Forms of what is decided about a proposed step."""

from datetime import date, timedelta
from typing import Any

from django import forms

from maintien.apps.dossiers.enums import RaisonDesaccord
from maintien.web.communs.formulaires import ChampChoix, ChampJour, ChampTexte
from maintien.web.dossiers.forms import ActeForm, AppelForm, NoteForm, VisiteForm


class ConfirmerForm(NoteForm):
    """The step is done; a note may go with it."""

    brouillon = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texte"].required = False


class SignalerForm(ConfirmerForm):
    """What the law imposes is done, on a day that is its proof."""

    jour = ChampJour(label="Fait le")

    field_order = ("jour",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jour"].initial = self.jour_de_travail
        self.fields["jour"].widget.attrs["max"] = self.jour_de_travail.isoformat()


class ReporterForm(ActeForm):
    au = ChampJour(label="Reporter au")
    motif = forms.CharField(label="Motif", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].initial = self.jour_de_travail + timedelta(days=3)
        self.fields["au"].widget.attrs["min"] = (self.jour_de_travail + timedelta(days=1)).isoformat()

    def keep_before(self, limite: date) -> None:
        """Offer no day after the one that the law leaves."""
        initial: date = self.fields["au"].initial
        self.fields["au"].initial = min(initial, limite)
        self.fields["au"].widget.attrs["max"] = limite.isoformat()


class RefuserForm(ActeForm):
    motif = ChampTexte(label="Pourquoi cette étape ne convient pas", required=True, lignes=2, longueur=1000)


class ContesterForm(ActeForm):
    raison = ChampChoix(
        label="Ce qui ne va pas",
        choices=[(valeur, libelle[:1].upper() + libelle[1:]) for valeur, libelle in RaisonDesaccord.choices],
    )
    motif = ChampTexte(label="En quelques mots", lignes=2, longueur=1000)


FAIRE: dict[str, type[ActeForm]] = {"appel": AppelForm, "visite": VisiteForm}

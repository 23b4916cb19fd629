"""Forms of the acts of a dossier."""

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices

from maintien.apps.dossiers.enums import CauseImpaye, IssueContact, MotifPause, MurNote, SourceCause
from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.selectors import members
from maintien.coeur.textes import texte_visible
from maintien.web.communs.formulaires import ChampChoix, ChampJour, ChampTexte
from maintien.web.dossiers.relecture import Relecture, textes_libres

MUR_INTERDIT = (
    "Rien n’a été enregistré : vous ne pouvez plus écrire de note réservée au travail social. Votre texte est gardé ; "
    "enregistrée maintenant, la note serait lue par le duo."
)
A_RELIRE = "Rien n’est encore enregistré : relisez les mots marqués ci-dessous. Votre texte est gardé."
CLE_MAX = 64
# What the database can hold: a larger number is no version, and no question to ask it.
VERSION_MAX = 2**31 - 1


def choix_de(enumeration: type[TextChoices], *sauf: str) -> list[tuple[str, str]]:
    return [(valeur, _majuscule(libelle)) for valeur, libelle in enumeration.choices if valeur not in sauf]


def _majuscule(libelle: str) -> str:
    return libelle[:1].upper() + libelle[1:]


class ActeForm(forms.Form):
    """Base: the day of work as default; who may write behind the social wall says on which side each text stands."""

    brouillon = False
    unique = False
    # Fields that hold the name or the address of somebody: not read by the word list.
    sans_lexique: frozenset[str] = frozenset()
    relecture: Relecture | None = None

    def __init__(self, *args: Any, jour_de_travail: date, social: bool, **kwargs: Any) -> None:
        self.jour_de_travail = jour_de_travail
        super().__init__(*args, **kwargs)
        if self.unique:
            cle = forms.CharField(widget=forms.HiddenInput, required=False, max_length=CLE_MAX)
            self.fields["cle"] = cle
            cle.initial = secrets.token_urlsafe(16)
        if "mur" in self.fields and not social:
            self._close_wall()

    def _close_wall(self) -> None:
        """Nothing to choose; unless a wall was chosen with a right lost since: nothing opens to all in silence."""
        if not self.is_bound or not self.data.get(self.add_prefix("mur")):
            del self.fields["mur"]
            return
        ouvert = [choix for choix in choix_de(MurNote) if choix[0] == MurNote.COMMUN]
        mur = ChampChoix(label="Qui lira cette note", choices=ouvert)
        mur.error_messages["invalid_choice"] = MUR_INTERDIT
        self.fields["mur"] = mur

    def prepare(self, dossier: Dossier) -> None:
        """What the form has to know of the dossier: choices, values already there."""

    def clean(self) -> dict[str, Any]:
        saisie = super().clean() or self.cleaned_data
        for nom, valeur in saisie.items():
            if isinstance(valeur, str):
                saisie[nom] = texte_visible(valeur)
        if "mur" in self.fields and saisie.get("texte") and not saisie.get("mur") and "mur" not in self.errors:
            self.add_error("mur", "Dites qui lira cette note.")
        self.relecture = Relecture(self, textes_libres(self, saisie, self.sans_lexique))
        if self.relecture and not self.relecture.is_gardee:
            self.add_error(None, A_RELIRE)
        return saisie

    def saisie_unique(self, objet: object) -> dict[str, Any]:
        """What was typed, with a key that belongs to this form, its object and its words, if the form bears one.

        Sent again as it was, it is the same; corrected and sent again from the page before, it is another.
        """
        saisie = self.cleaned_data
        if not saisie.get("cle"):
            return {nom: valeur for nom, valeur in saisie.items() if nom != "cle"}
        mots = [type(self).__name__, repr(objet), *(f"{nom}={valeur}" for nom, valeur in saisie.items())]
        return saisie | {"cle": hashlib.sha256("\0".join(mots).encode()).hexdigest()}


class ContactForm(ActeForm):
    brouillon = True
    unique = True

    issue = ChampChoix(label="Comment cela s’est passé", choices=[])
    texte = ChampTexte(label="Ce qui s’est dit")
    jour = ChampJour(label="Jour")
    rappel_le = ChampJour(label="Rappel promis le", required=False)
    mur = ChampChoix(label="Qui lira cette note", choices=choix_de(MurNote), required=False)

    sauf: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issue"].choices = choix_de(IssueContact, *self.sauf)  # type: ignore[attr-defined]
        self.fields["jour"].initial = self.jour_de_travail


class AppelForm(ContactForm):
    sauf = (IssueContact.AVIS_DE_PASSAGE,)


class VisiteForm(ContactForm):
    sauf = (IssueContact.MESSAGE_LAISSE,)


class NoteForm(ActeForm):
    brouillon = True
    unique = True

    texte = ChampTexte(label="Note", required=True, lignes=4)
    mur = ChampChoix(label="Qui lira cette note", choices=choix_de(MurNote), required=False)


class VersionForm(ActeForm):
    """An act that replaces something: the version that the person had in front of them goes with it."""

    version = forms.IntegerField(min_value=0, max_value=VERSION_MAX, widget=forms.HiddenInput)


class PauseForm(VersionForm):
    motif = ChampChoix(label="Motif", choices=choix_de(MotifPause))
    precision = forms.CharField(label="Précision", required=False, max_length=300)
    du = ChampJour(label="Du")
    au = ChampJour(label="Au")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["du"].initial = self.jour_de_travail
        self.fields["au"].initial = self.jour_de_travail + timedelta(days=14)


class CauseForm(VersionForm):
    cause = ChampChoix(label="Cause du retard", choices=choix_de(CauseImpaye))
    source = ChampChoix(label="Selon", choices=choix_de(SourceCause, SourceCause.CALCUL))
    jour_connu = ChampJour(label="Connue le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jour_connu"].initial = self.jour_de_travail


class ReattribuerForm(VersionForm):
    referent = forms.TypedChoiceField(label="Référent", required=False, coerce=int, empty_value=None)
    cesf = forms.TypedChoiceField(label="CESF", required=False, coerce=int, empty_value=None)
    motif = forms.CharField(label="Motif", required=False, max_length=200)

    def prepare(self, dossier: Dossier) -> None:
        roles = {"referent": (Role.RECOUVREMENT, Role.CONTENTIEUX), "cesf": (Role.CESF,)}
        for champ, possibles in roles.items():
            personnes = members(possibles, dossier.secteur_id)
            self.fields[champ].choices = [("", "À désigner"), *((p.pk, str(p)) for p in personnes)]  # type: ignore[attr-defined]

"""Forms of what a household must be spared: a death, a measure, a restricted contact; and of their correction."""

from typing import Any

from django import forms

from maintien.apps.dossiers.destinataires import nom_complet, people, tenancies
from maintien.apps.dossiers.enums import MotifRestriction, Protection, SourceDeces
from maintien.apps.dossiers.models import Dossier
from maintien.coeur.calendrier import format_jour
from maintien.web.communs.formulaires import ChampChoix, ChampJour, ChampTexte
from maintien.web.dossiers.forms import VersionForm, choix_de

MESURE, DECES = "mesure", "deces"


class PersonneForm(VersionForm):
    """About one tenant: the only one is chosen already."""

    personne = ChampChoix(label="De qui il s’agit", choices=[])

    def prepare(self, dossier: Dossier) -> None:
        locataires = people(tenancies([dossier.menage_id]).get(dossier.menage_id, []))
        choix = [(str(p.pk), nom_complet(p)) for p in locataires if p.deces_le is None]
        self.fields["personne"].choices = choix  # type: ignore[attr-defined]
        if len(choix) == 1:
            self.fields["personne"].initial = choix[0][0]

    def clean_personne(self) -> int:
        return int(self.cleaned_data["personne"])


class DecesForm(PersonneForm):
    deces_le = ChampJour(label="Décès survenu le")
    source = ChampChoix(label="Su par", choices=choix_de(SourceDeces))


class ProtectionForm(PersonneForm):
    sans_lexique = frozenset({"mandataire", "adresse"})

    mesure = ChampChoix(label="Mesure", choices=choix_de(Protection, Protection.AUCUNE))
    mandataire = forms.CharField(
        label="Nom du curateur, du tuteur ou de la personne habilitée",
        required=False,
        max_length=200,
        help_text="Sans ce nom, personne ne sait à qui écrire : une étape demandera de le chercher.",
    )
    adresse = ChampTexte(label="Son adresse", lignes=2, longueur=500)
    depuis = ChampJour(label="Depuis le", required=False)
    motif = forms.CharField(label="Pourquoi ce changement", max_length=500)

    def prepare(self, dossier: Dossier) -> None:
        super().prepare(dossier)
        menage = dossier.menage
        if menage.protection == Protection.AUCUNE:
            del self.fields["motif"]
            return
        valeurs: dict[str, Any] = {
            "mesure": menage.protection,
            "mandataire": menage.mandataire,
            "adresse": menage.mandataire_adresse,
            "depuis": menage.protection_depuis,
        }
        if menage.personne_protegee_id is not None:
            valeurs["personne"] = str(menage.personne_protegee_id)
        for champ, valeur in valeurs.items():
            self.fields[champ].initial = valeur


class RestreindreForm(PersonneForm):
    motif = ChampChoix(label="Raison", choices=choix_de(MotifRestriction))


class CorrigerForm(VersionForm):
    """What may be undone; a restricted contact is not among it."""

    quoi = ChampChoix(label="Ce qui est à corriger", choices=[])
    motif = ChampTexte(label="Pourquoi", required=True, lignes=2, longueur=500)

    def prepare(self, dossier: Dossier) -> None:
        menage = dossier.menage
        locataires = people(tenancies([menage.pk]).get(menage.pk, []))
        choix = [
            (f"{DECES}-{p.pk}", f"Le décès de {nom_complet(p)}, noté au {format_jour(p.deces_le)}, est une erreur")
            for p in locataires
            if p.deces_le is not None
        ]
        if menage.protection != Protection.AUCUNE:
            nom = menage.get_protection_display()
            choix.append((MESURE, f"La mesure de protection ({nom}) est finie, ou a été notée par erreur"))
        self.fields["quoi"].choices = choix  # type: ignore[attr-defined]
        if len(choix) == 1:
            self.fields["quoi"].initial = choix[0][0]

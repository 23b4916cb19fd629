"""Forms of a protected household: why, who knows of it, by which way each person is reached; and its lifting."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.canaux_surs import LONGUEUR_MAX, Voie, tenants_of
from maintien.apps.dossiers.destinataires import nom_complet
from maintien.apps.dossiers.enums import AuteurPresume, MotifLevee, MotifRestriction, NiveauDossier, VoieContact
from maintien.apps.dossiers.levees import LEVER
from maintien.apps.dossiers.models import CanalSur, Dossier, PersonneNommee
from maintien.apps.dossiers.nominations import active_members, nameable
from maintien.apps.organismes.enums import Role
from maintien.web.communs.formulaires import ChampChoix, ChampJour
from maintien.web.dossiers.forms import VersionForm, choix_de

ACCORD, REFUS = "accord", "refus"


class NommesForm(VersionForm):
    """Who sees the household; the duo is proposed at first, and the author of the act like anybody."""

    nommes = forms.TypedMultipleChoiceField(
        label="Qui verra ce dossier",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Nommez au moins une personne.", "invalid_choice": "Choisissez dans la liste."},
    )

    def prepare(self, dossier: Dossier) -> None:
        self.fields["nommes"].choices = [(p.pk, str(p)) for p in nameable()]  # type: ignore[attr-defined]
        deja = list(PersonneNommee.objects.filter(menage=dossier.menage).values_list("utilisateur_id", flat=True))
        self.fields["nommes"].initial = deja or [pk for pk in (dossier.referent_id, dossier.cesf_id) if pk]


class VoiesForm(VersionForm):
    """One way a tenant, whoever they are: what one says of one is never taken for the other."""

    def prepare(self, dossier: Dossier) -> None:
        connus = {canal.personne_id: canal for canal in CanalSur.objects.filter(menage=dossier.menage)}
        sauf = [VoieContact.FICHIER] if self._is_protege(dossier) else []
        for personne in _tenants(dossier):
            nom, canal = nom_complet(personne), connus.get(personne.pk)
            voie = ChampChoix(label=f"Joindre {nom}", choices=choix_de(VoieContact, *sauf))
            voie.initial = canal.voie if canal is not None and canal.voie not in sauf else VoieContact.AUCUNE
            self.fields[f"voie_{personne.pk}"] = voie
            for cle, label in (("valeur", "Numéro, adresse ou qui joindre"), ("horaires", "Quand")):
                champ = forms.CharField(label=f"{label} : {nom}", required=False, max_length=LONGUEUR_MAX)
                champ.initial = getattr(canal, cle) if canal is not None else ""
                champ.widget.attrs["autocomplete"] = "off"
                self.fields[f"{cle}_{personne.pk}"] = champ

    def _is_protege(self, dossier: Dossier) -> bool:
        return dossier.niveau == NiveauDossier.PROTEGE


class AttentionForm(VoiesForm, NommesForm):
    field_order = ("version", "motif", "depuis", "auteur", "nommes")

    motif = ChampChoix(label="Raison", choices=choix_de(MotifRestriction))
    depuis = ChampJour(label="Depuis le")
    auteur = ChampChoix(label="Qui tenir à l’écart", choices=[], required=False)

    def prepare(self, dossier: Dossier) -> None:
        NommesForm.prepare(self, dossier)
        VoiesForm.prepare(self, dossier)
        self.fields["depuis"].initial = timezone.localdate()
        self.fields["auteur"].choices = [  # type: ignore[attr-defined]
            ("", "Non dit"),
            *((f"{AuteurPresume.OCCUPANT}-{p.pk}", nom_complet(p)) for p in _tenants(dossier)),
            *choix_de(AuteurPresume, AuteurPresume.OCCUPANT),
        ]
        self.fields["auteur"].initial = ""

    def _is_protege(self, dossier: Dossier) -> bool:
        return True


class RetourForm(VersionForm):
    motif = ChampChoix(label="Raison", choices=choix_de(MotifLevee))
    responsable = forms.TypedChoiceField(
        label="Responsable qui répondra",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="À choisir si personne d’autre n’est nommé : cette personne le sera.",
    )

    def prepare(self, dossier: Dossier) -> None:
        chefs = active_members(LEVER, roles=[Role.RESPONSABLE]).select_related("utilisateur").order_by("pk")
        self.fields["responsable"].choices = [  # type: ignore[attr-defined]
            ("", "Une personne déjà nommée"),
            *((chef.utilisateur_id, str(chef.utilisateur)) for chef in chefs),
        ]


class AccordForm(VersionForm):
    reponse = ChampChoix(
        label="Votre réponse",
        choices=[(ACCORD, "D’accord : le dossier redevient visible"), (REFUS, "Pas d’accord : rien ne change")],
    )


def voies_saisies(saisie: Mapping[str, Any]) -> dict[int, Voie]:
    """What was said of each tenant, by key."""
    cles = [int(nom.removeprefix("voie_")) for nom in saisie if nom.startswith("voie_")]
    return {
        pk: Voie(VoieContact(saisie[f"voie_{pk}"]), saisie.get(f"valeur_{pk}", ""), saisie.get(f"horaires_{pk}", ""))
        for pk in cles
    }


def _tenants(dossier: Dossier) -> list[Personne]:
    return list(Personne.objects.filter(pk__in=tenants_of([dossier.menage_id])).order_by("pk"))

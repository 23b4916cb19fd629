"""Forms of the requests that people make about their data."""

from django import forms

from maintien.apps.dossiers.enums import EtatDroit, GenreDroit
from maintien.web.communs.formulaires import ChampChoix, ChampJour, ChampTexte
from maintien.web.dossiers.forms import ActeForm, choix_de


class DemandeForm(ActeForm):
    """The account and the name are the proof of who asks, and nothing else is searched."""

    sans_lexique = frozenset({"compte", "nom"})

    genre = ChampChoix(label="Ce que la personne demande", choices=choix_de(GenreDroit))
    compte = forms.CharField(label="Numéro de compte", max_length=40)
    nom = forms.CharField(label="Nom de la personne", max_length=240)
    recue_le = ChampJour(label="Reçue le")


class ReponseForm(ActeForm):
    etat = ChampChoix(label="Votre réponse", choices=choix_de(EtatDroit, EtatDroit.A_TRAITER))
    reponse = ChampTexte(label="Ce qui a été répondu", lignes=3, longueur=2_000)

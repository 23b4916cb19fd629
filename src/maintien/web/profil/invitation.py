"""The page behind the link of an invitation: choose a password; the second factor comes next."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maintien.apps.organismes import invitations
from maintien.apps.organismes.models import InvitationCompte
from maintien.apps.organismes.selectors import is_closed
from maintien.apps.organismes.traces import record_for
from maintien.apps.socle import journal
from maintien.web.communs.vues import A_CORRIGER

PERIMEE = 410


class PremierMotDePasseForm(forms.Form):
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
        error_messages={"required": "Choisissez un mot de passe."},
    )
    confirmation = forms.CharField(
        label="Le même, une seconde fois",
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Écrivez-le une seconde fois."},
    )

    def __init__(self, *arguments: Any, **mots: Any) -> None:
        self.utilisateur = mots.pop("utilisateur")
        super().__init__(*arguments, **mots)
        self.fields["mot_de_passe"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        saisi = super().clean() or {}
        premier, second = saisi.get("mot_de_passe"), saisi.get("confirmation")
        if premier and second and premier != second:
            self.add_error("confirmation", "Les deux mots de passe ne sont pas les mêmes.")
        elif premier:
            try:
                validate_password(premier, self.utilisateur)
            except ValidationError as erreur:
                self.add_error("mot_de_passe", erreur)
        return saisi


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    trouvee = invitations.find(jeton)
    if trouvee is None or is_closed(trouvee.utilisateur):
        return render(request, "profil/invitation_perimee.html", status=PERIMEE)
    form = PremierMotDePasseForm(request.POST or None, utilisateur=trouvee.utilisateur)
    if request.method == "POST":
        form = PremierMotDePasseForm(request.POST, utilisateur=trouvee.utilisateur)
        if form.is_valid():
            return _choose(request, trouvee, form.cleaned_data["mot_de_passe"])
    contexte = {"form": form, "adresse": trouvee.utilisateur.email}
    return render(request, "profil/invitation.html", contexte, status=A_CORRIGER if form.is_bound else 200)


def _choose(request: HttpRequest, trouvee: InvitationCompte, mot_de_passe: str) -> HttpResponse:
    utilisateur = trouvee.utilisateur
    with journal.atomic():
        if not invitations.spend(trouvee):
            return render(request, "profil/invitation_perimee.html", status=PERIMEE)
        utilisateur.set_password(mot_de_passe)
        utilisateur.save(update_fields=["password"])
        record_for(utilisateur, "utilisateur.choisir_mot_de_passe")
    if request.user.is_authenticated:
        # Whoever was logged in on this computer is not the person of the link.
        logout(request)
    record_authentication(request, utilisateur, method="password", email=utilisateur.email)
    reponse: HttpResponse = perform_login(request, Login(user=utilisateur, email=utilisateur.email))
    return reponse

"""Login, password and second factor, under French addresses. The names are those that allauth looks up.

Only what is offered has an address: no list of e-mails and no confirmation, since accounts are made by the landlord;
no login by a key alone and no page to download recovery codes, since they are shown once.
"""

from allauth.account import views
from allauth.mfa.base import views as facteur
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as application
from allauth.mfa.webauthn import views as cle
from django.urls import path, re_path
from django.views.generic import RedirectView

from maintien.web.profil import facteurs, fournisseur, invitation
from maintien.web.profil import views as profil

vers_mon_compte = RedirectView.as_view(pattern_name="mon_compte", http_method_names=["get", "head", "options"])

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("inactif/", views.account_inactive, name="account_inactive"),
    path("inscription/", views.signup, name="account_signup"),
    path("confirmer-identite/", views.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/changer/", views.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", views.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe/nouveau/fait/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # --- the person's own page
    path("", profil.mon_compte, name="mon_compte"),
    path("sessions/fermer/", profil.fermer_autres, name="sessions_fermer"),
    path("sessions/<int:pk>/fermer/", profil.fermer, name="session_fermer"),
    path("invitation/<str:jeton>/", invitation.invitation, name="invitation"),
    # --- the second factor
    path("second-facteur/", vers_mon_compte, name="mfa_index"),
    path("second-facteur/choisir/", facteurs.choisir, name="facteur_choisir"),
    path("second-facteur/verifier/", facteur.authenticate, name="mfa_authenticate"),
    path("second-facteur/confirmer/", facteur.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/application/ajouter/", application.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/application/retirer/", application.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/codes/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-facteur/cles/", vers_mon_compte, name="mfa_list_webauthn"),
    path("second-facteur/cles/ajouter/", cle.add_webauthn, name="mfa_add_webauthn"),
    path("second-facteur/cles/confirmer/", cle.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("second-facteur/cles/<int:pk>/retirer/", facteurs.retirer_cle, name="mfa_remove_webauthn"),
    # --- the identity provider
    path("fournisseur/", fournisseur.partir, name="fournisseur_partir"),
    path("fournisseur/retour/", fournisseur.revenir, name="fournisseur_revenir"),
]

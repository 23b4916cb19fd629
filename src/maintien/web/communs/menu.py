"""The main menu: only the doors that the role may open."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import has_permission


@dataclass(frozen=True, slots=True)
class Porte:
    nom: str
    libelle: str
    icone: str
    permission: str
    pages: frozenset[str]
    # In the menu of the person once the band is full: what is not of every day.
    is_seconde: bool = False
    # A second permission that opens the same page.
    autre: str = ""

    def opens_to(self, appartenance: Appartenance | None) -> bool:
        autre = bool(self.autre) and has_permission(appartenance, self.autre)
        return autre or has_permission(appartenance, self.permission)


@dataclass(frozen=True, slots=True)
class Entree:
    libelle: str
    icone: str
    adresse: str
    courante: bool
    is_liste: bool = False


# What a phone shows on one line.
BANDE_MAX = 3
PORTES = (
    # The first one that the role may open is its landing page.
    Porte("equipe", "L’équipe", "users", "equipe.voir", frozenset({"equipe"})),
    Porte("journee", "Ma journée", "list-check", "journee.voir", frozenset({"journee"})),
    Porte(
        "imports",
        "Imports",
        "file-upload",
        "import.voir",
        frozenset({"imports", "import_nouveau", "import_detail", "import_progression"}),
    ),
    Porte(
        "utilisateurs",
        "Utilisateurs",
        "users",
        "utilisateur.gerer",
        frozenset({"utilisateurs", "utilisateur", "utilisateur_inviter", "utilisateurs_importer"}),
    ),
    Porte(
        "habilitations",
        "Qui voit quoi",
        "shield-lock",
        "habilitation.voir",
        frozenset({"habilitations"}),
        is_seconde=True,
    ),
    Porte(
        "extractions",
        "Exports",
        "download",
        "extraction.demander",
        frozenset({"extractions", "extractions_registre", "extraction_decider"}),
        is_seconde=True,
        autre="extraction.approuver",
    ),
    Porte("journal", "Journal", "history", "journal.voir", frozenset({"journal", "journal_noms"})),
    Porte(
        "demandes",
        "Demandes",
        "user-question",
        "droit.traiter",
        frozenset({"demandes", "demande", "demande_nouvelle"}),
    ),
    Porte("textes_gardes", "Textes gardés", "writing", "lexique.voir", frozenset({"textes_gardes"}), is_seconde=True),
    Porte("jetons", "Jetons d’API", "lock", "jeton.gerer", frozenset({"jetons", "jeton_revoquer"}), is_seconde=True),
)


def entrees(request: HttpRequest, appartenance: Appartenance) -> tuple[list[Entree], list[Entree]]:
    """The doors of the band, then those of the menu of the person."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    ouvertes = [porte for porte in PORTES if porte.opens_to(appartenance)]
    is_courte = len(ouvertes) <= BANDE_MAX
    bande: list[Entree] = []
    secondes: list[Entree] = []
    for porte in ouvertes:
        entree = Entree(porte.libelle, porte.icone, reverse(porte.nom), page in porte.pages, porte.nom == "journee")
        (secondes if porte.is_seconde and not is_courte else bande).append(entree)
    return bande, secondes


def page_d_accueil(appartenance: Appartenance | None) -> str | None:
    """Name of the first page that the role may open."""
    return next((porte.nom for porte in PORTES if porte.opens_to(appartenance)), None)

"""Invented names and places: communes are real, people, residences and house numbers are not."""


def _liste(texte: str) -> list[str]:
    """The words of a text; an underscore stands for a space inside a name."""
    return [mot.replace("_", " ") for mot in texte.split()]


NOMS = _liste("""
    Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia David
    Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet François Martinez Legrand
    Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel Nicolas Perrin Morin Mathieu Clément Gauthier Dumont
    Lopez Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire Duval Joly Gautier Roger Roche
    Royer Le_Gall Le_Goff Kerbrat Etcheverry Santoni Schmitt Klein Van_Damme Deschamps Benali Belkacem Haddad Cherif
    Mansouri Bouzid Khelifi Ziani Amrani Tazi Benhamou Diallo Traoré Coulibaly Keita Camara Sow Ndiaye Mbaye Koné
    Ouattara Mbemba Nkosi Moukoko Fernandes Da_Silva Pereira Ferreira Rodrigues Teixeira D'Almeida Rossi Ricci
    D'Angelo Kowalski Nowak Wojcik Ionescu Popescu Petrov Kovac Yilmaz Demir Kaya Aydin Öztürk Tran Pham Ly Chen Wang
    Ng Payet Hoarau Grondin Saint-Ange Rakoto Randria Lacroix Césaire Joseph Baptiste Haoua Abdou Saïd Boyer-Payet
""")
PRENOMS_FEMMES = _liste("""
    Marie Nathalie Isabelle Sylvie Catherine Martine Christine Françoise Valérie Sandrine Stéphanie Véronique Céline
    Chantal Patricia Anne Monique Aurélie Émilie Julie Léa Manon Camille Chloé Inès Zoé Maïté Anne-Sophie Fatima Aïcha
    Samira Nadia Leïla Khadija Mariam Aminata Fatou Awa Rokia Maria Ana Sofia Giulia Elena Ioana Agnieszka Katarzyna
    Elif Zeynep Thi_Lan Mei Marie-Thérèse Solène Gwenaëlle Joséphine Rose-Marie Hanta
""")
PRENOMS_HOMMES = _liste("""
    Jean Pierre Michel Philippe Alain Nicolas Christophe Laurent Frédéric Patrick Sébastien Julien Thierry Pascal
    Stéphane David Éric Olivier Thomas Alexandre Maxime Antoine Hugo Théo Lucas Enzo Jérôme Loïc Yann Mohamed Karim
    Rachid Youssef Ahmed Mehdi Ibrahima Moussa Mamadou Ousmane João Paulo Marco Luigi Piotr Andrzej Mihai Mehmet
    Mustafa Van_Minh Wei Jean-Baptiste François-Xavier Gérard Émile Didier Josué Tahina
""")

RESIDENCES = _liste("""
    Les_Peupliers La_Forge La_Fontaine Le_Parc Le_Vallon Le_Grand_Pré Les_Tilleuls Les_Acacias Le_Moulin La_Verrerie
    Les_Tanneries Le_Canal Les_Mariniers Le_Belvédère Les_Coteaux La_Garenne Le_Clos_des_Vignes Les_Bateliers L'Écluse
    Résidence_Simone-Veil Résidence_Jean-Moulin Résidence_Aimé-Césaire Résidence_Lucie-Aubrac
    Résidence_Olympe-de-Gouges
""")
VOIES = [
    "rue des Érables",
    "rue aux Oies",
    "avenue des Mariniers",
    "square Émile-Zola",
    "rue Hélène-Boucher",
    "rue du Maréchal-Ferrant",
    "allée des Tisserands",
    "chemin de la Verrerie",
    "place des Trois-Rivières",
    "rue de la Passerelle",
    "impasse du Four-à-Chaux",
    "boulevard des Canuts",
    "rue Louise-Michel",
    "allée du Vieux-Lavoir",
    "rue des Jardins-Ouvriers",
]
# Commune, postcode, INSEE code, département: one sector each.
COMMUNES = [
    ("Givors", "69700", "69091", "69"),
    ("Vienne", "38200", "38544", "38"),
    ("Rive-de-Gier", "42800", "42186", "42"),
]
SITUATIONS = ["CDI", "", "RETRAITE", "CDD", "RSA", "CHOMAGE", "INTERIM", "AAH", "INDEPENDANT", "ETUDIANT"]
DOMAINES = ["courriel.example", "courrier-ferme.example", "messagerie.example"]

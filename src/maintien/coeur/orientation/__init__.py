"""L'orientation : ce qu'il convient de proposer à un ménage, pourquoi, par quel canal et avant quand."""

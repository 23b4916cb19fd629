"""Ce qu'un texte libre ne doit pas dire des personnes, reconnu avant d'être gardé."""

"""Les valeurs que fixe un texte, datées et sourcées."""

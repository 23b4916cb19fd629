"""The demonstration: a landlord with a generated life and an empty one, made through the product's own ways."""

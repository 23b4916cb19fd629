"""Screens of exports and of their register."""

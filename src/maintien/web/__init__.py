"""Screens: pages in French, one folder per set of screens."""

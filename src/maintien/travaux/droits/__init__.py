"""What leaves the house for a person who asks: the copy of their data, to read and for a machine."""

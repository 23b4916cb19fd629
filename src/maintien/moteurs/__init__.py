"""The computations of coeur at scale, checked against it to the centime."""

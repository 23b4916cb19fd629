"""The compiled kernel: conventions C3 to C10 over plain integer arrays, one account after the other."""

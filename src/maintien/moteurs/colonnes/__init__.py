"""The columnar engine: a Parquet mirror of the écritures and one compiled kernel (conventions C3 to C10)."""

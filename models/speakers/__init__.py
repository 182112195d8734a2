"""Who spoke: voice prints of short windows, grouped into people."""

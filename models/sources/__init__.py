"""Where models come from, one module per kind of source; with ``models.store`` all that opens the network."""

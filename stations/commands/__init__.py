"""One module per command of the launcher, each with ``run(options) -> int``."""

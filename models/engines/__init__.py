"""One runtime each, behind the Protocols of ``base``."""

"""The laptop's own certificate: phones give the microphone only to pages that come over https.

Nobody outside vouches for it, so that each phone asks once whether it shall go on. It is kept between starts, because
a new one makes every phone ask again.
"""

import datetime
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from stations.room.network import Network
from stations.room.private_files import write_private

LIFE = datetime.timedelta(days=397)
"""Browsers refuse certificates that last longer (Apple: 398 days since 2020)."""
REST = datetime.timedelta(days=30)
"""One that ends sooner is renewed, so that it does not end during a workshop."""
SKEW = datetime.timedelta(days=1)
"""Phones whose clock is slow must not meet one that is not valid yet."""
ALWAYS = ("127.0.0.1", "localhost")
MOST_NAMES = 40
"""Networks of the past stay in it, so that coming back to one asks nobody again; this many at most."""


@dataclass(frozen=True)
class Certificate:
    """A certificate with its key (PEM files), what it stands for and until when (UTC)."""

    file: Path
    key: Path
    hosts: tuple[str, ...]
    until: datetime.datetime

    def serves(self, network: Network, now: datetime.datetime) -> bool:
        """Tell whether it stands for every name of this laptop, and will for some time."""
        return network.hosts <= set(self.hosts) and self.until - now > REST


def certificate(folder: Path, network: Network, now: datetime.datetime | None = None) -> Certificate:
    """Return the certificate kept in ``folder``; where it does not serve any more, a new one is made first.

    Raises:
        OSError: if the folder cannot be written.
    """
    now = now or datetime.datetime.now(datetime.UTC)
    kept = _kept(folder)
    if kept and kept.serves(network, now):
        return kept
    hosts = dict.fromkeys((*ALWAYS, *network.addresses, *network.names, *(kept.hosts if kept else ())))
    _make(folder, list(hosts)[:MOST_NAMES], now)
    made = _kept(folder)
    if made is None:  # somebody else writes there at this moment
        raise OSError(f"{folder}: no certificate")
    return made


def _kept(folder: Path) -> Certificate | None:
    file, key = folder / "certificate.pem", folder / "certificate-key.pem"
    try:
        found = x509.load_pem_x509_certificate(file.read_bytes())
        secret = serialization.load_pem_private_key(key.read_bytes(), None)
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):  # missing, cut off, or not ours
        return None
    if secret.public_key() != found.public_key():
        return None
    hosts = [*map(str, names.get_values_for_type(x509.IPAddress)), *names.get_values_for_type(x509.DNSName)]
    return Certificate(file, key, tuple(hosts), found.not_valid_after_utc)


def _make(folder: Path, hosts: list[str], now: datetime.datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "KI-Werkstatt")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now - SKEW + LIFE)
        .add_extension(x509.SubjectAlternativeName(_alternatives(hosts)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(folder / "certificate-key.pem", secret)
    write_private(folder / "certificate.pem", signed.public_bytes(serialization.Encoding.PEM))


def _alternatives(hosts: Iterable[str]) -> list[x509.GeneralName]:
    return [_alternative(host) for host in hosts]


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)

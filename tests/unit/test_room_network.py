"""Addresses of the room, the certificate for them, and what happens when they change."""

import datetime
import socket
import ssl
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from stations.room import network as networks
from stations.room.certificate import LIFE, certificate
from stations.room.lan import Lan
from stations.room.network import Network, in_the_room, network

HOME = Network(("192.168.1.20",), ("laptop.local", "laptop"))
CAFE = Network(("10.0.0.7",), ("laptop.local", "laptop"))
NOW = datetime.datetime(2026, 11, 22, 9, 55, tzinfo=datetime.UTC)


def sans(made):
    found = x509.load_pem_x509_certificate(made.file.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {*map(str, names.get_values_for_type(x509.IPAddress)), *names.get_values_for_type(x509.DNSName)}


@pytest.mark.parametrize(
    "address",
    ["192.168.1.20", "10.1.2.3", "172.31.0.9", "169.254.8.8", "127.0.0.1", "::1", "fe80::1%eth0", "fd00::2"],
)
def test_addresses_that_stay_in_the_room(address):
    assert in_the_room(address)


@pytest.mark.parametrize(
    "address", ["192.0.2.2", "8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8", "localhost", ""]
)
def test_addresses_that_do_not(address):
    assert not in_the_room(address)


def interface(*addresses):
    return [SimpleNamespace(family=socket.AF_INET, address=each) for each in addresses]


def test_containers_tunnels_idle_interfaces_and_public_addresses_are_not_offered(monkeypatch):
    there = {
        "lo": interface("127.0.0.1"),
        "docker0": interface("172.17.0.1"),
        "vEthernet (WSL)": interface("172.20.0.1"),
        "wlan0": interface("10.0.0.7"),
        "eth0": interface("192.168.1.20", "203.0.113.5"),
        "eth1": interface("192.168.7.7"),
    }
    monkeypatch.setattr(networks.psutil, "net_if_addrs", lambda: there)
    states = {name: SimpleNamespace(isup=name != "eth1") for name in there}
    monkeypatch.setattr(networks.psutil, "net_if_stats", lambda: states)
    assert network().addresses == ("192.168.1.20", "10.0.0.7")


def test_a_laptop_without_network_has_no_address(monkeypatch, tmp_path):
    monkeypatch.setattr(networks.psutil, "net_if_addrs", lambda: {"lo": interface("127.0.0.1")})
    assert network().addresses == ()
    assert Lan(tmp_path, 8443, 8080, network).address == ""


def test_the_certificate_names_every_address_and_lasts_no_longer_than_phones_allow(tmp_path):
    made = certificate(tmp_path, HOME, NOW)
    found = x509.load_pem_x509_certificate(made.file.read_bytes())
    assert sans(made) == {"127.0.0.1", "localhost", "192.168.1.20", "laptop.local", "laptop"}
    assert found.not_valid_after_utc - found.not_valid_before_utc == LIFE <= datetime.timedelta(days=397)
    usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_the_key_is_for_this_user_alone(tmp_path):
    assert certificate(tmp_path, HOME, NOW).key.stat().st_mode & 0o077 == 0


def test_the_certificate_is_kept_between_starts(tmp_path):
    first = certificate(tmp_path, HOME, NOW).file.read_bytes()
    assert certificate(tmp_path, HOME, NOW + datetime.timedelta(days=300)).file.read_bytes() == first


def test_it_is_renewed_before_it_ends(tmp_path):
    first = certificate(tmp_path, HOME, NOW).until
    assert certificate(tmp_path, HOME, NOW + datetime.timedelta(days=370)).until > first


def test_a_new_network_gets_in_and_the_old_one_stays(tmp_path):
    certificate(tmp_path, HOME, NOW)
    both = certificate(tmp_path, CAFE, NOW)
    assert {"10.0.0.7", "192.168.1.20"} <= sans(both)
    again = both.file.read_bytes()
    assert certificate(tmp_path, HOME, NOW).file.read_bytes() == again


@pytest.mark.parametrize("name", ["certificate.pem", "certificate-key.pem"])
@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"])
def test_a_damaged_file_is_made_anew(tmp_path, name, content):
    certificate(tmp_path, HOME, NOW)
    (tmp_path / name).write_bytes(content)
    assert sans(certificate(tmp_path, HOME, NOW)) >= {"192.168.1.20"}


def test_a_key_of_another_certificate_is_not_used(tmp_path):
    first = certificate(tmp_path / "a", HOME, NOW)
    other = certificate(tmp_path / "b", HOME, NOW)
    first.key.write_bytes(other.key.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made = certificate(tmp_path / "a", HOME, NOW)
    context.load_cert_chain(made.file, made.key)  # raises for a key that does not fit


def test_a_change_of_network_is_noticed_once_and_reaches_the_server(tmp_path):
    now = [HOME]
    lan = Lan(tmp_path, 8443, 8080, lambda: now[0])
    loaded = []
    lan._context = SimpleNamespace(load_cert_chain=lambda *files: loaded.append(files))
    assert lan.address == "https://192.168.1.20:8443"
    assert not lan.look()
    now[0] = CAFE
    assert lan.look()
    assert not lan.look()
    assert lan.address == "https://10.0.0.7:8443"
    assert lan.knows("10.0.0.7")
    assert not lan.knows("192.168.1.20")
    assert [file.exists() for file in loaded[0]] == [True, True]


def test_the_usual_port_needs_no_number(tmp_path):
    lan = Lan(tmp_path, 443, 80, lambda: HOME)
    assert lan.address == "https://192.168.1.20"
    assert lan.typed == ("192.168.1.20",)


def test_what_people_type_is_plain_http_for_that_is_what_browsers_ask(tmp_path):
    assert Lan(tmp_path, 8443, 8080, lambda: CAFE).typed == ("10.0.0.7:8080",)

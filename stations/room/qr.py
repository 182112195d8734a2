"""QR codes as pictures for the page."""

import io

import segno
from segno import helpers

ERROR_CORRECTION = "m"
BORDER = 2
"""Modules of white around a code; cards and pages add more."""


def address_code(address: str) -> str:
    """Return an address as a QR code: inline SVG in the text's colour."""
    return _svg(segno.make(address, error=ERROR_CORRECTION, micro=False))


def wifi_code(name: str, password: str) -> str:
    """Return a Wi-Fi's name and password as the code that phones join with: inline SVG."""
    return _svg(helpers.make_wifi(ssid=name, password=password or None, security="WPA" if password else None))


def _svg(code: segno.QRCode) -> str:
    out = io.BytesIO()
    code.save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=BORDER, dark="#000", light="#fff"
    )
    return out.getvalue().decode()

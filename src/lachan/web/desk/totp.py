"""The QR picture by which an authenticator app takes a secret over."""

import segno


def qr_picture(uri: str) -> str:
    """An SVG as a data: address, which goes nowhere and is kept nowhere."""
    code = segno.make(uri, error="m", micro=False)
    # White behind the modules on every page: in the dark theme nothing could read it otherwise.
    return str(code.svg_data_uri(scale=5, border=4, light="#fff"))

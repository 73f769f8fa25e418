"""A public key as people paste it: whole, cut short, of the wrong kind, or not public at all."""

import base64
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from flux.transport.public_key import LEAST_RSA_BITS, parse_public_key, read_public_key

PRIVATE = ed25519.Ed25519PrivateKey.generate()


def line_of(key: PublicKeyTypes) -> str:
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def rsa_line(bits: int) -> str:
    return line_of(rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key())


ED25519 = line_of(PRIVATE.public_key())
KEYS = [
    ED25519,
    line_of(ec.generate_private_key(ec.SECP256R1()).public_key()),
    line_of(ec.generate_private_key(ec.SECP384R1()).public_key()),
    line_of(ec.generate_private_key(ec.SECP521R1()).public_key()),
    rsa_line(LEAST_RSA_BITS),
]


@pytest.mark.parametrize("line", KEYS, ids=lambda line: line.split()[0])
def test_a_key_keeps_its_type_and_its_bytes(line: str) -> None:
    assert parse_public_key(f"{line} somebody@somewhere\n").line == line


def test_a_comment_line_before_the_key_is_no_key() -> None:
    assert parse_public_key(f"# of acme, since May\n\n{ED25519}\n").line == ED25519


def test_the_fingerprint_is_the_one_that_openssh_prints() -> None:
    line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICg+G2sXv6H6Q26I60TfY8IYPdsNjYpGEx1CYsBU27C9"
    assert parse_public_key(line).fingerprint == "SHA256:850TJQ4F2E7E/tf/KnWXFSZyzXbZAklQo5FyhHR0gD8"


KIND, TEXT = ED25519.split()


# The keys are made anew in each process: tests are named by their sentences alone.
@pytest.mark.parametrize(
    ("text", "sentence"),
    named := [
        ("", "one line with one public key expected, found 0"),
        (f"{ED25519}\n{ED25519}", "found 2"),
        (KIND, "the key is missing"),
        (f"{KIND} {TEXT[:-8]}", "not whole: copy its line again"),
        (f"{KIND} {TEXT[:-3]}", "not whole"),
        (f"{KIND} !!!!", "not whole"),
        (f"ssh-rsa {TEXT}", "the bytes after ssh-rsa are not a key of that type"),
        (f"{KIND} {base64.b64encode(base64.b64decode(TEXT) + bytes(4)).decode()}", "not whole"),
        (f"ssh-dss {TEXT}", "the type 'ssh-dss' is not taken; known: ssh-ed25519,"),
        (f"ssh-ed25519-cert-v01@openssh.com {TEXT}", "is not taken"),
        (f'from="10.0.0.1" {ED25519}', "nothing may stand before the type of the key"),
        (rsa_line(1024), "an RSA key of 1024 bits is too short: 2048 at least"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n", "`ssh-keygen -i -f FILE`"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n", "another form than OpenSSH's"),
    ],
    ids=[sentence for _, sentence in named],
)
def test_what_is_no_public_key_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_public_key(text)


@pytest.mark.parametrize(
    "text",
    [
        PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(),
        PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
    ],
    ids=["OpenSSH", "PKCS 8", "PuTTY"],
)
def test_a_private_key_is_refused_as_such_and_never_shown(text: str, tmp_path: Path) -> None:
    file = tmp_path / "acme"
    file.write_text(text, encoding="ascii")
    with pytest.raises(ValueError, match="this is a private key, which never leaves its owner") as refused:
        read_public_key(file)
    assert str(file) in str(refused.value)
    assert not [line for line in text.splitlines() if line in str(refused.value)]


def test_the_bare_lines_of_a_private_key_are_not_shown_either() -> None:
    bare = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW"
    with pytest.raises(ValueError, match="does not begin with the type of a key") as refused:
        parse_public_key(bare)
    assert bare[:20] not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "acme.pub"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=str(file)):
        read_public_key(file)

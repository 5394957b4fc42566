#!/usr/bin/env python3
"""Keys by which processes show the broker who they are (NATS nkeys: Ed25519, base32, CRC-16).

    nkey.py new FILE...      a seed into each file that is not there yet (0600); prints their public keys
    nkey.py public FILE...   prints the public keys of seeds

A seed is as good as a password; the broker is told public keys only. `openssl` does the arithmetic.
"""

import base64
import os
import subprocess
import sys
import tempfile

SEED, USER = 18 << 3, 20 << 3  # first letters S and U
# What stands before the 32 bytes of an Ed25519 key in PKCS #8.
PKCS8 = bytes.fromhex("302e020100300506032b657004220420")


def crc16(data: bytes) -> int:
    """CRC-16/XMODEM."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def encode(data: bytes) -> str:
    return base64.b32encode(data + crc16(data).to_bytes(2, "little")).decode().rstrip("=")


def decode(text: str) -> bytes:
    data = base64.b32decode(text + "=" * (-len(text) % 8))
    if crc16(data[:-2]).to_bytes(2, "little") != data[-2:]:
        raise ValueError("its check sum is wrong")
    return data[:-2]


def seed_of(secret: bytes) -> str:
    return encode(bytes([SEED | USER >> 5, USER << 3 & 0xFF]) + secret)


def public_of(seed: str) -> str:
    data = decode(seed)
    if len(data) != 34 or data[:2] != bytes([SEED | USER >> 5, USER << 3 & 0xFF]):
        raise ValueError("it is no seed of a user")
    answer = subprocess.run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"],
                            input=PKCS8 + data[2:], stdout=subprocess.PIPE, check=True)
    return encode(bytes([USER]) + answer.stdout[-32:])


def make(path: str) -> None:
    """Whole or not at all: a file that is there counts as a seed, and is never made again."""
    if os.path.exists(path):
        return
    file, fresh = tempfile.mkstemp(prefix=".nkey-", dir=os.path.dirname(path) or ".")  # 0600
    try:
        with os.fdopen(file, "w", encoding="ascii") as seed:
            seed.write(seed_of(os.urandom(32)) + "\n")
            seed.flush()
            os.fsync(file)
        os.link(fresh, path)
    except FileExistsError:
        pass  # somebody else was quicker
    finally:
        os.unlink(fresh)


def main() -> int:
    if len(sys.argv) < 3 or sys.argv[1] not in ("new", "public"):
        print(__doc__, file=sys.stderr)
        return 2
    for path in sys.argv[2:]:
        try:
            if sys.argv[1] == "new":
                make(path)
            with open(path, encoding="ascii") as file:
                print(public_of(file.read().strip()))
        except (OSError, ValueError) as error:
            print(f"nkey: {path}: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

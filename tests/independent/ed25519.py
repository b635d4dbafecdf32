"""Ed25519 in whole numbers, by RFC 8032, section 5.1: points in affine coordinates, and slow."""

from __future__ import annotations

from hashlib import sha512

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

Point = tuple[int, int]


def _add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


def _times(factor: int, point: Point) -> Point:
    total: Point = (0, 1)
    while factor:
        if factor & 1:
            total = _add(total, point)
        point = _add(point, point)
        factor >>= 1
    return total


def _x_of(y: int, odd: int) -> int:
    """The x of a point, by section 5.1.3; raises ValueError where there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or (not x and odd):
        raise ValueError("no point of the curve")
    return x if x & 1 == odd else P - x


BASE: Point = (_x_of(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def _encode(point: Point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(encoded: bytes) -> Point:
    number = int.from_bytes(encoded, "little")
    y = number & (1 << 255) - 1
    if y >= P:
        raise ValueError("no number of the field")
    return _x_of(y, number >> 255), y


def _scalar(*parts: bytes) -> int:
    return int.from_bytes(sha512(b"".join(parts)).digest(), "little")


def _secret(seed: bytes) -> tuple[int, bytes]:
    hashed = sha512(seed).digest()
    number = int.from_bytes(hashed[:32], "little")
    return number & (1 << 254) - 8 | 1 << 254, hashed[32:]


def public_key(seed: bytes) -> bytes:
    return _encode(_times(_secret(seed)[0], BASE))


def sign(seed: bytes, message: bytes) -> bytes:
    scalar, prefix = _secret(seed)
    nonce = _scalar(prefix, message) % ORDER
    commitment = _encode(_times(nonce, BASE))
    challenge = _scalar(commitment, public_key(seed), message)
    return commitment + ((nonce + challenge * scalar) % ORDER).to_bytes(32, "little")


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    response = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or response >= ORDER:
        return False
    try:
        key, commitment = _decode(public), _decode(signature[:32])
    except ValueError:
        return False
    challenge = _scalar(signature[:32], public, message)
    return _times(response, BASE) == _add(commitment, _times(challenge % ORDER, key))

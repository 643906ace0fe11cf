"""
Values of the functions that x87 has, to 300 bits and then rounded to nearest: what
../float/transcendental.test.ts compares with. Needs mpmath (Debian: python3-mpmath).

    python3 transcendental-references.py | brotli >../float/recorded/transcendental.bin.br

The format is that of float-cases.c; see ../float/test-support/case-file.ts.
"""

import json
import random
import struct
import sys
from fractions import Fraction

import mpmath as mp

mp.mp.prec = 300
CASES_EACH = 1000
BIAS = 16383
# Half of the processor's pi, which has 66 bits (Intel SDM vol. 1, 8.3.8), exactly.
HALF_PI = Fraction(0x3243F6A8885A308D3, 2**65)
CONTROL = 0x037F
PRECISION = 0x20

random.seed(1)


def significand():
    kind = random.randrange(5)
    if kind == 0:
        return 1 << 63
    if kind == 1:
        return (1 << 64) - 1
    bits = random.getrandbits(64)
    if kind == 2:
        bits = bits << random.randrange(60) & ((1 << 64) - 1)
    return bits | 1 << 63


def number(low, high, signed=True):
    """Exponent from low to high."""
    sign = random.getrandbits(1) if signed else 0
    return sign << 15 | BIAS + random.randint(low, high), significand()


def near_one():
    distance = random.getrandbits(64) >> random.randint(2, 63)
    if random.getrandbits(1):
        return BIAS, (1 << 63) + (distance >> 1)
    return BIAS - 1, (1 << 64) - 1 - distance


def fraction(pair):
    upper, bits = pair
    magnitude = Fraction(bits) * Fraction(2) ** ((upper & 0x7FFF) - BIAS - 63)
    return -magnitude if upper & 0x8000 else magnitude


def real(value):
    return mp.mpf(value.numerator) / value.denominator


def sine_and_cosine(value):
    quotient = round(value / HALF_PI)
    angle = real(value - quotient * HALF_PI)
    sine, cosine = mp.sin(angle), mp.cos(angle)
    return [(sine, cosine), (cosine, -sine), (-sine, -cosine), (-cosine, sine)][quotient % 4]


def tangent(value):
    sine, cosine = sine_and_cosine(value)
    return sine / cosine


def angle_operand():
    return number(-70 if random.randrange(3) == 0 else -8, 62 if random.getrandbits(1) else 3)


def point():
    x = number(-60, 60)
    exponent = (x[0] & 0x7FFF) - BIAS
    return x, number(exponent - 5, exponent + 5) if random.getrandbits(1) else number(-60, 60)


OPERATIONS = {
    "fsin": (lambda: (angle_operand(), (0, 0)), lambda x, y: sine_and_cosine(x)[0]),
    "fcos": (lambda: (angle_operand(), (0, 0)), lambda x, y: sine_and_cosine(x)[1]),
    "fptan": (lambda: (angle_operand(), (0, 0)), lambda x, y: tangent(x)),
    "f2xm1": (
        lambda: (number(random.choice([-6, -80]), -1), (0, 0)),
        lambda x, y: mp.expm1(real(x) * mp.log(2)),
    ),
    "fpatan": (point, lambda x, y: mp.atan2(real(y), real(x))),
    "fyl2x": (
        lambda: (near_one() if random.getrandbits(1) else number(-16000, 16000, False), number(-20, 20)),
        lambda x, y: real(y) * mp.log(real(x)) / mp.log(2),
    ),
    "fyl2xp1": (
        lambda: (number(random.choice([-8, -70]), -2), number(-20, 20)),
        lambda x, y: real(y) * mp.log1p(real(x)) / mp.log(2),
    ),
}


def rounded(value):
    """The 80-bit number that is nearest; ties do not happen."""
    sign = 0x8000 if value < 0 else 0
    exact = abs(value)
    exponent = int(mp.floor(mp.log(exact, 2)))
    bits = int(mp.nint(exact * mp.mpf(2) ** (63 - exponent)))
    if bits == 1 << 64:
        bits, exponent = 1 << 63, exponent + 1
    return struct.pack("<QH", bits, sign | exponent + BIAS)


operands = []
records = []
for index, (operands_of, function) in enumerate(OPERATIONS.values()):
    made = 0
    while made < CASES_EACH:
        x, y = operands_of()
        value = function(fraction(x), fraction(y))
        if value == 0:
            continue
        at = len(operands)
        operands += [struct.pack("<QH", bits, upper) for upper, bits in (x, y)]
        records.append(
            struct.pack("<BHHH", index, CONTROL, at, at + 1) + rounded(value) + struct.pack("<H", PRECISION)
        )
        made += 1

header = {"cases": len(records), "operands": len(operands), "operations": list(OPERATIONS)}
sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + b"".join(operands + records))

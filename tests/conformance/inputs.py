# SPDX-License-Identifier: GPL-2.0-or-later
"""Inputs that a grammar gives: at and over a limit, each byte that it forbids, and the usual traps.

Each set is a list of byte strings; a case names it. No argument and no name of a VM can hold a NUL,
which the kernel would end it at; sets for a payload, whose names end in "payload", have one.
"""

import string

LETTERS = string.ascii_letters.encode()
WORD = LETTERS + string.digits.encode()
ASCII = bytes(range(1, 128))

# What a person, a shell or an attacker puts where a word belongs.
NOT_ASCII = [b"\x80", b"\xff", "ö".encode(), "日本".encode(), b"a\xc3", b"\xed\xa0\x80"]


def forbidden(allowed, among, around=b"%s"):
    """Each byte that is not allowed, in the place that `around` has for it."""
    return [around.replace(b"%s", bytes([byte])) for byte in among if byte not in allowed]


def anywhere(allowed, among):
    """Each forbidden byte amid a word; a few of them at its ends too."""
    ends = [byte for byte in b"\n\t /=+%'" if byte not in allowed]
    return (forbidden(allowed, among, b"a%sb") +
            [word for byte in ends for word in (bytes([byte]) + b"ab", b"ab" + bytes([byte]))])


VM_NAME = WORD + b"_-."

VM_NAMES = [b"a", b"Z9", b"a_b-c.d", b"None", b"Default", b"DEFAULT", b"domain-0", b"disp1",
            b"a-dm2", b"x.", b"x-", b"x" * 31, b"uuid", b"dom00"]

NOT_VM_NAMES = [b"x" * 32, b"x" * 300, b"1st", b"_x", b"-x", b".x", b"none", b"default",
                b"Domain-0", b"a-dm", b"x" * 28 + b"-dm", b"x\n", b"..", b"@anyvm",
                *anywhere(VM_NAME, ASCII)]

# An option of Create ends at a blank; what follows is then no option of its own.
NOT_NEW_NAMES = [*(name for name in NOT_VM_NAMES if b" " not in name), b"a\x00b"]

NOT_UUIDS = [b"uuid:", b"uuid:x", b"uuid:" + b"0" * 36,
             b"uuid:00000000-0000-0000-0000-00000000000",
             b"uuid:00000000-0000-0000-0000-0000000000000",
             b"uuid:{00000000-0000-0000-0000-000000}",
             b"uuid:00000000-0000-0000-0000-00000000000g", b"uuid:00000000000000000000000000000000",
             b"uuid: 0000000-0000-0000-0000-000000000000"]

FEATURE_NAMES = [b"f", b"9", b"-", b"_", b".", b"..", b"A.b_c-9", b"x" * 1000, b"service.x",
                 b"qrexec", b"none"]
NOT_FEATURE_NAMES = [b" ", b"a ", b"a\n", *anywhere(WORD + b"._-", ASCII)]

FEATURE_VALUES = [b"", b"0", b"1", b" ", b"~", b"a b  c", b"%s %d {} \\n", b"x" * 60000,
                  bytes(range(0x20, 0x7F))]
NOT_FEATURE_VALUES_PAYLOAD = [b"x\n", b"x\x00", *NOT_ASCII,
                              *forbidden(range(0x20, 0x7F), range(256), b"a%sb")]

TAGS = [b"t", b"9", b"-", b"_", b"A_b-9", b"x" * 1000]
NOT_TAGS = [b"a.b", b".some-tag", b"t\n", b" ", *anywhere(WORD + b"_-", ASCII)]

LABEL_NAMES = [b"cyan", b"a1", b"1a", b"-", b"._-", b"label-x", b"x" * 200]
NOT_LABEL_NAMES = [b"0", b"01", b"123456789012345678901234567890", b"../xxx",
                   b"strange-name!@#$", b"cyan\n", *anywhere(WORD + b"._-", ASCII)]
NOT_NEW_LABELS = [*(name for name in NOT_LABEL_NAMES if b" " not in name)]

COLORS = [b"0x00ffff", b"0x000000", b"0xFFffFF"]
NOT_COLORS_PAYLOAD = [b"0x00fffff", b"0x00fff", b"0X00ffff", b"0x00fffg", b"00ffff", b"#00ffff",
                      b"cyan", b" 0x00ffff", b"0x00ffff\n0", b"0x00ffff\x00", b"0x-0ffff",
                      b"0x+0ffff", b"\n", *NOT_ASCII,
                      *forbidden(b"0123456789abcdefABCDEF", range(256), b"0x00%sfff")]

NOT_PROPERTIES = [b"no-such-property", b"no_such_property", b"NAME", b"name ", b"name\n", b"vcpu",
                  b"__class__", b"x" * 1000, *anywhere(WORD + b"_", ASCII)]

BOOLEANS = {**dict.fromkeys([b"1", b"yes", b"true", b"on", b"True", b"YES", b"oN"], b"True"),
            **dict.fromkeys([b"0", b"no", b"false", b"off", b"False", b"NO", b"oFF"], b"False")}
NOT_BOOLEANS_PAYLOAD = [b"", b"some string", b" 1", b"1 ", b"True\n", b"2", b"-1", b"y", b"t",
                        b"None", b"00", b"enabled", b"1\x00", *NOT_ASCII]

# Spellings of a number, as Python's int() takes them.
NUMBERS = dict.fromkeys([b"800", b" 800", b"800 ", b"800\n", b"\t800\r\n", b"+800", b"00800",
                         b"8_00"], b"800")
NOT_NUMBERS_PAYLOAD = [b"", b" ", b"42 and", b"0x10", b"1e3", b"1.0", b"1,000", b"--1",
                       b"+-1", b"-", b"+", b"_1", b"1_", b"1__0", b"1 0", b"7\x00",
                       b"99999999999999999999", b"-99999999999999999999", *NOT_ASCII]

NOT_POSITIVE_PAYLOAD = [b"0", b"-1", b"-0", b"2147483649", b"9223372036854775807"]

TEXTS = [b"x", b"a b", b"\t\n\v\f\r", bytes(range(0x20, 0x7F)), b"100% %s %d"]
NOT_TEXTS = [b"\x00", b"a\x7f", b"\x1b[31m", *NOT_ASCII]
NOT_TEXTS_PAYLOAD = [b"\x00", b"x\x00y", *NOT_ASCII,
                     *forbidden(bytes(range(0x20, 0x7F)) + b"\t\n\v\f\r", range(256), b"a%sb")]

LONGEST_OPTIONS = [b"x" * 512]
TOO_LONG_OPTIONS = [b"x" * 513, b"x" * 60000]

NOT_VM_PAYLOAD = [b"forbidden-chars/../!", b"\x80\x90\xa0", b"net\n", b" net", b"net ", b"none",
                  b"uuid:00000000-0000-0000-0000-000000000000", b"net\x00", b"@adminvm", b"x" * 32,
                  *NOT_ASCII]

NOTES = {b"a": b"a", b"two\nlines\n": b"two\nlines\n", b"\ttab": b"\ttab", b" ": b" ",
         "ö 日本 🜁".encode(): "ö 日本 🜁".encode(), b"a\x00b\x1b[1m\x7f\r": b"a_b_[1m__",
         "‮evil​﻿".encode(): b"_evil__",
         "\u0085\u2028\U000e0001".encode(): b"___", b"x" * 256000: b"x" * 256000}
NOT_NOTES_PAYLOAD = [b"x" * 256001, b"\x80", b"\xff", b"a\xc3", b"\xc0\x80", b"\xed\xa0\x80",
                     b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82", b"\xc3\x28"]

NOT_FIREWALL_IDS = [b"0", b"1", b"r", b"r0", b"r01", b"r-1", b"R1", b"r1 ", b" r1", b"r1\n", b"r1r",
                    b"r1000000000", b"END", b"%s", *anywhere(WORD, ASCII)]
NOT_FIREWALL_PLACES = [b"-1", b"+1", b"00", b"1.", b"0x1", b"end", b"1000000000",
                       *(word for word in NOT_FIREWALL_IDS if word not in (b"0", b"1"))]
# One line each: what is whole but for one thing.
NOT_FIREWALL_RULES_PAYLOAD = [
    b" ", b"proto=tcp", b"action=", b"action=ACCEPT", b"action=accept action=drop",
    b"action=accept what=is", b"action=accept proto=sctp", b"action=accept dst4=10.0.0.1/33",
    b"action=accept dst4=10.0.0.1 dsthost=a.b", b"action=accept dsthost=A.b",
    b"action=accept dsthost=1.2.3.256", b"action=accept dsthost=", b"action=accept dstports=80",
    b"action=accept proto=tcp dstports=+80", b"action=accept proto=tcp dstports=90-80",
    b"action=accept proto=tcp dstports=65536", b"action=accept icmptype=1",
    b"action=accept proto=icmp icmptype=256", b"action=accept specialtarget=web",
    b"action=drop expire=-1", b"action=drop expire=1.5", b"action=drop dpi=http",
    b"action=drop comment=100%", b"action=drop comment=a=b", b"action=drop  proto=tcp",
    b"action=drop\tproto=tcp", b"action=drop\r", b"action=drop\x00",
    "action=drop comment=ö".encode(), b"r0 action=drop", b"r1", b"1 action=drop"]


def find(name):
    """The set that a case calls `name`, such as "not tags"."""
    return globals()[name.upper().replace(" ", "_")]

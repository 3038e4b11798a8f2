"""What arrives at a public address sooner or later."""

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a NUL": b"\x00",
    "no UTF-8": b"\xff\xfe\x00x",
    "null": b"null",
    "a number": b"7",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "lists in lists": b"[[[]]]",
    "fifty thousand brackets": b"[" * 50_000,
    "twenty thousand objects": b'{"a":' * 20_000,
    "half of a surrogate pair": b'{"id": "\\ud800", "event": "\\u0000"}',
    "no number and too large a number": b'{"id": 1, "a": NaN, "b": 1e999, "c": 123456789012345678901234567890}',
    "impossible times": b'{"id": "1", "at": "99999-01-01T00:00:00Z", "time": "0001-01-01T00:00:00+14:00"}',
    "fields of the wrong kind": b'{"id": {}, "phone": [], "amount": {"x": 1}, "items": "no"}',
    "a form": b"a=1&b=%00&c=%ff",
    "XML that grows": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
    "a megabyte of x": b"x" * 1_000_000,
}
FILES: dict[str, bytes] = {
    "empty": b"",
    "of NULs": b"\x00" * 4096,
    "no text": bytes(range(256)) * 64,
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a workbook": b"PK\x03\x04" + b"\x00" * 60,
    "of other columns": "甲,乙,丙\r\n1,2,3\r\n".encode("gb18030"),
    "with one endless line": b"a," * 500_000,
    "with an open quote": b'id,"name\r\n1,2\r\n3,4\r\n',
}

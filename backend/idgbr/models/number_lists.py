"""Lists of numbers that users write for the fields of a card."""

from __future__ import annotations

from idgbr.errors import InputError


def numbers(name: str, text: str) -> tuple[float, ...]:
    """Read "0.4, 0.4, 0.4"; empty for none. Raises InputError, which names the list."""
    try:
        return tuple(float(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise InputError(f"{name}: {text!r} is not a list of numbers, such as 0.4, 0.4, 0.4.") from None


def band_numbers(text: str) -> tuple[int, ...]:
    """Read "4, 2, 1"; empty for the first bands. Raises InputError."""
    found = numbers("bands", text)
    if any(not number.is_integer() for number in found):
        raise InputError(f"bands: {text!r} is not a list of band numbers, such as 4, 2, 1.")
    return tuple(map(int, found))

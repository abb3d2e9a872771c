"""Texts that stay German on an English page, because nobody has written them in English."""

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString

# Goes before such a text where only plain letters can travel: out of the database, to the
# typesetter. No text of a form, a file or a paper holds this sign.
MARK = "\x02"


class German(str):
    """
    A German text where an English one was asked for.

    It is a text like any other. What is made of it (``f"{number} {title}"``) is plain again:
    `like` keeps the knowledge. Templates write it with ``|spoken`` or ``{% lang_of text %}``.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """Stay what it is, so that a record named by such a text still knows its language."""
        return self


def is_german(text: object) -> bool:
    """Tell whether a text is German in the midst of English."""
    return isinstance(text, German)


def either(german: str, english: str, language: str) -> str:
    """Give the English text in English where there is one, else the German."""
    if not language.startswith("en"):
        return german
    return english or (German(german) if german else "")


def german_alone(text: str, language: str) -> str:
    """Give a text that is written in German and has no English version its language."""
    return either(text, "", language)


def like(source: str, text: str) -> str:
    """Give a text that was made of another one the language of that one."""
    return German(text) if isinstance(source, German) else text


def together(sign: str, texts: Iterable[str]) -> str:
    """Join texts; they are German together if each of them is."""
    said = list(texts)
    joined = sign.join(said)
    return German(joined) if said and all(map(is_german, said)) else joined


def markup(text: str) -> str:
    """Write a text as HTML; a German one says that it is German."""
    escaped = escape(text)
    return f'<span lang="de">{escaped}</span>' if isinstance(text, German) else escaped


def within(sentence: str, **parts: object) -> SafeString:
    """Put texts into a sentence of a page; a German one in the midst of English says so."""
    written = {name: markup(str(part)) for name, part in parts.items()}
    return SafeString(escape(sentence) % written)


def unmarked(text: str) -> str:
    """Give a text back that came with a mark."""
    return German(text[len(MARK) :]) if text.startswith(MARK) else text


def marked(value: object) -> object:
    """Put the mark before each German text in lists and dictionaries, however deep."""
    if isinstance(value, dict):
        return {key: marked(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [marked(one) for one in value]
    return f"{MARK}{value}" if isinstance(value, German) else value

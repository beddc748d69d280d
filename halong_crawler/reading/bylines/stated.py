"""Names that a page states to be its author's: in structured data, in marked elements, after "By".

Elsewhere than in Vietnamese print a name can have any length, small particles and hyphens, so what
is read here must be stated: the place says that a name follows, and this module says whether what
follows is one, and where it ends.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence

from archive.text import fold, squeeze
from halong_crawler.reading.bylines.given_names import GIVEN_NAMES
from halong_crawler.reading.bylines.names import is_initials
from halong_crawler.reading.bylines.stated_words import (
    AGENCIES,
    ARTICLES,
    CREDENTIALS,
    NO_NAME_WORDS,
    ORGANISATIONS,
    PARTICLES,
    ROLE_ENDINGS,
    SINGLES_REFUSED,
)
from halong_crawler.reading.bylines.words import NOBODY

LEAD_IN = re.compile(
    r"""(?:
    (?:(?:this|the)\ (?:post|article|story|page|guide|blog\ post)\ (?:was|is)\ (?:originally\ )?)?
    (?:(?:re)?posted|published|written|authored|reported|created|erstellt|submitted|story|article|words|
       blog|post|text|texte|texto|eingestellt|veröffentlicht|geschrieben|verfasst|publi[ée]|
       escrito|publicado|rédigé|ein\ (?:beitrag|artikel|gastbeitrag|kommentar|text|interview)|
       (?:gast)?(?:beitrag|kommentar|artikel|bericht|interview)|eine\ analyse|analyse|opinion|
       a\ guest\ post|guest\ post|analysis)
      \s*(?:by|von|par|por|di)\b|
    (?:by|von|vom|par|por|di|af|av|door|przez|yazan|ditulis\ oleh|oleh|durch|escriben?|escrevem?)\b|
    (?-i:(?:By|Von|Par|Por)(?=[A-ZÄÖÜÀ-Ý]))|
    (?:the\ )?(?:author(?:s|\(s\))?|autor(?:en|in|a|es)?|autor\*in|auteure?s?|autore|autori|
       verfasser(?:in)?|redakteur(?:in)?|redaktion|redacteur|writer|reporter|redator|redactor|
       rédact(?:eur|rice)|
       written\ by|words|text|texte|texto|testo|bericht|beitrag|story|tekst|skribent|schrijver|
       kirjoittaja|toimittaja|yazar|作者|文|記者|
       interview|protokoll|tekst\ und\ fotos?|text\ (?:und|&|and|/|\+)\ (?:fotos?|bilder|photos?)|
       text\ (?:und|&)\ bild|
       (?:artikel|bericht|beitrag|text)\ von|about\ the\ author|über\ den\ autor|
       contribut(?:ors?|ed)(?:\ by)?)\s*[:：]|
    (?:author|autor(?:en|in|es)?|auteure?s?|rechtsanw(?:alt|ältin))\ (?=(?-i:[A-ZÄÖÜ][^\W\d_]+\s))
    )\s*""",
    re.I | re.X,
)
"""Words before a name that say it is the author's."""
JOINER = re.compile(r"\s*(?:,|;|&|\+|/|,?\s*(?:and|und|et|y|e|og|och|en|ja))\s*", re.I)
"""What stands between two names."""
_OPEN_END = re.compile(r"(?:[,;&+/]|\b(?:and|und|et|y|e|og|och|en))\s*$", re.I)
OTHER_ROLES = re.compile(
    r"\W*(?:(?:medically |clinically |expert |fact[- ])?(?:reviewed|checked|edited|approved|"
    r"verified|updated|illustrated|translated|photographed)\b|(?:photos?|fotos?|bild(?:er)?|images?|"
    r"photography|illustrations?|credit|video)\b|übersetz|redigiert|quelle|source|via\b|"
    r"(?:contacts?|kontakt|ansprechpartner(?:in)?|hosts?|moderation|produce[rd]|editors?|"
    r"reviewers?|fact[- ]?checkers?|translators?|übersetzung|traducción|traduction)"
    r"\s*(?:by|von|:))",
    re.I,
)
"""Words before a name that say it is somebody else's than the author's."""
_NUMBER = r"\d{1,4}"
_TAIL = re.compile(
    rf"""\s*(?:
    [|•·»›>/→]\s.* | [|•·»]\S.* | \s[–—-]+\s.* | \s–.* |
    [,;:.\s(\[–—-]+(?:(?:on|am|le|il|el|den|at|um|updated|published|posted|aktualisiert|
        veröffentlicht|zuletzt|stand|last|modified|created|date|datum)\b[:\s]*)?
        (?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b|
           (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)|
           (?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zéäû]*\.?\s+\d|
           {_NUMBER}\b).* |
    [,;:.\s(–—-]+(?:updated|published|posted|aktualisiert|veröffentlicht|in\ der\ kategorie|
        filed\ under|last\ updated|reviewed\ by|medically\ reviewed|fact[- ]checked|edited\ by|
        photos?\ by|[fp]h?otos?\s*:|bilder?\s*:|foto\ von|photography|illustrat|
        view\ (?:all|profile|bio)|see\ (?:all|more)|read\ (?:more|bio|next)|follow|share|folgen|

        alle\ (?:artikel|beiträge)|mehr\ von|more\ (?:from|by|posts)|leave\ a|kommentare?|
        comments?\b|email|e-mail|twitter|
        @|\(@).* |
    [,\s]+(?:(?:senior|staff|chief|contributing|guest|associate|assistant|managing|deputy|tech|news|
        science|health|political|special|freelance|lead|junior)\s+)*
        (?:writer|reporter|editor|correspondent|journalist|columnist|contributor|redakteur(?:in)?|
        chefredakteur(?:in)?|founder|co-founder|ceo|president|director|manager|author|analyst)\b.* |
    \s+(?:ein|\d+|no|leave\ a|post\ a|keine?)\s+(?:comments?|kommentare?).* |
    \s+(?:kategorien?|categor(?:y|ies)|tags?|illustration|lesezeit|reading\ time|shares?)\b.* |
    \s+(?:in|im|en|under|unter|for|from|on\ behalf\ of)\s+(?-i:[A-ZÄÖÜ]|the\b).*
    )$""",
    re.I | re.X | re.S,
)
"""What follows a name on its line and is no name: dates, controls, roles."""
_AGENCY = "|".join(sorted(AGENCIES, key=len, reverse=True))
_AGENCY_TAIL = re.compile(rf"\s*(?:/|\(|\bmit\s|,\s*)\s*(?:{_AGENCY})\b\)?.*$", re.I)
_JOINED = re.compile(
    r"\s*;\s*|\s+(?:and|und|et|y|e|og|och|en|ja|i|with|mit|con|avec)\s+|\s*[&+]\s*|\s+/\s+",
    re.I,
)
_CREDENTIAL = re.compile(rf"(?:{'|'.join(CREDENTIALS)})\.?[®™]?", re.I)
_BRACKETED_END = re.compile(r"\s*[(\[][^()\[\]@/]*(?<!\.\w\w)(?<!\.\w{3})[)\]]?\s*$")
"""``(Content Manager)``: what a name's owner is."""
_WEB = re.compile(
    r"https?:|www\.|@|\.(?:com|org|net|de|ch|at|fr|info|eu|io|co|vn)\b|^\S+\.[a-z]{2,3}$|[<>{}=\[\]#_\\|]",
    re.I,
)
_HONORIFIC = re.compile(
    r"^(?:(?:dr|prof|professor|mr|mrs|ms|dipl|ing|sir|dame|rev|mag)\b\.?[\s-]*)+", re.I
)
"""Titles before a name."""
_MARKS = re.compile(r"^[\s\"'“”‘’«»,.;:|•·–—*\-()]+|[\s\"“”‘«»,;:|•·–—*\-(]+$")


def people_stated(text: str, *, refused: Collection[str] = ()) -> tuple[str, ...]:
    """The people named where a page states its author; empty when that is nobody or unclear.

    ``refused`` is what the site, its publisher and its host are called, folded.
    """
    whole = trim(html.unescape(squeeze(text)))
    if not 1 < len(whole) <= 300:
        return ()
    found: list[str] = []
    parts = [name for part in _parts(whole) if (name := _without_tail(part))]
    for name in parts:
        if _is_its_house(found, name) or not is_stated_name(name, refused=refused):
            break
        found.append(name)
    singles = [fold(name) for name in found if not is_full_name(name)]
    paired = len(found) > 1 or (" & " in whole and len(parts) > 1)
    if len(found) == len(singles) and paired and GIVEN_NAMES.isdisjoint(singles):
        return ()  # "Jobs & Hire", "Wine, Taste"
    if len(singles) < len(found):  # "Opinion, Clara Weidmann"
        found = [name for name in found if is_full_name(name) or fold(name) in GIVEN_NAMES]
    return tuple(dict.fromkeys(found))


def _besides(found: Sequence[str], names: tuple[str, ...]) -> tuple[str, ...]:
    """Names that may follow those that were found."""
    return () if names and _is_its_house(found, names[0]) else names


def _is_its_house(found: Sequence[str], name: str) -> bool:
    """After a full name a single word is its owner's house, section or post."""
    return bool(found) and is_full_name(found[0]) and not is_full_name(name)


def people_in_pieces(pieces: Sequence[str], *, refused: Collection[str] = ()) -> tuple[str, ...]:
    """The people a marked element names, its text given piece by piece as markup parts it.

    A byline's element also holds the date, the job and the buttons, each in an element of its own:
    the names are the first pieces that are names, and those joined to them. A single word counts
    only where nothing else does: it may be the section's name.
    """
    return _in_pieces(pieces, refused, singles=False) or _in_pieces(pieces, refused, singles=True)


def _in_pieces(
    pieces: Sequence[str], refused: Collection[str], *, singles: bool
) -> tuple[str, ...]:
    found: list[str] = []
    wanted, introduced = True, False
    for piece in pieces:
        if OTHER_ROLES.match(piece):
            wanted = False
        elif JOINER.fullmatch(piece):
            wanted = bool(found)
        elif not trim(piece):
            introduced = introduced or introduces(piece)
            wanted = wanted or (introduced and not found)
        elif wanted and (names := _besides(found, people_stated(piece, refused=refused))):
            named = introduced or introduces(piece) or " " in names[0]
            if not (singles or named or found):
                continue
            found.extend(names)
            wanted = bool(_OPEN_END.search(piece))
        elif found:
            break
        elif introduced and re.match(r"[^\W\d]", piece):
            introduced = False  # "By", "The Harbour Staff", "Fishing": it introduced nobody
            if singles:
                break
    return tuple(dict.fromkeys(found))


def trim(text: str) -> str:
    """Without the marks and the words (``By``, ``Autor:``) that introduce a name."""
    previous = None
    while previous != text:
        previous, text = text, _MARKS.sub("", text)
        lead = LEAD_IN.match(text)
        text = text[lead.end() :] if lead else text
    return text


def introduces(text: str) -> bool:
    """Whether a text begins with words that say an author's name follows."""
    return bool(LEAD_IN.match(text.lstrip(" |•·–—-")))


def is_stated_name(text: str, *, refused: Collection[str] = ()) -> bool:
    """Whether what stands where a name is stated can be a person's name, in any language."""
    folded = fold(text).strip(" .")
    if not folded or folded in NOBODY or _is_refused(text, folded, refused) or _WEB.search(text):
        return False
    bare = re.sub(r",.*", "", text)
    words = bare.split()
    keys = [word.strip(".,'’()") for word in fold(bare).split()]
    if not 1 <= len(words) <= 6 or len(bare) > 60 or keys[0] in ARTICLES or _is_organisation(keys):
        return False
    if len(words) == 1:
        return is_initials(bare) or (_is_single(bare) and keys[0] not in SINGLES_REFUSED)
    return is_initials(bare) or _is_row_of_names(words, keys)


def _is_row_of_names(words: list[str], keys: list[str]) -> bool:
    """Several words, each of them one that a name may hold; a name does not end in "von"."""
    dangling = keys[-1] in PARTICLES and len(keys[-1]) > 1
    spelled = any(len(word.strip(".")) > 1 for word in words)
    return not dangling and spelled and all(_is_word(word) for word in words)


def _is_refused(text: str, folded: str, refused: Collection[str]) -> bool:
    """The site's name is nobody's; its host's may be that of the person whose site it is."""
    return folded in refused or (" " not in text and site_key(text) in refused)


def is_code(name: str) -> bool:
    """Whether a name is only an editor's code (``mf``, ``GNB``), such as systems fill in."""
    return len(name) <= 3 and not name.istitle()


def is_account(name: str) -> bool:
    """Whether a name is built as accounts are: ``anna.berg``, ``anna-studio``, ``k8s4ever2``."""
    return bool(re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)+|(?=.*\d.*[a-z].*\d)[a-z0-9]+", name))


def site_key(name: str) -> str:
    """A name without spaces, marks and case: ``La República`` and larepublica are one."""
    return re.sub(r"[\W_]", "", fold(name))


def is_full_name(text: str) -> bool:
    """Whether a name has a given name and a family name, or their initials."""
    return len(re.findall(r"[^\W\d_]+", text.partition(",")[0])) > 1


def is_known_person(text: str) -> bool:
    """Whether two to four words begin with a common given name, as names of persons do.

    It tells a person from a topic or a house where nothing says that a name follows.
    """
    bare = _HONORIFIC.sub("", text.partition(",")[0])
    words = bare.split()
    first = re.split(r"[-‐]", fold(words[0]))[0] if words else ""
    known = first in GIVEN_NAMES and 2 <= len(words) <= 4
    return known and is_stated_name(bare) and words[-1][:1].isupper()


def _is_organisation(words: list[str]) -> bool:
    return (
        " ".join(words) in AGENCIES
        or not ORGANISATIONS.isdisjoint(words)
        or not NO_NAME_WORDS.isdisjoint(words)
        or any(word.endswith(ROLE_ENDINGS) for word in words)
    )


def _is_single(word: str) -> bool:
    return (
        2 <= len(word) <= 25
        and any(c.isalpha() for c in word)
        and bool(re.fullmatch(r"[^\W_\d][\w'’.-]*", word))
    )


def _is_word(word: str) -> bool:
    core = word.strip(".,'’“”\"()")
    if not core or any(c.isdigit() for c in core):
        return False
    if fold(core) in PARTICLES:
        return True
    if not all(c.isalpha() or c in "'’.-‐·" for c in core):
        return False
    return not core[0].islower() or core[:2] in ("d'", "d’", "l'", "l’", "o'", "al") or "-" in core


def _parts(whole: str) -> list[str]:
    """A list of people taken apart; what follows a comma stays with its name if it is a degree."""
    parts: list[str] = []
    for piece in _JOINED.split(whole):
        for item in re.split(r"\s*,\s*", piece):
            part = re.sub(r"^(?:and|und|et|y)\s+", "", item)
            if parts and part and _CREDENTIAL.fullmatch(part):
                parts[-1] = f"{parts[-1]}, {part}"
            else:
                parts.append(part)
    return parts


def _without_tail(text: str) -> str:
    whole = _BRACKETED_END.sub("", trim(text)) or trim(text)
    name = _MARKS.sub("", _TAIL.sub("", _AGENCY_TAIL.sub("", whole)))
    # A stop ends an initial or a title, and otherwise the sentence.
    return name[:-1] if re.search(r"[^\W\d_]{4,}\.$", name) else name

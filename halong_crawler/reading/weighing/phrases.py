"""What the short lines around an article say, in the languages portals are read in.

A row is a kind of line and the words or pairs of words that mark it, in lower case. They are clues
that are weighed with others, no rules: an article may hold any of them.
"""

from __future__ import annotations

import re
from itertools import pairwise

_ROWS: dict[str, str] = {
    "related": "related recommended latest trending popular recommend recent elsewhere "
    "more_from more_on more_in more_stories more_news more_like most_read read_more read_next "
    "read_also see_also you_may you_might don't_miss up_next also_on in_case "
    "ähnliche weitere empfehlungen empfohlen passend meistgelesen lesen_sie mehr_zum mehr_aus "
    "mehr_von auch_interessant das_könnte zum_thema schon_gelesen weiterlesen "
    "à_lire lire_aussi sur_le articles_liés articles_similaires dans_la "
    "leggi_anche potrebbe_interessarti te_puede relacionadas relacionados más_leído lea_también "
    "lea_más lea: você_pode leia_também veja_também czytaj zobacz podobne читайте похожие "
    "tin_khác tin_liên liên_quan viết_khác xem_thêm đọc_thêm đọc_nhiều các_tin tin_mới "
    "tin_cùng tin_bài những_tin cùng_chuyên lees_ook läs_också läs_mer",
    "share": "share shares tweet facebook whatsapp pinterest linkedin email e-mail print twitter "
    "follow teilen drucken folgen partager imprimer compartir condividi zalo chia_sẻ udostępnij "
    "telegram messenger pocket reddit",
    "comment": "comment comments reply replies kommentar kommentare antworten commentaires "
    "comentarios comentários commenti responses discussion komentarze комментарии leave_a "
    "join_the log_in sign_in anmelden einloggen bình_luận ý_kiến",
    "subscribe": "newsletter subscribe subscriber subscribers subscription inbox abonnieren "
    "abonnez suscríbete iscriviti donate donation spenden sign_up support_us support_our get_our "
    "get_the đăng_ký abo",
    "legal": "copyright © cookie cookies privacy datenschutz impressum permission licence license "
    "disclaimer agb javascript reserved terms_of rights_reserved personal_data giấy_phép "
    "bản_quyền datenschutzerklärung republished",
    "author": "author autor posted published updated veröffentlicht aktualisiert publié publicado "
    "written_by by_the min_read minutes_read lesezeit views lượt_xem ngày_đăng cập_nhật stand: "
    "tác_giả redaktion staff contributor",
    "tags": "tags tags: tag: filed categories category kategorie kategorien schlagwörter topics "
    "keywords themen themen: từ_khóa từ_khoá posted_in chuyên_mục",
    "ad": "advertisement advertising sponsored anzeige werbung publicité publicidad promoted "
    "affiliate shop deals buy_now commission quảng_cáo",
    "caption": "photo photos image images credit getty reuters afp foto fotos bild quelle: "
    "shutterstock screenshot picture courtesy illustration ảnh ảnh: foto: photo: image: bild: "
    "photograph photographer credit: abbildung",
    "nav": "home next previous older newer menu skip search suche contact kontakt zurück weiter "
    "back_to trang_chủ « » ← → prev quay_lại về_đầu",
    "news": "breaking update: live: watch: read: video: gallery: podcast: listen",
}
PHRASES: dict[str, str] = {
    words.replace("_", " "): kind for kind, row in _ROWS.items() for words in row.split()
}
"""Word, pair or triple of words → the kind of line it marks."""

OPENERS = frozenset({"related", "comment", "subscribe", "ad", "share", "tags", "author"})
"""Kinds whose short lines head a section that is no article."""

_WORDS = re.compile(r"[^\s,.!?()\[\]“”\"|;]+")
_LOOKED_AT = 24


def kinds_of_line(text: str) -> set[str]:
    """The kinds of line the first words of a text mark."""
    words = _WORDS.findall(text[:160].lower())[:_LOOKED_AT]
    found = {PHRASES[word] for word in words if word in PHRASES}
    for first, second in pairwise(words):
        kind = PHRASES.get(f"{first} {second}")
        if kind is not None:
            found.add(kind)
    return found


_IMPRINT = re.compile(
    r"(?P<licence>giấy phép|licen[sc]e no|\bgp-[a-zđ]{2,})|"
    r"(?P<rights>bản quyền|all rights reserved|copyright|©)|"
    r"(?P<owner>(?:cơ quan|đơn vị) (?:chủ quản|quản lý|thường trực))|"
    r"(?P<editor>chịu trách nhiệm|trưởng ban biên tập|tổng biên tập)|"
    r"(?P<reuse>ghi rõ nguồn|phát hành lại|trích dẫn nguồn)|"
    # However many ways to reach somebody: together they are one mark, articles give them too.
    r"(?P<contact>(?:địa chỉ|trụ sở|address|điện thoại|đt|tel|fax|hotline|phone|e-?mail)\s*[:.]|"
    r"đường dây nóng|@\w[\w.]*\.vn)|"
    r"(?P<site>(?:cổng|trang) thông tin điện tử)"
)
"""Looked for in lower case: ignoring case while searching is many times as slow."""
_IMPRINT_WORDS = (
    "phép", "licen", "gp-", "quyền", "right", "©", "chủ quản", "quản lý", "thường trực",
    "trách nhiệm", "biên tập", "nguồn", "phát hành lại", "thông tin điện tử",
)  # fmt: skip
"""In every of these marks but a way to reach somebody is one of them; looking is quick."""
_IMPRINT_MARKS = 2
_IMPRINT_WITHIN = 600
"""Characters within which an imprint has said two of these things."""
_SHORTEST_IMPRINT = 25


def is_imprint(text: str) -> bool:
    """Whether a passage says who runs the site: two of the things that such lines state."""
    if len(text) < _SHORTEST_IMPRINT:
        return False
    lower = text[:_IMPRINT_WITHIN].lower()
    if not any(word in lower for word in _IMPRINT_WORDS):
        return False
    marks = {match.lastgroup for match in _IMPRINT.finditer(lower)}
    return len(marks) >= _IMPRINT_MARKS


_OTHER_TEXTS = (
    r"related(?: (?:articles?|content|coverage|items|links|news|posts?|readings?|stories|story|"
    r"topics|videos?))?",
    r"(?:see|watch) also|(?:read|see|watch) more|(?:also|up|keep|continue) (?:next|read|reading)|"
    r"read (?:also|next|this)|further reading|don[’']t miss|trending(?: now)?|"
    r"most (?:popular|read)",
    r"more (?:articles|coverage|news|posts|stories)|more (?:about|from|on) (?:the|this) "
    r"(?:author|series|story|topic)",
    r"(?:you )?(?:may|might)(?: also)? (?:be interested in|enjoy|like)|"
    r"recommended(?: (?:articles|for you|posts|reading|stories|videos?))?",
    r"(?:das (?:thema )?)?könnte (?:dich|dir|euch|ihnen|sie)(?: auch)?(?: noch)? "
    r"(?:gefallen|interessieren)|auch (?:interessant|lesen|lesenswert)|siehe auch",
    r"lesen sie (?:auch|dazu|hier|mehr)(?: mehr)?|lies auch|zum weiterlesen|weiterlesen|"
    r"schon gelesen|meistgelesen|mehr (?:dazu|themen)|mehr (?:zu diesem|zum) thema",
    r"(?:ähnliche|empfohlene|passende|weitere) (?:artikel|beiträge|meldungen|nachrichten|themen)",
    r"(?:lea|lee|mira|mire|vea)(?: (?:mas|más|tambien|también))?|leer más|puedes ver|"
    r"(?:le|te) pueden? interesar|también lea|(?:noticias )?relacionad[ao]s",
    r"(?:à |a )?lire (?:aussi|également)|voir aussi|sur le même sujet|articles (?:liés|similaires)",
    r"leggi anche|potrebbe interessarti(?: anche)?|(?:leia|veja) (?:mais|também)|saiba mais",
    r"(?:czytaj|przeczytaj|sprawdź|zobacz)(?: (?:także|też|również|więcej))?|"
    r"dowiedz się więcej|читайте (?:ещё|также)",
    r"lees (?:meer|ook)|läs (?:mer|också|även)|les (?:mer|også)|læs også|lue myös",
    r"(?:xem|đọc) thêm|(?:tin|bài)(?: viết)? (?:khác|liên quan)",
)
"""How lines begin that lead to other texts, by language."""
_NO_TEXT = (
    r"(?:the )?(?:article|story) continues (?:after|below)(?: (?:this )?(?:ad|advertisement))?",
    r"ads?|advertis(?:ements?|ing)|advertorial|promoted|sponsored(?: (?:content|links|post))?",
    r"annonce|annons|anzeige|mainos|publicidade?|publicité|pubblicità|reklama?|werbung|quảng cáo",
    r"(?:embedded|external|recommended) content|contenu (?:externe|recommandé)|"
    r"(?:empfohlener )?(?:externer|redaktioneller) inhalt",
    r"comments?|(?:leave|post) a (?:comment|reply)|kommentare?|kommentieren|kommentar schreiben",
    r"e-?mail|print|share(?: (?:article|post|story|this))?|tweet|"
    r"(?:artikel |beitrag )?(?:drucken|teilen)",
    r"back to top|loading|nach oben|newsletter|zurück(?: zur startseite)?",
)
"""Lines of one control, label or notice; by kind."""
_CREDIT = re.compile(
    r"\W*(?:(?:(?:beitrags|titel)?bild|abbildung|credits?|crédits? photos?|fotos?|illustrations?|"
    r"images?|kuva|photo credits?|photos?|photograph|pictures?)"
    r"\s*(?::|©|\(c\)|by\b|courtesy|via\b)|©)",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 120
_LABEL = re.compile(rf"\W*(?:{'|'.join(_OTHER_TEXTS + _NO_TEXT)})\W*", re.IGNORECASE)
_REFERENCE = re.compile(rf"\W*(?:{'|'.join(_OTHER_TEXTS)})\s*[:|»>→–-]", re.IGNORECASE)
_LONGEST_LABEL, _LONGEST_REFERENCE = 60, 250


def is_stray(text: str, linked: int) -> bool:
    """Whether a line amid an article is none of its text.

    It is a label ("Advertisement", "Lesen Sie auch"), a link to another text under such a label
    ("Read more: …") or says whose a picture is. ``linked`` are its characters inside links.
    """
    if len(text) <= _LONGEST_CREDIT and _CREDIT.match(text):
        return True
    if len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text):
        return True
    short = len(text) <= _LONGEST_REFERENCE
    return short and linked * 2 > len(text) and _REFERENCE.match(text) is not None

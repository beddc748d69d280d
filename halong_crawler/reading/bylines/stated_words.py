"""Words around a stated name, in the languages of the web: what can be no part of it."""

from __future__ import annotations

# fmt: off
AGENCIES = frozenset({
    "dpa", "afp", "reuters", "apa", "ap", "efe", "ansa", "sid", "kna", "epd", "ddp", "dapd", "afx",
    "xinhua", "ttxvn", "jiji", "tass", "ria", "pap", "sda", "upi", "dts", "associated press",
    "agence france-presse", "bloomberg", "agencia efe", "keystone-sda", "press association",
    "kathpress", "dsw", "agenturen", "ots", "pti", "ians", "ani", "mti", "ctk", "stt", "ntb",
    "ritzau",
})
"""News agencies: an article of theirs is signed by nobody."""
CREDENTIALS = (
    r"(?-i:(?:[A-Z]\.?){2,6}(?:[/-][A-Z0-9]{1,5})*)", r"ph\.?\s?d", r"m\.?d", r"r\.?d", r"j\.?d",
    r"psy\.?d", r"ed\.?d", r"m\.?sc?", r"b\.?sc?", r"jr", r"sr", r"i{1,3}", r"esq", r"pharm\.?d",
    r"d\.?o", r"m\.?a", r"b\.?a", r"lcsw(?:-\w)?", r"ll\.?[mb]", r"e-ryt(?: \d+)?",
)
"""Degrees that follow a name and a comma."""
PARTICLES = frozenset({
    "von", "vom", "van", "der", "den", "dem", "de", "del", "della", "di", "da", "dos", "das", "do",
    "du", "des", "la", "le", "los", "las", "el", "al", "bin", "ibn", "bint", "ben", "ter", "ten",
    "te", "zu", "zum", "zur", "af", "av", "e", "y", "i", "v", "d", "st", "a", "san",
})
ORGANISATIONS = frozenset({
    "redaktion", "redaktionsteam", "redaktor", "redaccion", "redacao", "redazione", "redaction",
    "redactie", "editor", "editors", "editorial", "editorialteam", "staff", "team", "desk",
    "newsdesk", "newsroom", "news", "press", "presse", "pressestelle", "pressemitteilung", "agency",
    "agentur", "agencia", "agence", "gmbh", "ag", "inc", "ltd", "llc", "corp", "corporation",
    "company", "kg", "ev", "e.v", "verlag", "foundation", "stiftung", "institute", "institut",
    "university", "universitat", "magazine", "magazin", "media", "medien", "group", "gruppe",
    "association", "verein", "verband", "bund", "society", "club", "council", "committee",
    "commission", "ministry", "ministerium", "department", "office", "bureau", "center", "centre",
    "zentrum", "online", "blog", "blogger", "website", "web", "webteam", "channel", "tv", "radio",
    "fernsehen", "zeitung", "newspaper", "journal", "times", "post", "gazette", "herald", "tribune",
    "chronicle", "daily", "weekly", "report", "reports", "network", "partners", "solutions",
    "services", "service", "consulting", "marketing", "bank", "clinic", "school",
    "schule", "college", "academy", "akademie", "contributor", "contributors", "correspondent",
    "korrespondent", "autorenteam", "gastautor", "gastbeitrag", "guest", "sponsored", "advertorial",
    "anzeige", "partner", "experts", "expert", "writers", "authors", "autoren",
    "digital", "labs", "studio", "studios", "store", "shop", "technologies", "software", "systems",
    "international", "deutschland", "greenpeace", "unknown", "anonymous", "anonym", "unbekannt",
    "various", "multiple", "info", "support", "community", "communications", "insurance", "health",
    "hospital", "law", "firm", "design", "architecture", "construction", "travel", "world", "today",
    "guide", "insider", "review", "reviews", "hub", "app", "crew", "collective", "admin",
    "administrator", "webmaster", "moderator", "member", "pressemeldung", "gastautoren",
    "gastautorin", "se", "alliance", "initiative", "museum", "kreuz", "family", "feuerwehr",
    "abteilung", "partei", "sekretariat", "noticias", "handball", "agencies", "publisher",
    "editions", "edition", "sports", "security", "tips", "bundesverband", "rechtsanwaltskanzlei",
    "mitarbeiter", "nachrichten",
    "wirtschaftsnachrichten", "volksblatt", "anonimo", "anonyme", "works", "studies",
})
"""Words, folded, that no person's name holds."""
NO_NAME_WORDS = frozenset({
    "the", "this", "that", "our", "your", "my", "we", "you", "i'm", "is", "are", "was", "has",
    "have", "about", "more", "all", "read", "share", "follow", "subscribe", "comments", "comment",
    "home", "contact", "menu", "search", "login", "posts", "view", "see", "min", "minutes", "ago",
    "updated", "published", "author", "authors", "autor", "by", "date", "category", "tags", "not",
    "for", "from", "with", "how", "der", "die", "das", "ein", "eine", "ist", "mehr", "alle", "uber",
    "wir", "und", "and", "name", "email", "twitter", "facebook", "instagram", "linkedin", "profile",
    "profil", "bio", "biography", "rezepte", "les", "undefined", "null", "none", "written", "zur",
    "zum", "wortlaut", "sign", "learn", "threads", "log", "trial", "free", "webcam", "introducing",
    "latest", "deine", "dein", "senior", "junior", "chief", "head", "lead", "geteilt", "vor",
    "click", "here", "up", "no", "us", "kommentar", "kommentare", "artikel", "article", "articles",
    "january", "february", "march", "september", "october", "november", "december", "datum", "uhr",
    "alles", "weiter", "contactar", "corresponding", "hire", "inhalte", "gesponserte",
    "in", "on", "of", "to", "at", "an", "or", "as", "it", "be", "get", "what", "why",
}) - PARTICLES
ARTICLES = frozenset({
    "the", "der", "die", "das", "el", "los", "las", "les", "il", "zur", "zum", "im", "in", "am",
})
"""Words, folded, that begin the name of a house or a phrase and no person's."""
ROLE_ENDINGS = (
    "blog", "nachricht", "praxis", "archiv",
    "redaktion", "team", "verlag", "zeitung", "profile", "leiter", "leiterin", "fuhrer", "fuhrerin",
    "sprecher", "sprecherin", "prasident", "prasidentin", "vorsitzender", "vorsitzende",
    "redakteur", "redakteurin", "journalist", "journalistin", "minister", "ministerin", "verband",
    "experte", "analyst", "consultant", "director", "manager", "specialist", "president", "founder",
    "engineer", "scientist", "gardener", "grader", "horticulturalist", "educator", "columnist",
    "reporter", "writer", "officer", "coordinator", "strategist", "advisor", "adviser", "kitchens",
    "insurance", "admin",
)
"""Ends of words, folded, that name a post or a house and no person."""
SINGLES_REFUSED = frozenset({
    "jan", "feb", "mar", "apr", "may", "mai", "jun", "june", "jul", "july", "aug", "august", "sep",
    "sept", "oct", "okt", "oktober", "nov", "dec", "dez", "dezember", "april", "mon", "tue", "wed",
    "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "januar", "februar",
    "marz", "mars", "avril", "juin", "juillet", "septembre", "octobre", "novembre", "decembre",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre", "text", "texte", "foto", "fotos", "photo", "photos",
    "bild", "bilder", "image", "last", "posted", "stand", "beitrag", "veroffentlicht", "publie",
    "publicado", "autor", "auteur", "autoreninfo", "guides", "guide", "writer", "reporter",
    "journalist", "founder", "ceo", "opinion", "sections", "newsletter", "bluesky", "xing",
    "mastodon", "whatsapp", "pinterest", "youtube", "rss", "print", "mail", "zeige", "people",
    "sports", "sport", "politik", "politics", "kultur", "culture", "business", "wirtschaft",
    "technology", "tech", "lifestyle", "food", "video", "podcast", "archiv", "archive", "user",
    "gast", "le", "la", "hidden", "von", "par", "por", "am", "um", "fictions", "userprofile", "red",
    "edited", "reviewed", "verified", "wellness", "beratung", "espectaculos", "agencies",
    "actualizado", "zvg", "years", "sr", "jr", "deportes", "economia", "sociedad", "mundo",
    "avatar", "audience", "industry", "role", "roles", "topic", "topics", "department", "default",
    "phone", "size", "type", "price", "location", "country", "region", "company", "product",
    "products", "service", "brand", "format", "year", "month", "popularity", "relevance", "title",
    "rating", "language", "source", "solution", "solutions", "platform", "platforms", "use",
})
"""Words, folded, that alone are no name."""
# fmt: on

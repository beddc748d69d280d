"""Every table of the archive, with what each column means."""

from __future__ import annotations

from archive.imports import IMPORT_TABLES
from archive.journal_table import JOURNAL
from archive.proof_tables import PROOF_TABLES
from archive.table import Column, Table
from archive.visit_tables import VISIT_TABLES

C = Column

PORTALS = Table(
    "portals",
    "One row a portal: one publisher's site or sub-site.",
    (
        C("name", "TEXT PRIMARY KEY", "Short name, the first part of every article key"),
        C("title_vi", "TEXT NOT NULL", "Name in Vietnamese"),
        C("title_en", "TEXT NOT NULL", "Name in English"),
        C("home_url", "TEXT NOT NULL", "Where a visit starts"),
        C("level", "TEXT NOT NULL", "province, district, commune, department or ministry"),
        C("province", "TEXT NOT NULL", "The province or centrally-run city it belongs to"),
        C("platform", "TEXT NOT NULL", "The vendor product it runs on"),
        C("language", "TEXT NOT NULL", "Main language of its articles (BCP 47)"),
        C("timezone", "TEXT NOT NULL", "Time zone of the dates it prints (IANA name)"),
        C("first_date", "TEXT", "Date of the first article expected of it, if known"),
    ),
)

IMPRINTS = Table(
    "imprints",
    "Who ran a portal and when: the footer's own words, one row each time they changed.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("portal", "TEXT NOT NULL REFERENCES portals(name)", "The portal"),
        C("host", "TEXT NOT NULL", "The host whose pages carried it"),
        C("first_seen_at", "TEXT NOT NULL", "First capture that carried it (UTC)"),
        C("last_seen_at", "TEXT NOT NULL", "Last capture that carried it (UTC)"),
        C("owner", "TEXT", "The body the portal belongs to (cơ quan chủ quản)"),
        C("operator", "TEXT", "The body that runs it (cơ quan quản lý)"),
        C("licence_number", "TEXT", "Number of its licence"),
        C("licence_date", "TEXT", "Date of its licence (ISO)"),
        C("addresses", "TEXT NOT NULL", "JSON list of postal addresses, in printed order"),
        C("phones", "TEXT NOT NULL", "JSON list of telephone numbers as printed"),
        C("faxes", "TEXT NOT NULL", "JSON list of fax numbers as printed"),
        C("emails", "TEXT NOT NULL", "JSON list of e-mail addresses"),
        C("raw", "TEXT NOT NULL", "The footer's text"),
        C("capture_id", "INTEGER REFERENCES captures(id)", "The first capture that carried it"),
    ),
)

ARTICLES = Table(
    "articles",
    "One row an article, as it was last seen. Texts are in article_texts, older states in "
    "article_versions.",
    (
        C("id", "INTEGER PRIMARY KEY", "Number inside this archive; use key to cite"),
        C("key", "TEXT NOT NULL UNIQUE", "Permanent name, such as halong-61318"),
        C("portal", "TEXT NOT NULL REFERENCES portals(name)", "The portal that published it"),
        C("source_id", "TEXT NOT NULL", "The portal's own id, with the sub-site where needed"),
        C("url", "TEXT NOT NULL", "Its address on the portal"),
        C("title", "TEXT NOT NULL", "Title"),
        C("lead", "TEXT", "Lead (sapo)"),
        C("byline", "TEXT", "The signature as printed"),
        C("source", "TEXT", "Who the portal says it was taken from (Theo …, Nguồn: …)"),
        C("category", "TEXT", "Category as the page's breadcrumb names it"),
        C("published_at", "TEXT", "When published (ISO 8601); NULL where the page does not say"),
        C(
            "published_precision",
            "TEXT",
            "minute, day, or month: not before that month, when an image of it was uploaded",
        ),
        C("published_raw", "TEXT", "The date as printed"),
        C("published_from", "TEXT", "Which part of the page the date was read from"),
        C("updated_at", "TEXT", "When the portal says it was last edited"),
        C("status", "TEXT NOT NULL DEFAULT 'live'", "live or removed"),
        C("first_seen_at", "TEXT NOT NULL", "First capture (UTC)"),
        C("last_seen_at", "TEXT NOT NULL", "Latest capture that showed it (UTC)"),
        C("changed_at", "TEXT NOT NULL", "Capture that first showed the present state (UTC)"),
        C("removed_at", "TEXT", "When its removal was established (UTC)"),
        C("version_count", "INTEGER NOT NULL DEFAULT 1", "How many states are kept"),
        C("word_count", "INTEGER NOT NULL", "Syllables in lead and body, split at white space"),
        C("content_sha256", "TEXT NOT NULL", "SHA-256 over all fields that make a version"),
        C("evidence", "TEXT NOT NULL", "JSON: field → where on the page it was read from"),
        C("parser_version", "TEXT NOT NULL", "Version of the reader that read it"),
    ),
    ("UNIQUE (portal, source_id)",),
)

ARTICLE_TEXTS = Table(
    "article_texts",
    "The texts full-text search looks into, apart from articles so that lists never read them.",
    (
        C("article_id", "INTEGER PRIMARY KEY REFERENCES articles(id)", "The article"),
        C("title", "TEXT NOT NULL", "Title"),
        C("lead", "TEXT NOT NULL", "Lead, empty where there is none"),
        C("body", "TEXT NOT NULL", "Body as plain text, paragraphs separated by an empty line"),
        C("byline", "TEXT NOT NULL", "Byline, empty where there is none"),
        C("attachments", "TEXT NOT NULL", "Names (and text, where read) of the attachments"),
    ),
)

ARTICLE_VERSIONS = Table(
    "article_versions",
    "Every different state of an article. Version 1 is the first one seen.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("article_id", "INTEGER NOT NULL REFERENCES articles(id)", "The article"),
        C("number", "INTEGER NOT NULL", "1, 2, 3 … in order of capture"),
        C("captured_at", "TEXT NOT NULL", "The capture that first showed this state (UTC)"),
        C("previous_seen_at", "TEXT", "Last capture of the state before: the edit lies between"),
        C("changed", "TEXT NOT NULL", "JSON list of the fields that differ from the state before"),
        C("title", "TEXT NOT NULL", "Title"),
        C("lead", "TEXT", "Lead"),
        C("body", "TEXT NOT NULL", "Body as plain text"),
        C("body_html", "TEXT NOT NULL", "Body as safe HTML"),
        C("byline", "TEXT", "The signature as printed"),
        C("authors", "TEXT NOT NULL", "JSON list of {name, role, printed}"),
        C("source", "TEXT", "Who it was taken from"),
        C("category", "TEXT NOT NULL", "JSON list: the category and its parents, outermost first"),
        C("tags", "TEXT NOT NULL", "JSON list of tags"),
        C("images", "TEXT NOT NULL", "JSON list of {url, caption, credit}"),
        C("attachments", "TEXT NOT NULL", "JSON list of {url, filename}"),
        C("published_at", "TEXT", "When published (ISO 8601)"),
        C("updated_at", "TEXT", "When the portal says it was last edited"),
        C("content_sha256", "TEXT NOT NULL", "SHA-256 over all fields that make a version"),
        C("parser_version", "TEXT NOT NULL", "Version of the reader that read it"),
        C("capture_id", "INTEGER NOT NULL REFERENCES captures(id)", "The evidence"),
    ),
    ("UNIQUE (article_id, number)",),
)

CRAWLS = Table(
    "crawls",
    "One row a run over one portal.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("portal", "TEXT NOT NULL REFERENCES portals(name)", "The portal"),
        C("started_at", "TEXT NOT NULL", "Start (UTC)"),
        C("finished_at", "TEXT", "End (UTC); NULL while running or after a kill"),
        C("status", "TEXT NOT NULL", "running, finished, stopped, failed or killed"),
        C("reason", "TEXT", "Why it ended, from a closed list (docs/schema.md)"),
        C("options", "TEXT NOT NULL", "JSON of the options it was started with"),
        C("generator", "TEXT NOT NULL", "Software and version"),
        C("fetched", "INTEGER NOT NULL DEFAULT 0", "Captures made"),
        C("articles_new", "INTEGER NOT NULL DEFAULT 0", "Articles not known before"),
        C("articles_changed", "INTEGER NOT NULL DEFAULT 0", "Articles that gained a version"),
        C("articles_unchanged", "INTEGER NOT NULL DEFAULT 0", "Articles seen again, the same"),
        C("failed", "INTEGER NOT NULL DEFAULT 0", "Fetches that brought no answer or an error"),
        C("skipped", "INTEGER NOT NULL DEFAULT 0", "Different URLs refused, see skipped_urls"),
        C("fields", "TEXT NOT NULL DEFAULT '{}'", "JSON: field → how many articles had it"),
        C("learned", "TEXT", "JSON: pages and fields of the template it learnt, if it did"),
        C("drift", "TEXT", "JSON list: learnt selectors that found less than they should"),
        C(
            "articles_not_due",
            "INTEGER NOT NULL DEFAULT 0",
            "Known articles not asked for: not due",
        ),
        C(
            "checked",
            "INTEGER NOT NULL DEFAULT 0",
            "Articles not due that were looked at by chance",
        ),
        C("checked_changed", "INTEGER NOT NULL DEFAULT 0", "Those of them that had changed"),
        C("standing", "TEXT", "JSON: URLs it knew when it ended: done, skipped, failed, pending"),
        C("coverage", "TEXT", "JSON: how complete it left the archive of its portal"),
        C("monitors", "TEXT", "JSON list: what each monitor found in it"),
    ),
)

CAPTURES = Table(
    "captures",
    "Every observation of a URL: also redirects, errors and time-outs. The bytes are in the WARC.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("crawl_id", "INTEGER REFERENCES crawls(id)", "The crawl that made it"),
        C("portal", "TEXT NOT NULL REFERENCES portals(name)", "The portal"),
        C("article_id", "INTEGER REFERENCES articles(id)", "The article it showed, if any"),
        C("url", "TEXT NOT NULL", "The URL as requested"),
        C("fetched_at", "TEXT NOT NULL", "When (UTC)"),
        C("status", "INTEGER", "HTTP status; NULL where there was no answer"),
        C("media_type", "TEXT", "Media type the server named"),
        C("outcome", "TEXT NOT NULL", "What it came to, from a closed list (docs/schema.md)"),
        C("payload_digest", "TEXT", "SHA-1 of the payload in base32, as in the WARC record"),
        C("warc_file", "TEXT", "File under warc/ that holds the record"),
        C("warc_offset", "INTEGER", "Where the record begins in it, in bytes"),
        C("warc_length", "INTEGER", "How long the record is, in bytes"),
        C("note", "TEXT", "Where a redirect points, or what went wrong"),
        C("encoding", "TEXT", "The encoding a page was read in; NULL where no page was read"),
        C("encoding_conflict", "TEXT", "JSON: declarations overruled, letters lost, legacy font"),
        C("posted_page", "INTEGER", "Page of the listing a POST asked for; NULL: asked by GET"),
        C(
            "refers_to",
            "INTEGER REFERENCES captures(id)",
            "The capture whose record holds the payload, byte for byte the same; NULL: its own",
        ),
        C(
            "import_id",
            "INTEGER REFERENCES imports(id)",
            "The file it was imported from, if it was",
        ),
    ),
)

ARTICLE_URLS = Table(
    "article_urls",
    "Every URL that leads to an article, and how.",
    (
        C("url", "TEXT PRIMARY KEY", "The URL"),
        C("article_id", "INTEGER NOT NULL REFERENCES articles(id)", "The article"),
        C("kind", "TEXT NOT NULL", "canonical, alias, print, mobile, download or redirect"),
        C("first_seen_at", "TEXT NOT NULL", "When it was first met (UTC)"),
    ),
)

PEOPLE = Table(
    "people",
    "Everyone who signed an article, matched over spelling (Unicode form, case, tone placement).",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("name", "TEXT NOT NULL", "Name as first printed"),
        C("name_key", "TEXT NOT NULL UNIQUE", "Name reduced for matching; marks are kept"),
    ),
)

ARTICLE_PEOPLE = Table(
    "article_people",
    "Who signed which article.",
    (
        C("article_id", "INTEGER NOT NULL REFERENCES articles(id)", "The article"),
        C("position", "INTEGER NOT NULL", "Order in the byline, from 1"),
        C("person_id", "INTEGER NOT NULL REFERENCES people(id)", "The person"),
        C("role", "TEXT NOT NULL", "writer, photographer, compiler or translator"),
        C("printed", "TEXT NOT NULL", "The words it was read from"),
    ),
    ("PRIMARY KEY (article_id, position)",),
    without_rowid=True,
)

CATEGORIES = Table(
    "categories",
    "The categories of each portal.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("portal", "TEXT NOT NULL REFERENCES portals(name)", "The portal"),
        C("path", "TEXT NOT NULL", "Names from outermost to innermost, joined by ' › '"),
        C("name", "TEXT NOT NULL", "The innermost name"),
    ),
    ("UNIQUE (portal, path)",),
)

ARTICLE_CATEGORIES = Table(
    "article_categories",
    "Which article stands in which category.",
    (
        C("article_id", "INTEGER NOT NULL REFERENCES articles(id)", "The article"),
        C("category_id", "INTEGER NOT NULL REFERENCES categories(id)", "The category"),
    ),
    ("PRIMARY KEY (article_id, category_id)",),
    without_rowid=True,
)

TAGS = Table(
    "tags",
    "The tags articles carry.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("name", "TEXT NOT NULL UNIQUE", "The tag as printed"),
    ),
)

ARTICLE_TAGS = Table(
    "article_tags",
    "Which article carries which tag.",
    (
        C("article_id", "INTEGER NOT NULL REFERENCES articles(id)", "The article"),
        C("tag_id", "INTEGER NOT NULL REFERENCES tags(id)", "The tag"),
    ),
    ("PRIMARY KEY (article_id, tag_id)",),
    without_rowid=True,
)

IMAGES = Table(
    "images",
    "The images of each article. Their bytes: the `captures` of the `url` with outcome `file`.",
    (
        C("article_id", "INTEGER NOT NULL REFERENCES articles(id)", "The article"),
        C("position", "INTEGER NOT NULL", "Order on the page, from 1"),
        C("url", "TEXT NOT NULL", "Address on the portal"),
        C("caption", "TEXT", "Caption as printed"),
        C("credit", "TEXT", "Who took it, where the caption says so"),
    ),
    ("PRIMARY KEY (article_id, position)",),
    without_rowid=True,
)

ATTACHMENTS = Table(
    "attachments",
    "The files articles link to.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("article_id", "INTEGER NOT NULL REFERENCES articles(id)", "The article"),
        C("position", "INTEGER NOT NULL", "Order on the page, from 1"),
        C("url", "TEXT NOT NULL", "Address on the portal"),
        C("filename", "TEXT", "The file's name, decoded"),
        C("media_type", "TEXT", "Media type by the file's bytes, once fetched"),
        C("bytes", "INTEGER", "Size, once fetched"),
        C("sha256", "TEXT", "SHA-256 of the file, once fetched: its name under files/"),
        C(
            "text_status",
            "TEXT NOT NULL DEFAULT 'not_fetched'",
            "How its text was read, from a closed list (docs/schema.md)",
        ),
        C("text_note", "TEXT", "Why it was not read, or what was left out"),
        C("capture_id", "INTEGER REFERENCES captures(id)", "The latest fetch: the evidence"),
    ),
    ("UNIQUE (article_id, url)",),
)

ATTACHMENT_PAGES = Table(
    "attachment_pages",
    "The text of attachments, page by page.",
    (
        C("attachment_id", "INTEGER NOT NULL REFERENCES attachments(id)", "The attachment"),
        C("page", "INTEGER NOT NULL", "Page number, from 1"),
        C("text", "TEXT NOT NULL", "The page's text"),
    ),
    ("PRIMARY KEY (attachment_id, page)",),
    without_rowid=True,
)

SKIPPED_URLS = Table(
    "skipped_urls",
    "URLs that were met and not fetched, with the reason.",
    (
        C("portal", "TEXT NOT NULL REFERENCES portals(name)", "The portal"),
        C("url", "TEXT NOT NULL", "The URL"),
        C("reason", "TEXT NOT NULL", "Why, from a closed list (docs/schema.md)"),
        C("found_on", "TEXT", "A page that links to it"),
        C("first_seen_at", "TEXT NOT NULL", "When first met (UTC)"),
        C("last_crawl_id", "INTEGER REFERENCES crawls(id)", "The latest crawl that met it"),
    ),
    ("PRIMARY KEY (portal, url, reason)",),
    without_rowid=True,
)

SCHEMA_INFO = Table(
    "schema_info",
    "What made this file.",
    (
        C("version", "INTEGER PRIMARY KEY", "Schema version"),
        C("created", "TEXT NOT NULL", "When this archive got it (UTC)"),
        C("generator", "TEXT NOT NULL", "Software and version"),
    ),
)

FRONTIER = Table(
    "_frontier",
    "Plumbing: URLs known to a portal's walk and how far each has come.",
    (
        C("portal", "TEXT NOT NULL", "The portal"),
        C("url_key", "TEXT NOT NULL", "Identity of the page, so that one page is asked for once"),
        C("url", "TEXT NOT NULL", "The URL to ask for"),
        C("kind", "TEXT NOT NULL", "A key of `halong_crawler.priorities.PRIORITIES`"),
        C("depth", "INTEGER NOT NULL", "Links from the nearest seed; turning a page costs nothing"),
        C("priority", "INTEGER NOT NULL", "Higher goes first"),
        C("state", "TEXT NOT NULL", "pending, leased, done, failed, refused; aside: left out now"),
        C("attempts", "INTEGER NOT NULL DEFAULT 0", "Times it was asked for in this crawl"),
        C("found_on", "TEXT", "The page that linked to it"),
        C("crawl_id", "INTEGER NOT NULL", "The crawl it is in"),
        C("sequence", "INTEGER NOT NULL", "Order of discovery inside the crawl"),
        C("host", "TEXT NOT NULL DEFAULT ''", "Host of the URL, with a port that is not usual"),
        C("not_before", "TEXT", "Not asked for before this time (UTC); NULL: at any time"),
        C("capture_id", "INTEGER", "The capture it was settled by"),
        C("form", "TEXT", "JSON: the form a listing's page is asked for with; NULL: a plain GET"),
    ),
    ("PRIMARY KEY (portal, url_key)",),
    without_rowid=True,
)
HOSTS = Table(
    "_hosts",
    "Plumbing: hosts that failed, and until when they are left alone by every crawl.",
    (
        C("host", "TEXT NOT NULL", "The host, with a port that is not usual"),
        C("failure", "TEXT NOT NULL", "Class of the last failure; empty: it answers again"),
        C("failures", "INTEGER NOT NULL", "Failures in a row"),
        C("not_before", "TEXT NOT NULL", "Nothing is asked of it before this time (UTC)"),
        C("note", "TEXT NOT NULL", "What the last failure was"),
    ),
    ("PRIMARY KEY (host)",),
    without_rowid=True,
)

TABLES: tuple[Table, ...] = (
    PORTALS, IMPRINTS, ARTICLES, ARTICLE_TEXTS, ARTICLE_VERSIONS, CRAWLS, CAPTURES, ARTICLE_URLS,
    PEOPLE, ARTICLE_PEOPLE, CATEGORIES, ARTICLE_CATEGORIES, TAGS, ARTICLE_TAGS, IMAGES,
    ATTACHMENTS, ATTACHMENT_PAGES, SKIPPED_URLS, SCHEMA_INFO, FRONTIER, HOSTS, *VISIT_TABLES,
    *PROOF_TABLES, *IMPORT_TABLES, JOURNAL,
)  # fmt: skip

"""Scrapy's settings. Each that differs from Scrapy's default says why."""

import os

from halong_crawler import __version__

# Default "scrapybot": the name Scrapy logs under.
BOT_NAME = "halong"
SPIDER_LOADER_CLASS = "halong_crawler.spiderloader.PortalSpiderLoader"
# Portals come from descriptors; the module is named for `scrapy genspider` and the like.
SPIDER_MODULES = ["halong_crawler.spiders"]

# The archive that is written to. `halong --archive DIR` sets it.
HALONG_ARCHIVE = os.environ.get("HALONG_ARCHIVE", "halong-archive")

# Articles of a portal on an unknown product after which its template is learnt; 0: never.
HALONG_LEARN_AFTER = 40

# Address of a time-stamp authority (RFC 3161) that stamps each crawl's root; empty: none.
HALONG_TSA = os.environ.get("HALONG_TSA", "")
# File with the certificates (PEM) its stamps must be signed by; empty: signatures go unchecked.
HALONG_TSA_CA = os.environ.get("HALONG_TSA_CA", "")

# Who is asking, and how to reach us: the operator of the archive sets the contact.
HALONG_CONTACT = os.environ.get("HALONG_CONTACT", "https://github.com/halong-archive/halong")
USER_AGENT = f"Halong/{__version__} (archive of local-government portals; +{HALONG_CONTACT})"

# Default False: a portal's wish is obeyed.
ROBOTSTXT_OBEY = True
# Default 20: pages carry dont_redirect, and RFC 9309 has us follow five for robots.txt.
REDIRECT_MAX_TIMES = 5
# Factor on every wait after a failure (halong_crawler/failures.py); 0.1 for a quick look.
HALONG_PATIENCE = os.environ.get("HALONG_PATIENCE", "1")
# Default 8: small city servers; a descriptor may allow more.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Default 16: leased URLs wait in memory; few portals have more than a handful of hosts.
CONCURRENT_REQUESTS = 8
# Default 0: about one page a second, unless the descriptor or robots.txt says otherwise.
DOWNLOAD_DELAY = 1.0
# Default False: slow down when the server does.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

# Default 180 s: these portals hang; a page that takes longer is asked for again at the end.
DOWNLOAD_TIMEOUT = 60
# Default 1 GiB: no page and few attachments are larger; it bounds memory, also for what unpacks.
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
# Default True: what came of an answer that broke off is evidence; it is kept and asked for again.
DOWNLOAD_FAIL_ON_DATALOSS = False
DOWNLOAD_WARNSIZE = 32 * 1024 * 1024
# Attachments: whether the files of articles are fetched (`halong crawl --no-attachments`).
HALONG_ATTACHMENTS = True
# Whether the images of articles are captured, after all pages (`halong crawl --no-images`).
HALONG_IMAGES = True
# Bytes. Photos straight from a camera run to 15 MB.
HALONG_MAX_IMAGE_SIZE = os.environ.get("HALONG_MAX_IMAGE_SIZE", "25000000")
# Bytes. Scanned decisions run to 30 MB; what is larger is a film or a parcel of photos, and would
# hold a small server for minutes. `halong crawl --max-file-size` sets it in MB.
HALONG_MAX_FILE_SIZE = 64 * 1024 * 1024
# Seconds for one file: 64 MB at 100 KB a second, as slow as these servers are.
HALONG_FILE_TIMEOUT = 660
# Signed documents are hardly ever replaced; one that is held is looked at again after so many days.
HALONG_FILES_AGAIN_DAYS = 30

# Bytes free on the archive's disk below which a crawl ends: SQLite needs room to close well.
HALONG_LEAST_FREE = os.environ.get("HALONG_LEAST_FREE", "500000000")
# Requests in a row without an answer (or with a server's error) after which a crawl ends; 0: never.
HALONG_MOST_SILENT = 50
# Share of the latest requests that may go without an answer (or with a server's error) before a
# crawl ends; 0: never. Pages that answer between keep the host open, so nothing else would end it.
HALONG_MOST_FAILED = 0.5
# How many of the latest requests that share is taken of.
HALONG_FAILED_OF = 200
# Known articles in a row on a listing after which its further pages are not turned; 0: never.
# Two pages of most portals: one may be filled by what is pinned above the list.
HALONG_KNOWN_IN_A_ROW = 20
# Seconds a listing may take to walk without being looked at again at its end, from its first page
# on: what was published meanwhile stands there.
HALONG_SECOND_LOOK_AFTER = os.environ.get("HALONG_SECOND_LOOK_AFTER", "300")
# Days that lie at least between the two sights that prove an article removed.
HALONG_REMOVED_AFTER_DAYS = 1.0

# Public web archives that `halong import` asks: an index that lists captures, and where they are.
HALONG_WAYBACK_CDX = os.environ.get("HALONG_WAYBACK_CDX", "https://web.archive.org/cdx/search/cdx")
HALONG_WAYBACK_REPLAY = os.environ.get("HALONG_WAYBACK_REPLAY", "https://web.archive.org/web")
HALONG_COMMON_CRAWL_INDEX = os.environ.get(
    "HALONG_COMMON_CRAWL_INDEX", "https://index.commoncrawl.org"
)
HALONG_COMMON_CRAWL_DATA = os.environ.get(
    "HALONG_COMMON_CRAWL_DATA", "https://data.commoncrawl.org"
)
# Seconds between two requests to them, one at a time: they lock out for hours who asks faster.
HALONG_WEB_ARCHIVES_DELAY = os.environ.get("HALONG_WEB_ARCHIVES_DELAY", "2")

# Default False: an archive of record wants to know whom it talked to. Missing intermediates are
# common on these portals; a descriptor names them in [tls] ca.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Scrapy's own handler; it tells what went over the wire, and trusts the descriptor's certificates.
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "halong_crawler.wire.WireHandler")

# Default True: no portal needs them to be read, and they make one page answer differently.
COOKIES_ENABLED = False
# Default True: redirects and failures are captures; the frontier asks again, on record.
# (RedirectMiddleware stays for robots.txt; requests for pages carry dont_redirect.)
RETRY_ENABLED = False
# Default True: a listening port that nobody asked for.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# Default True: a page that reloads itself elsewhere is a page; what it links to is found anyway.
METAREFRESH_ENABLED = False

SCHEDULER = "halong_crawler.frontier.Frontier"
# Next to the downloader (HttpCompression is 590): sees the body as it came over the wire.
# Scrapy's RobotsTxtMiddleware crawls on where robots.txt cannot be had; RFC 9309 forbids that.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "halong_crawler.robots.RobotsMiddleware": 100,
    "halong_crawler.middlewares.CaptureMiddleware": 950,
}
# Depth counts differently here (turning a listing's page is free), and the frontier keeps it.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
ITEM_PIPELINES = {"halong_crawler.pipelines.KeepPipeline": 500}
EXTENSIONS = {
    "halong_crawler.extensions.crawl_delay.CrawlDelay": 10,
    "halong_crawler.extensions.host_health.Waker": 15,
    "halong_crawler.extensions.progress.Progress": 20,
    "halong_crawler.extensions.stops.Stops": 30,
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
    # Scrapy would offer br and zstd too; gzip is what any tool can read in twenty years.
    "Accept-Encoding": "gzip, deflate",
}
LOG_FORMATTER = "halong_crawler.log.QuietFormatter"
# Default "DEBUG": a line for every request would hide those that matter.
LOG_LEVEL = "INFO"

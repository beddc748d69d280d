"""The words and marks by which pages that are no article betray themselves: one row each.

They are only asked of pages that do not speak in paragraphs, so that an article *about* a CAPTCHA
or about a page that cannot be found is never met here. ``most`` bounds what else the page may say:
a message that stands beside more text is the topic of that text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from halong_crawler.reading.verdict.glance import Glance

Where = Literal["title", "headings", "words", "markup"]
"""Where a sign is looked for. ``words`` and ``markup`` are asked of bare pages alone, and not of
one that calls itself an article in its own data: a short notice of maintenance is news."""
_OF_BARE_PAGES = ("words", "markup")


@dataclass(frozen=True, slots=True)
class Sign:
    """One mark of one kind of page."""

    reason: str
    """What the page is: one of ``archive.schema.OUTCOMES``."""
    where: Where
    pattern: re.Pattern[str]
    """Matched against text in lower case; for title and headings against each part."""
    because: str
    """The evidence in words; ``{}`` stands for what was found."""
    most: int = 600
    """Characters of other text from which on the sign says nothing: of all visible words for
    ``words`` and ``markup``, of text outside links and foot for the others."""
    without: str = ""
    """CSS of what must not be on the page."""

    def __call__(self, glance: Glance) -> str | None:
        """The evidence if the page bears the sign, else None."""
        if self.where in _OF_BARE_PAGES and not self._is_bare(glance):
            return None
        found = self._found(glance)
        if found is None or glance.is_named:
            return None
        if self.where not in _OF_BARE_PAGES and glance.said > self.most:
            return None
        if self.without and glance.has(self.without):
            return None
        return self.because.format(found)

    def _found(self, glance: Glance) -> str | None:
        looked_at = getattr(glance, self.where)
        for text in (looked_at,) if isinstance(looked_at, str) else looked_at:
            match = self.pattern.search(text)
            if match:
                return match.group(0).strip()[:120]
        return None

    def _is_bare(self, glance: Glance) -> bool:
        return glance.bare and not glance.is_marked and len(glance.words) <= self.most


def _sign(
    reason: str, where: Where, pattern: str, because: str = "says “{}”", **more: int | str
) -> Sign:
    return Sign(reason, where, re.compile(pattern, re.S), because, **more)  # type: ignore[arg-type]


_THING = (
    r"(?:trang(?: web| này)?|bài viết|bài|tin bài|tin(?: tức)?|nội dung|chuyên mục|danh mục|"
    r"dữ liệu|đường dẫn|liên kết|địa chỉ|tài liệu|văn bản|tệp(?: tin)?|thông tin|url|link)"
)
_GONE = (
    r"(?:không (?:còn )?(?:tồn tại|tìm thấy|được tìm thấy|có sẵn|hợp lệ)|chưa tồn tại|"
    r"(?:đã|có thể đã|vừa)(?: bị| được)? (?:xóa|xoá|gỡ|di chuyển|thay đổi|ẩn))"
)
APOLOGY = (
    rf"^(?:(?:xin lỗi|rất tiếc|lỗi|thông báo|404|oops|opps)[^\w<]{{0,4}}(?:quý (?:khách|vị)|bạn)?"
    rf"[^\w<]{{0,4}})*(?:{_THING}\b.{{0,60}}?\b{_GONE}|"
    rf"(?:chúng tôi |hệ thống )?không (?:tìm thấy|tồn tại)(?: được)? {_THING}\b)"
)
"""A sentence that says the page, and nothing else, is missing."""
_SYSTEM = (
    r"(?:hệ thống|website|web site|trang(?: web| tin)?|cổng(?: thông tin)?|máy chủ|dịch vụ|"
    r"chúng tôi|chức năng|chuyên mục|portal)"
)
_CAPTCHA_FORM = "textarea, input[type=password]"
"""A contact or a login form has a CAPTCHA too."""

# fmt: off
SIGNS: tuple[Sign, ...] = (
    _sign("challenge", "markup", r"d1n\s*=\s*[a-f0-9]{16,}",
          "a script sets the cookie D1N and loads the page again", most=200),
    _sign("challenge", "markup",
          r"^(?=.*document\.cookie\s*=)(?=.*(?:location\.(?:reload|href|replace|assign)|"
          r"location\s*=|history\.go|\.submit\(\)))",
          "a script sets a cookie and loads the page again", most=200),
    _sign("challenge", "markup", r"<noscript>.{0,300}(?:cookie|javascript).{0,200}slowaes|"
          r"toNumbers\(|__test=|/aes\.js", "a script computes a cookie", most=200),
    _sign("challenge", "title",
          r"^(?:just a moment|attention required|một lát|chờ một (?:chút|lát)|"
          r"ddos.?guard|checking your browser|đang kiểm tra trình duyệt|security check|"
          r"kiểm tra bảo mật|xác (?:minh|thực) (?:bạn|người dùng|truy cập|trình duyệt)|"
          r"human verification|"
          r"are you (?:a )?(?:human|robot))", "its title says “{}”", most=900),
    _sign("challenge", "markup",
          r"_cf_chl_opt|cf-chl-|cf-turnstile|challenges\.cloudflare\.com|h-captcha|"
          r"hcaptcha\.com|g-recaptcha|recaptcha/(?:api|enterprise)|geetest|px-captcha|"
          r"datadome|captcha-delivery", "the page asks for proof of a human ({})",
          without=_CAPTCHA_FORM),
    _sign("challenge", "words",
          r"verify (?:that )?you are (?:a )?human|i.?m not a robot|tôi không phải (?:là )?"
          r"(?:người máy|robot|rô-?bốt)|xác (?:thực|minh|nhận) (?:rằng )?(?:bạn|quý vị) "
          r"(?:không phải|là (?:con )?người)|enable javascript and cookies to continue|"
          r"checking your browser|kiểm tra (?:trình duyệt|kết nối) của bạn|"
          r"nhập (?:mã|ký tự|dãy).{0,60}(?:truy cập|tiếp tục)|"
          r"trước khi (?:truy cập|tiếp tục)", without=_CAPTCHA_FORM),
    _sign("refused", "title",
          r"^(?:request rejected|access denied|(?:error )?403(?: forbidden)?|forbidden|blocked|"
          r"(?:truy cập|yêu cầu) (?:đã )?bị (?:từ chối|chặn)|từ chối truy cập)\W*$",
          "its title says “{}”"),
    _sign("refused", "words",
          r"the requested url was rejected|request (?:was |has been )?(?:rejected|blocked)|"
          r"you (?:do not|don.t) have (?:permission|access) to|have been blocked|"
          r"access (?:to this page )?(?:is|has been|was)? ?denied|incapsula incident|"
          r"403 forbidden|(?:truy cập|yêu cầu|kết nối|địa chỉ ip)(?: (?:của|từ) .{0,60}?)? "
          r"(?:đã |đang )?bị (?:từ chối|chặn|khóa|khoá)|không có quyền (?:truy cập|xem)|"
          r"tường lửa (?:ứng dụng )?web", most=900),
    _sign("server_page", "title",
          r"^(?:iis(?:\d| windows)|internet information services|welcome to (?:nginx|openresty|"
          r"caddy|centos)|apache2? .{0,40}(?:default|test) page|test page for|it works|"
          r"default (?:web site|plesk)|plesk|cpanel|directadmin|welcome to xampp|"
          r"web server.s default page|apache tomcat)", "the server's own page (“{}”)", most=9000),
    _sign("server_page", "headings", r"^(?:index of /|directory (?:listing|of) |\[to parent dir)",
          "an index of a folder (“{}”)", most=9000),
    _sign("server_page", "words", r"\[to parent directory\]|parent directory</a>",
          "an index of a folder", most=100_000),
    _sign("server_page", "headings",
          r"^(?:it works!|welcome to nginx|apache2 .{0,30}default page)",
          "the server's own page (“{}”)", most=9000),
    _sign("server_page", "words",
          r"(?:account|website|hosting|site)(?: has been| is|) (?:temporarily )?suspended|"
          r"(?:tài khoản|website|trang web|hosting|dịch vụ).{0,40}?(?:đã|đang) bị "
          r"(?:tạm )?(?:ngưng|ngừng|khóa|khoá|đình chỉ)\b|"
          r"(?:tên miền|domain)\b.{0,80}(?:hết hạn|rao bán|cần bán|được đăng ký bởi|chưa được trỏ|"
          r"for sale|expired|is parked|parking)"),
    _sign("maintenance", "words",
          rf"{_SYSTEM}\b.{{0,100}}?(?:đang|tạm|sẽ).{{0,40}}?(?:bảo trì|nâng cấp|dừng|ngừng|"
          r"chạy thử|xây dựng|hoàn thiện|gián đoạn)|đang (?:được )?(?:bảo trì|nâng cấp)|"
          r"under (?:maintenance|construction)|scheduled maintenance|"
          r"be (?:right )?back (?:soon|shortly)"),
    _sign("login", "words",
          r"phiên (?:làm việc|đăng nhập|truy cập).{0,40}(?:hết hạn|hết hiệu lực|kết thúc)|"
          r"session (?:has )?(?:expired|timed out)|(?:vui lòng|phải|cần|hãy) đăng nhập(?: lại)? "
          r"(?:để|trước)|please (?:log|sign) in"),
    _sign("soft_404", "title",
          r"^(?:http )?(?:error|lỗi)? ?40[04](?:$|\W*(?:error|not found|lỗi|không|page|bad|trang))",
          "its title says “{}”", most=1500),
    _sign("soft_404", "headings", APOLOGY + r"|^(?:page|file|resource|document|object|article|url) "
          r"(?:not found|cannot be found|can.t be found)|^not found$|^(?:lỗi|error):? 404\b|^404$|"
          r"(?:page|file|resource|url).{0,60}(?:could not be found|cannot be found|can.t be found|"
          r"was not found|doesn.t exist|does not exist)", "says “{}” with status 200", most=1500),
    _sign("soft_404", "headings",
          r"^(?:sorry, something went wrong|server error in|runtime error|"
          r"đã (?:có lỗi )?xảy ra lỗi|"
          r"(?:đã )?có lỗi xảy ra|lỗi hệ thống|application error|internal server error|"
          r"(?:error |lỗi )?500(?:$|\W*(?:error|internal|server|lỗi))|"
          r"detailed error|iis .{0,20}detailed error|http error \d+|an? (?:unexpected )?error "
          r"(?:has )?occurred|whoops|error$|lỗi$)", "only an error: “{}”", most=1500),
    _sign("soft_404", "markup",
          r"^\s*(?:<br ?/?>\s*)*(?:<(?:b|html|body)[^>]*>\s*)*(?:php )?(?:fatal|parse) error\b|"
          r"<b>(?:fatal error|parse error|warning|notice)</b>:|"
          r"microsoft ole db provider|odbc .{0,20}driver|unclosed quotation mark|"
          r"you have an error in your sql syntax|error establishing a database connection|"
          r"java\.lang\.\w+exception|system\.\w[\w.]*exception|stack trace:",
          "an error of the portal's software: “{}”", most=3000),
    _sign("soft_404", "markup",
          r"alert\(\s*[\"'][^\"']*(?:không tồn tại|không tìm thấy|bị (?:xóa|xoá|gỡ)|not found)",
          "a script says “{}” and leads away", most=200),
    _sign("soft_404", "words", APOLOGY[1:] + r"|page (?:you (?:are looking|requested).{0,40})?"
          r"(?:not found|can(?:.t|not) be found|could not be found|does(?:n.t| not) exist)|"
          r"\b404\b.{0,40}not found|not found.{0,40}\b404\b|file not found|"
          r"requested (?:url|resource|page).{0,80}not found", "says “{}” with status 200"),
    _sign("search", "headings", r"^(?:kết quả tìm kiếm|search results?)\b"
          r"(?! (?:cứu|cứu nạn|nạn nhân|người|hài cốt|mộ))",
          "a page of search results (“{}”)", most=100_000),
)
# fmt: on

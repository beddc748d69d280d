"""The words of bylines, as tables: labels, offices, places, and names that are nobody's."""

from __future__ import annotations

from archive.records import Role

# fmt: off

PHOTOGRAPHY = (
    r"(?:nguồn\s+)?(?:ảnh|hình(?:\s+ảnh)?|video(?:\s*clip)?|clip)"
    r"(?:\s*(?:,|và|&|-)\s*(?:video|clip|ảnh))?"
)
"""The label of a photographer, beside an article as under a picture."""
LABELS: tuple[tuple[str, tuple[Role, ...]], ...] = (
    (
        r"(?:(?:tin|bài)(?:\s*(?:,|và|&|-|/)?\s*(?:bài|tin|viết))?|nội\s+dung)\s*(?:,|và|&|-|/|\+)?\s*"
        r"(?:ảnh|hình(?:\s+ảnh)?|video|clip)",
        ("writer", "photographer"),
    ),
    (
        r"tác\s+giả(?:\s+(?:bài\s+viết|tin\s+bài))?|(?:người|nhóm)\s+(?:viết|thực\s+hiện)(?:\s+bài)?|"
        r"thực\s+hiện|nội\s+dung|bài\s+viết|tin\s*(?:,|-|và|/)?\s*bài|bài|tin|viết\s+bài|bút\s+danh|"
        r"người\s+đăng(?:\s+(?:tin|bài))?|đăng\s+bởi|(?:nhóm\s+)?(?:phóng\s+viên|pv)|"
        r"cộng\s+tác\s+viên|ctv|biên\s+tập\s+viên|btv|by|author",
        ("writer",),
    ),
    (
        r"t/h|th|(?:người\s+)?(?:tổng\s+hợp|biên\s+tập|sưu\s+tầm|biên\s+soạn)|bt|s/t|st",
        ("compiler",),
    ),
    (r"(?:biên|lược|người)\s+dịch|dịch(?:\s+giả)?", ("translator",)),
    (PHOTOGRAPHY, ("photographer",)),
)
"""Label of a byline → the roles of those it names; the first that fits counts."""

# Words that begin the name of an office, a place or a collective. Marks count: Phương is a person,
# Phường is a ward.
OFFICES = (
    "UBND", "Ủy ban", "Ban", "Phòng", "Sở", "Trung tâm", "TT", "Văn phòng", "Hội", "Đảng ủy",
    "Đảng bộ", "Công an", "Bộ", "Chi cục", "Cục", "Trường", "Đài", "Tổ", "Khối", "Công ty", "Báo",
    "Tạp chí", "Cổng", "MTTQ", "Mặt trận", "Liên đoàn", "LĐLĐ", "HĐND", "Thường trực", "BCH",
    "BBT", "BTC", "BQL", "Ban biên tập", "Nhóm", "Tỉnh đoàn", "Thành đoàn", "Thành ủy", "Tỉnh ủy",
    "Bảo tàng", "Thư viện",
)
PLACES = (
    "Thành phố", "TP", "Phường", "Xã", "Huyện", "Tỉnh", "Thị xã", "Thị trấn", "Quận", "Khu",
    "Thôn", "Đồng chí", "Ông", "Bà", "Các", "Một", "Toàn cảnh", "Quang cảnh", "Tin", "Ảnh", "Bài",
    "Vịnh",
)


POSTS = (
    "Chủ tịch", "Phó Chủ tịch", "KT. Chủ tịch", "TM.", "T/M", "KT.", "TL.", "TUQ.", "Bí thư",
    "Phó Bí thư", "Giám đốc", "Phó Giám đốc", "Trưởng phòng", "Phó Trưởng phòng", "Trưởng ban",
    "Phó Trưởng ban", "Chánh Văn phòng", "Phó Chánh Văn phòng", "Hiệu trưởng", "Phó Hiệu trưởng",
    "Bộ trưởng", "Thứ trưởng", "Thủ tướng", "Cục trưởng", "Phó Cục trưởng", "Chi cục trưởng",
    "Trưởng Công an", "Chỉ huy trưởng", "Tổng Giám đốc", "Tổng Biên tập", "Viện trưởng",
    "Chánh án", "Chánh Thanh tra", "Trưởng đoàn", "Người ký", "Đã ký", "(Đã ký)", "Nơi nhận",
    "Quyền Chủ tịch", "Q. Chủ tịch", "Tổng Bí thư", "Chủ nhiệm", "Phó Chủ nhiệm", "Trưởng thôn",
    "Trưởng khu", "Tổ trưởng", "Đại biểu", "Ủy viên",
)
"""Posts and marks above a signatory's name, and after the name of one who is spoken of."""
RANKS = (
    r"pv", r"p\.v\.?", r"phóng viên", r"btv", r"biên tập viên", r"ctv", r"cộng tác viên",
    r"nhà báo", r"tác giả", r"ths\.?", r"ts\.?", r"(?:pgs|gs)\.?\s?(?:ts\.?)?", r"ks\.?",
    r"kts\.?", r"cn\.?", r"bs\.?(?:cki{1,2}\.?)?", r"bác sĩ", r"dược sĩ", r"ds\.?", r"luật sư",
    r"ls\.?", r"thạc sĩ", r"tiến sĩ", r"cử nhân", r"kỹ sư", r"cô giáo", r"thầy giáo", r"đ/c",
    r"cb", r"nsnd", r"nsưt", r"nsna", r"nhiếp ảnh gia", r"thượng tá", r"thiếu tá", r"đại úy",
    r"trung úy", r"thượng úy", r"thiếu úy", r"trung tá", r"đại tá",
)
"""Ranks, degrees and staff posts before a name; the printed byline keeps them."""
NOT_IN_NAMES = frozenset({
    "các", "những", "của", "và", "tại", "cho", "với", "được", "không", "này", "trong", "trên",
    "dưới", "khi", "đã", "đang", "sẽ", "là", "xin", "tức", "xem", "thêm", "tải", "gửi", "đọc",
    "hãy", "một", "theo", "về", "việc", "phường", "xã", "huyện", "tỉnh", "quận", "phố", "thôn",
    "nước", "video", "clip", "chống", "muôn", "vì", "hết", "khoản", "nguồn", "bài", "dịch",
})
"""Syllables, as :func:`archive.text.tone_key` writes them, that no name holds."""
PHRASES = frozenset({
    "đoàn thanh niên", "thanh niên", "phụ nữ", "cựu chiến binh", "nông dân", "người cao tuổi",
    "bộ đội", "đoàn viên", "học sinh", "giáo viên", "nhân dân",
    "trân trọng cảm ơn", "cảm ơn", "chân thành cảm ơn", "trân trọng", "trân trọng kính mời",
    "kính mời", "kính chào", "chúc mừng năm mới", "chúc mừng", "nông thôn mới", "người tốt",
    "an toàn", "an toàn giao thông", "chuyển đổi số", "cải cách hành chính", "dịch vụ công",
    "công khai", "minh bạch", "công khai minh bạch", "toàn dân đoàn kết", "đoàn kết",
    "tương thân tương ái", "đền ơn đáp nghĩa", "lá lành đùm lá rách", "phòng cháy chữa cháy",
    "phòng cháy", "chữa cháy", "kế hoạch", "thông báo", "chương trình", "hội nghị", "nghị quyết",
    "quyết định", "báo cáo", "toàn cảnh", "quang cảnh", "liên hệ", "trang chủ", "chi tiết",
    "phụ lục", "mục lục", "nội dung", "hình ảnh", "bạn đọc", "góp ý", "ý kiến", "bình luận",
    "chia sẻ", "đánh giá", "tiếp tục", "sáng kiến", "kinh tế", "xã hội", "văn hóa", "thể thao",
    "du lịch", "giáo dục", "y tế", "pháp luật", "môi trường", "sức khỏe", "đời sống", "chính trị",
    "an ninh", "quốc phòng", "kinh nghiệm", "trái tim", "mùa xuân", "tình người", "quê hương",
    "biển đảo", "hoa sen", "văn nghệ",
})
"""What stands alone on a line with capitals and is no name, as tone keys."""
SURNAMES = frozenset({
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ",
    "hồ", "ngô", "dương", "lý", "đào", "đoàn", "vương", "trịnh", "trương", "đinh", "lâm", "phùng",
    "mai", "tô", "hà", "tạ", "cao", "châu", "chu", "quách", "thái", "lương", "lưu", "triệu", "lục",
    "nông", "hứa", "la", "lại", "lò", "quàng", "cầm", "tòng", "giàng", "vàng", "thào", "sùng",
    "mùa", "hờ", "kiều", "doãn", "khổng", "mạc", "nghiêm", "ninh", "ông", "ong", "phí", "phó",
    "quản", "tăng", "thạch", "thân", "tiêu", "tôn", "tống", "từ", "ung", "uông", "văn", "viên",
    "âu", "bạch", "bàng", "bành", "bế", "biện", "ca", "cù", "cung", "diệp", "đàm", "điền", "đồng",
    "đường", "giang", "giáp", "hàn", "hán", "khúc", "khương", "kim", "kha", "liễu", "lỗ", "lữ",
    "lã", "ma", "mã", "mẫn", "mông", "nhâm", "nhữ", "ôn", "phương", "quan", "sơn", "sầm", "tào",
    "thi", "thiều", "thịnh", "trà", "trang", "trác", "vi", "vòng", "chìu", "chíu", "tằng", "phún",
    "nình", "dường", "lèng", "hoàn", "bàn", "đăng", "chảo", "lường", "hạ", "y", "rơ", "ksor",
    "điểu", "siu", "a", "nay", "kpă", "an", "cấn", "chử", "cổ", "công", "đậu", "đới", "hầu",
    "hồng", "khuất", "lang", "lộc", "lô", "lù", "ngụy", "nhan", "ngọc", "phù", "sa", "tất", "thẩm",
    "thang", "tiết", "tưởng", "vy", "viêm", "xa",
})
"""Family names, as tone keys: a name of four syllables or more begins with one."""
PLACE_NAMES = frozenset({
    "hà nội", "hải phòng", "đà nẵng", "cần thơ", "hồ chí minh", "tp hồ chí minh", "sài gòn", "huế",
    "thừa thiên huế", "quảng ninh", "hạ long", "cẩm phả", "uông bí", "móng cái", "quảng yên",
    "đông triều", "vân đồn", "cô tô", "tiên yên", "bình liêu", "ba chẽ", "đầm hà", "hải hà",
    "hoành bồ", "bãi cháy", "hồng gai", "hòn gai", "giếng đáy", "tuần châu", "việt hưng",
    "cao xanh", "yết kiêu", "bạch đằng", "trần hưng đạo", "lê lợi", "hùng thắng", "đại yên",
    "bằng cả", "dân chủ", "đồng lâm", "đồng sơn", "kỳ thượng", "quảng la", "thống nhất", "vũ oai",
    "tân dân", "sơn dương", "hòa bình", "việt nam", "đông nam á", "bắc giang", "bắc ninh",
    "bắc kạn", "cao bằng", "lạng sơn", "lào cai", "yên bái", "thái nguyên", "phú thọ", "vĩnh phúc",
    "tuyên quang", "hà giang", "sơn la", "lai châu", "điện biên", "hải dương", "hưng yên",
    "thái bình", "hà nam", "nam định", "ninh bình", "thanh hóa", "nghệ an", "hà tĩnh",
    "quảng bình", "quảng trị", "quảng nam", "quảng ngãi", "bình định", "phú yên", "khánh hòa",
    "ninh thuận", "bình thuận", "kon tum", "gia lai", "đắk lắk", "đắk nông", "lâm đồng",
    "bình phước", "tây ninh", "bình dương", "đồng nai", "bà rịa", "vũng tàu", "long an",
    "tiền giang", "bến tre", "trà vinh", "vĩnh long", "đồng tháp", "an giang", "kiên giang",
    "hậu giang", "sóc trăng", "bạc liêu", "cà mau", "trường sa", "hoàng sa", "trung quốc",
    "hàn quốc", "nhật bản", "lào", "campuchia", "hoa kỳ", "biển đông", "hồng hà", "hồng hải",
    "hà khánh", "hà lầm", "hà trung", "hà phong", "hà tu", "hà khẩu", "cao thắng",
})
"""Names of places, as tone keys. As a bare line such a name is a place, unless it is set apart."""

NOBODY = frozenset({
    "admin", "admin admin", "administrator", "quan tri", "quan tri vien", "ban quan tri", "editor",
    "bien tap vien", "test test", "nguoi dung", "user", "super user", "webmaster",
})
ANONYMOUS = frozenset({
    "pv", "p.v", "p.v.", "phong vien", "nhom pv", "nhom phong vien", "btv", "ctv", "bbt", "tv",
})

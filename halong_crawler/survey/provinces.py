"""The provinces and centrally-run cities, as their portals' hosts are named.

The 63 units before 1 July 2025: hosts were named then, and keep their names after the mergers.
"""

from archive.text import fold

PROVINCES = (
    "An Giang", "Bà Rịa - Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Bắc Kạn", "Bắc Ninh", "Bến Tre",
    "Bình Dương", "Bình Định", "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng", "Cần Thơ",
    "Đà Nẵng", "Đắk Lắk", "Đắk Nông", "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang",
    "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương", "Hải Phòng", "Hậu Giang", "Hòa Bình",
    "Hồ Chí Minh", "Huế", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum", "Lai Châu", "Lạng Sơn",
    "Lào Cai", "Lâm Đồng", "Long An", "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận", "Phú Thọ",
    "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sóc Trăng",
    "Sơn La", "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Thừa Thiên Huế", "Tiền Giang",
    "Trà Vinh", "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái",
)  # fmt: skip

_OTHER_HOSTS = {
    "hochiminhcity": "Hồ Chí Minh", "tphcm": "Hồ Chí Minh", "thuathienhue": "Thừa Thiên Huế",
    "baria-vungtau": "Bà Rịa - Vũng Tàu", "backan": "Bắc Kạn", "daklak": "Đắk Lắk",
}  # fmt: skip

BY_HOST = {fold(name).replace(" ", ""): name for name in PROVINCES} | _OTHER_HOSTS
"""A label of a host → the province: ``quangninh`` → ``Quảng Ninh``."""

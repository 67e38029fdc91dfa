"""What is found in a text as a possible answer, and what its normal form compares."""

from __future__ import annotations

import itertools
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.answering.kinds import QuestionKind
from kgsearch.answering.reading.recognise import find_values

# The text, and what is found in it, divided by semicolons.
_NUMBERS = """
giá trị đạt 4.342 tỷ đồng | 4.342 tỷ đồng
đạt 84% kế hoạch | 84%
tăng 0,58% so với năm 2020 | 0,58%
có 15/15 huyện, thành phố áp dụng | 15/15 huyện
sản lượng từ 4,45 triệu tấn | 4,45 triệu tấn
đạt 33,49 giường bệnh/vạn dân | 33,49 giường bệnh/vạn dân
trị giá trên 200 triệu | trên 200 triệu
bị phạt tù từ 05 năm đến 15 năm | từ 05 năm đến 15 năm
không quá 30 ngày kể từ ngày nhận | không quá 30 ngày
ít nhất một phần hai số thành viên | ít nhất một phần hai
có hai mươi đại biểu | hai mươi đại biểu
diện tích 50 - 100 m2 | 50 - 100 m2
trong thời hạn 03 (ba) ngày làm việc | 03 (ba) ngày làm việc
đủ 18 tuổi trở lên | đủ 18 tuổi trở lên
1.234.567 người | 1.234.567 người
giảm 1,5 điểm phần trăm | 1,5 điểm
thu 3.485 USD/người/năm | 3.485 USD/người/năm
gồm ba hình thức | ba
tối đa 70% chi phí | tối đa 70%
hỗ trợ 100% kinh phí | 100%
hơn 500 doanh nghiệp | hơn 500 doanh nghiệp
từ 95% trở lên | từ 95% trở lên
từ 10% đến 20% | từ 10% đến 20%
từ 10 đến 20 triệu đồng | từ 10 đến 20 triệu đồng
1,2 triệu lượt khách | 1,2 triệu lượt khách
10 nghìn tỷ đồng | 10 nghìn tỷ đồng
mười lăm xã và một trăm ấp | mười lăm xã; một trăm ấp
trong 24 giờ | 24 giờ
công suất 500 MW | 500 MW
thêm 12 ca | 12 ca
tổng số 25 hồ sơ | 25 hồ sơ
dưới 16 tuổi | dưới 16 tuổi
lãi suất 6,5%/năm | 6,5%/năm
bốn phần năm | bốn phần năm
hai mươi mốt huyện | hai mươi mốt huyện
khoảng 20 km | 20 km
khoản 2 Điều 5 |
theo Chỉ thị số 19 |
Nghị quyết số 20/NQ-HĐND ngày 13/01/2021 |
ngày 13 tháng 01 năm 2021 |
giai đoạn 2021-2025 |
năm 2021 và quý III năm 2022 |
lần thứ 3, kỳ họp thứ 7, khóa X |
1. Tổ chức thực hiện |
2.1. Nội dung |
dịch Covid-19 |
điểm a khoản 4 Mục II |
Công văn 259-CV/TU |
quốc lộ 80 |
tổ 5, ấp 3, khu phố 2 |
phụ lục 1, biểu 2, mẫu số 03 |
6 tháng đầu năm 2021 |
ba mẹ và năm nay | ba
không có số nào |
rộng tối thiểu là 03 m. | tối thiểu là 03 m
từ 20 mét vuông (m2) trở lên | từ 20 mét vuông (m2) trở lên
tối thiểu từ 32 m2 (Ba mươi hai mét vuông) trở lên | từ 32 m2 (Ba mươi hai mét vuông) trở lên
từ 80% (tám mươi phần trăm) | 80%
diện tích ≥ 45 m2; chiều cao ≤ 3m | ≥ 45 m2; ≤ 3m
> 50 và ≤ 100 | > 50 và ≤ 100
từ trên 50m đến hết 200m | từ trên 50m đến hết 200m
từ 14,0 đến dưới 16,0 lần | từ 14,0 đến dưới 16,0 lần
một phẩy bảy (1,7) lần giá đất | một phẩy bảy (1,7) lần
trong mười lăm (15) ngày làm việc | mười lăm (15) ngày làm việc
trong năm (05) ngày | năm (05) ngày
tiền nghỉ của nửa ngày | nửa ngày
phạt gấp đôi | gấp đôi
15.000 đồng/01 lần; | 15.000 đồng/01 lần
60.000 đồng/1 ngày/1 người. | 60.000 đồng/1 ngày/1 người
80.000 đồng/giấy chứng nhận; | 80.000 đồng/giấy chứng nhận
Đồng/thẻ/năm 10.000 | 10.000
1500 kbps. | 1500 kbps
200 m³/ngày đêm | 200 m³/ngày đêm
từ 35.000 lượt lao động trở lên | từ 35.000 lượt lao động trở lên
tỷ lệ 1/500 được duyệt |
phường Hai Bà Trưng, phường Ba Đồn |
ngã ba, ngã tư, quận 5, tầng 3 |
nguyện vọng 1 và nguyện vọng 2 |
lớp 10 trường chuyên |
Báo cáo 6 tháng |
Công văn 2601/UBND |
"""
_BY_KIND = """
money | thu 11.500 tỷ đồng, đạt 84% | 11.500 tỷ đồng
money | phạt tiền từ 1.000.000 đồng đến 2.000.000 đồng | từ 1.000.000 đồng đến 2.000.000 đồng
money | phạt từ 2 đến 3 triệu đồng và tù 3 năm | từ 2 đến 3 triệu đồng
money | 4,45 triệu tấn lúa và 4.321 tỷ | 4.321 tỷ
money | 15 triệu USD | 15 triệu USD
money | 25.000 đồng/kg | 25.000 đồng/kg
money | 200.000đ | 200.000đ
money | 1,5 tỉ đồng | 1,5 tỉ đồng
money | 2 triệu người dân |
percent | giảm từ 3% xuống 2,5 % | 3%; 2,5 %
percent | chiếm năm mươi phần trăm | năm mươi phần trăm
percent | 5‰ dân số | 5‰
percent | mười người |
how-long | sau 05 ngày làm việc, trong 2 tháng | 05 ngày làm việc; 2 tháng
how-long | phạt tù từ 06 tháng đến 03 năm | từ 06 tháng đến 03 năm
how-long | thời hạn không quá 12 tháng | không quá 12 tháng
how-long | tước quyền từ 01 đến 03 tháng | từ 01 đến 03 tháng
how-long | cấm vĩnh viễn | vĩnh viễn
how-long | từ ngày 01 tháng 7 năm 2021 |
how-long | năm 2021 tăng 5% |
how-long | trong hai tuần | hai tuần
when | trước ngày 15/02/2021 | trước ngày 15/02/2021
when | ngày 13 tháng 01 năm 2021 | ngày 13 tháng 01 năm 2021
when | cuối năm 2025 | cuối năm 2025
when | hàng năm báo cáo | hàng năm
when | trình trong Quý IV | Quý IV
when | quý III/2021 | quý III/2021
when | tháng 5 năm 2021 | tháng 5 năm 2021
when | giai đoạn 2021 - 2025 | giai đoạn 2021 - 2025
when | có hiệu lực kể từ ngày ký | kể từ ngày ký
when | trước ngày 25 hằng tháng | ngày 25 hằng tháng
when | vào ngày 20/11 | ngày 20/11
when | 6 tháng đầu năm 2022 | 6 tháng đầu năm 2022
when | trước ngày 31 tháng 12 hằng năm | ngày 31 tháng 12 hằng năm
when | 31-12-2021 | 31-12-2021
when | Nghị quyết 20/NQ-HĐND, 84% và 100 người |
when | ra đời vào 1886 | 1886
when | chậm nhất là ngày 05 tháng sau | ngày 05 tháng sau
when | trước ngày 15 tháng cuối quý | ngày 15 tháng cuối quý
when | ngày 10 của tháng đầu quý sau | ngày 10 của tháng đầu quý sau
when | trước ngày 10 tháng 3 năm sau | ngày 10 tháng 3 năm sau
when | Ngày thi: 11, 12 tháng 6 năm 2022 | 11, 12 tháng 6 năm 2022
when | chậm nhất 30 ngày kể từ ngày nhận | chậm nhất 30 ngày
when | gửi trong thời hạn 05 ngày làm việc kể từ ngày họp | trong thời hạn 05 ngày làm việc
when | bắt đầu lúc 15h00 | 15h00
when | vào 7 giờ 30 phút | 7 giờ 30 phút
how-long | trong 24/24 giờ | 24/24 giờ
how-long | nửa tháng | nửa tháng
how-long | lúc 15h00 ngày 05/06/2020 |
money | phạt 1.500.000đ | 1.500.000đ
money | 200 nghìn đồng/hồ sơ | 200 nghìn đồng/hồ sơ
money | 150.000 đ/giấy phép | 150.000 đ/giấy phép
who | Giao Sở Tài chính chủ trì | Sở Tài chính
who | Ủy ban nhân dân tỉnh Kiên Giang ban hành | Ủy ban nhân dân tỉnh Kiên Giang
who | Chủ tịch Ủy ban nhân dân tỉnh quyết định | Chủ tịch Ủy ban nhân dân tỉnh
who | Ban Tuyên giáo Tỉnh ủy chỉ đạo | Ban Tuyên giáo Tỉnh ủy
who | Bộ trưởng Bộ Tài chính hướng dẫn | Bộ trưởng Bộ Tài chính
who | do ông Nguyễn Văn An ký | Nguyễn Văn An
who | đồng chí Trần Thị Bé Năm phụ trách | Trần Thị Bé Năm
who | thuộc cơ quan đăng ký cư trú có thẩm quyền | cơ quan đăng ký cư trú
who | Người sử dụng lao động phải trả lương | Người sử dụng lao động
who | UBND tỉnh trình HĐND tỉnh | UBND tỉnh; HĐND tỉnh
who | Sở Kế hoạch và Đầu tư, Sở Xây dựng | Sở Kế hoạch và Đầu tư; Sở Xây dựng
who | Thủ tướng Chính phủ giao | Thủ tướng Chính phủ
who | đạt 84% kế hoạch |
who | phát minh bởi Nikola Tesla năm 1888 | Nikola Tesla
where | tại huyện Hòn Đất | huyện Hòn Đất
where | ở tỉnh Bình Phước năm 2020 | tỉnh Bình Phước
where | nộp hồ sơ tại trụ sở Trung tâm | trụ sở Trung tâm
where | đóng tại thành phố Rạch Giá, tỉnh Kiên Giang | thành phố Rạch Giá; tỉnh Kiên Giang
where | theo quy định tại khoản 2 |
where | đạt 84% kế hoạch |
which-document | theo Nghị định số 15/2021/NĐ-CP | Nghị định số 15/2021/NĐ-CP
which-document | quy định tại khoản 2 Điều 5 Luật Đất đai | khoản 2 Điều 5 Luật Đất đai
which-document | Quyết định này có hiệu lực |
which-document | đạt 84% kế hoạch |
how | đạt 84% kế hoạch |
yes-no | ngày 15/02/2021 |
definition | Sở Tài chính |
"""


def _found(values: str) -> list[str]:
    return [value.strip() for value in values.split(";") if value.strip()]


def _rows(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.splitlines() if "|" in line]


@pytest.mark.parametrize(("text", "values"), _rows(_NUMBERS))
def test_numbers(text: str, values: str) -> None:
    assert [value.text for value in find_values(QuestionKind.HOW_MUCH, text)] == _found(values)


@pytest.mark.parametrize(("kind", "text", "values"), _rows(_BY_KIND))
def test_values_of_a_kind(kind: str, text: str, values: str) -> None:
    assert [value.text for value in find_values(QuestionKind(kind), text)] == _found(values)


@pytest.mark.parametrize(
    ("kind", "text", "normal"),
    [
        ("money", "4.342 tỷ đồng", ("vnd", Decimal("4342000000000"), Decimal("4342000000000"))),
        ("money", "từ 2 đến 3 triệu đồng", ("vnd", Decimal(2_000_000), Decimal(3_000_000))),
        ("money", "không quá 500 nghìn đồng", ("vnd", None, Decimal(500_000))),
        ("percent", "trên 7,24 %", ("%", Decimal("7.24"), None)),
        ("how-long", "02 năm", ("month", Decimal(24), Decimal(24))),
        ("how-long", "hai tuần", ("day", Decimal(14), Decimal(14))),
        ("how-long", "từ 06 tháng đến 03 năm", ("month", Decimal(6), Decimal(36))),
        ("how-long", "tối đa 15 ngày làm việc", ("working-day", None, Decimal(15))),
        ("how-much", "≥ 45 m²", ("m2", Decimal(45), None)),
        ("how-much", "32 mét vuông", ("m2", Decimal(32), Decimal(32))),
        ("how-much", "một phẩy bảy (1,7) lần", ("lan", Decimal("1.7"), Decimal("1.7"))),
        ("how-much", "hai phẩy không năm mét", ("m", Decimal("2.05"), Decimal("2.05"))),
        ("how-much", "gấp rưỡi", ("lan", Decimal("1.5"), Decimal("1.5"))),
        ("how-much", "dưới 3 tầng", ("tang", None, Decimal(3))),
        ("how-long", "nửa tháng", ("month", Decimal("0.5"), Decimal("0.5"))),
        ("how-much", "15/15 huyện", ("huyen", Decimal(15), Decimal(15))),
        ("how-much", "hai mươi mốt huyện", ("huyen", Decimal(21), Decimal(21))),
        ("how-much", "một trăm linh năm xã", ("xa", Decimal(105), Decimal(105))),
        ("how-much", "1,000,000 người", ("nguoi", Decimal(1_000_000), Decimal(1_000_000))),
        ("when", "ngày 5 tháng 6 năm 2020", ("2020-06-05", date(2020, 6, 5), date(2020, 6, 5))),
        ("when", "trước ngày 05/06/2020", ("truoc 2020-06-05", date(2020, 6, 5), date(2020, 6, 5))),
        ("when", "Quý IV", ("Q4", None, None)),
        ("who", "Sở Tài chính", ("so", "tai", "chinh")),
    ],
)
def test_normal_forms(kind: str, text: str, normal: tuple[object, ...]) -> None:
    assert [value.normal for value in find_values(QuestionKind(kind), text)] == [normal]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,5 tỷ đồng", "1.500 triệu đồng"),
        ("12 tháng", "01 năm"),
        ("7 ngày", "một tuần"),
        ("84%", "84 phần trăm"),
        ("ngày 05/06/2020", "ngày 5 tháng 6 năm 2020"),
        ("20 xã", "hai mươi xã"),
        ("3.600m2", "3.600 mét vuông"),
        ("03 m", "3 mét"),
        ("05 m³", "5 mét khối"),
    ],
)
def test_the_same_value_written_differently(one: str, other: str) -> None:
    kind = QuestionKind.WHEN if "/06/" in one else QuestionKind.HOW_MUCH
    assert [value.normal for value in find_values(kind, one)] == [value.normal for value in find_values(kind, other)] != []


@pytest.mark.parametrize(
    ("kind", "text", "unit", "noun", "values"),
    [
        ("how-much", "84 xã, 15 huyện và 3 thành phố", "huyện, thành phố", "", ["15 huyện", "3 thành phố"]),
        ("how-much", "Số trường đạt chuẩn: 12; tăng 5%", "trường", "", ["12"]),
        ("how-much", "có 40 hình thức và 2 người", "hình thức", "", ["40"]),
        ("how-much", "năm giai đoạn trong năm 2021", "giai đoạn", "", ["năm giai đoạn"]),
        ("how-much", "chiếm hơn một nửa diện tích", "", "", ["hơn một nửa"]),
        ("how-long", "05 ngày hoặc 02 tháng", "tháng", "", ["02 tháng"]),
        ("how-long", "trong 02 tháng", "ngày", "", ["02 tháng"]),
        ("money", "thu 5 tỷ đồng", "tiền", "", ["5 tỷ đồng"]),
        ("when", "năm 2021; ngày 05/06/2020", "", "ngày", ["ngày 05/06/2020"]),
        ("when", "năm 2021; Quý IV", "", "quý", ["Quý IV"]),
        ("list", "Sở Tài chính, Sở Xây dựng", "", "cơ quan", ["Sở Tài chính", "Sở Xây dựng"]),
        ("list", "Sở Tài chính", "", "co quan", ["Sở Tài chính"]),
        ("how-long", "05 ngày hoặc 02 tháng", "thang", "", ["02 tháng"]),
        ("list", "Sở Tài chính", "", "giải pháp", []),
        ("how-much", "rộng tối thiểu là 03 m.", "mét", "", ["tối thiểu là 03 m"]),
        ("how-much", "rộng 20 mét vuông, dài 5 m", "mét", "", ["5 m"]),
        ("how-much", "rộng 20 mét vuông, dài 5 m", "m2", "", ["20 mét vuông"]),
        ("how-much", "tối đa 02 tầng và 3 năm", "m2", "", []),
        ("how-much", "hạn mức 25 ha, có 3 tầng", "m2", "", ["25 ha"]),
        ("how-much", "đón đoàn đầu tiên (204 khách)", "người", "", ["204 khách"]),
        ("how-much", "được trên 50% tổng số thành viên đồng ý", "thành viên", "", ["trên 50%"]),
        ("how-much", "được hưởng 50% mức chi", "phần", "", ["50%"]),
        ("how-much", "gồm 3 phần, đạt 50%", "phần", "", ["3"]),
        ("how-much", "không quá 500 m2 với hộ có 07 nhân khẩu", "đất", "", ["không quá 500 m2"]),
        ("how-much", "245", "m3", "", ["245"]),
        ("how-much", "hệ số lương từ 4,74 trở lên", "người", "", []),
        ("how-much", "có 33,49 giường bệnh/vạn dân", "giường bệnh", "", ["33,49 giường bệnh/vạn dân"]),
        ("when", "từ 7 giờ 30 đến 20 giờ", "", "giờ", ["từ 7 giờ 30 đến 20 giờ"]),
        ("when", "trong 24 giờ", "", "giờ", []),
        ("when", "thông qua tại Kỳ họp thứ 9 (tháng 5/2025)", "", "kỳ", ["Kỳ họp thứ 9"]),
        ("when", "chậm nhất 30 ngày kể từ ngày nhận", "", "ngày", []),
    ],
)
def test_unit_and_noun_limit(kind: str, text: str, unit: str, noun: str, values: list[str]) -> None:
    assert [value.text for value in find_values(QuestionKind(kind), text, unit=unit, noun=noun)] == values


_PIECES = [
    "từ",
    "đến",
    "05",
    "năm",
    "tháng",
    "ngày",
    "1.000",
    "đồng",
    "%",
    "/",
    "-",
    "(",
    "ba",
    ")",
    "tỷ",
    "Sở",
    "Tài",
    "chính",
    "Nguyễn",
    "cơ",
    "quan",
    "tại",
    "huyện",
    "Điều",
    "5",
    "2021",
    ",",
    ".",
    "trở",
    "lên",
]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(QuestionKind), st.text(max_size=200) | st.lists(st.sampled_from(_PIECES), max_size=60).map(" ".join))
def test_any_text_is_read(kind: QuestionKind, text: str) -> None:
    values = find_values(kind, text)
    assert all(text[value.start : value.end] == value.text != "" for value in values)
    assert all(one.end <= two.start for one, two in itertools.pairwise(values))


@pytest.mark.parametrize(
    "part", ["cơ quan ", "A B C ", "1.1", "1 ", "từ 1 đến ", "tại ", "Sở ", "ngày 1 tháng ", "(", "năm 2021 - ", "hai mươi "]
)
def test_time_grows_with_the_text(part: str) -> None:
    def seconds(characters: int) -> float:
        text = part * (characters // len(part))
        spent = []
        for _attempt in range(3):
            begun = time.process_time()
            for kind in QuestionKind:
                find_values(kind, text)
            spent.append(time.process_time() - begun)
        return min(spent)

    # Eight times the text: about eight times as long, not sixty-four.
    assert seconds(16_000) < 32 * max(seconds(2_000), 0.002)

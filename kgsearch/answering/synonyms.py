"""What offices write where those who ask say something else: "giấy chứng nhận quyền sử dụng đất" for "sổ đỏ"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from kgsearch.language import syllable_key, tokenise

DISCOUNT = 0.7
"""What a question's word counts where another of the same meaning stands for it."""

_GROUPS = """
sổ đỏ|sổ hồng|bìa đỏ|giấy chứng nhận quyền sử dụng đất|giấy chứng nhận
lo|bố trí|bảo đảm|cân đối|chịu trách nhiệm
áp dụng|có hiệu lực|thi hành|thực hiện
đứng đầu|chủ tịch|trưởng ban|trưởng đoàn|chủ nhiệm
phó|phó chủ tịch|phó trưởng ban
định kỳ|thường kỳ
đầu mối|chủ trì|cơ quan thường trực
nhiều nhất|tối đa|không quá|không vượt quá|cao nhất
ít nhất|tối thiểu|trở lên|không dưới|từ đủ|thấp nhất
muộn nhất|chậm nhất|trước ngày|hạn chót|thời hạn
mất|bị mất|thất lạc
nộp kèm|kèm theo|gửi kèm
giấy tờ|tài liệu|hồ sơ
giao lại|ủy quyền|phân cấp
thay|thay cho|thay thế|bãi bỏ
bỏ|bãi bỏ|hết hiệu lực
xin|đề nghị
cho phép|chấp thuận|xem xét
làm giấy|cấp giấy
trả|chi trả|thanh toán
lên xuống|biến động|tăng giảm
xem lại|điều chỉnh
người nước ngoài|cá nhân nước ngoài
doanh nghiệp|tổ chức|công ty
hộ dân|hộ gia đình|mỗi hộ
người dân|cá nhân|công dân
nhà riêng|nhà ở riêng lẻ
xây tạm|có thời hạn
nhà trọ|cho thuê
khám chữa bệnh|kcb|khám bệnh chữa bệnh
bảo hiểm y tế|bhyt
bảo hiểm xã hội|bhxh
ủy ban nhân dân|ubnd
hội đồng nhân dân|hđnd
thành phố hồ chí minh|tp hcm|tphcm
mặt trận tổ quốc|mttq
hộp thư điện tử|thư điện tử|email|e mail
theo dõi|giám sát|đôn đốc
hướng dẫn|chỉ dẫn
người già|người cao tuổi
người nghèo|hộ nghèo
thương binh|người có công
miễn|không thu|không phải nộp
không áp dụng|trừ
đường rộng|lộ giới|chiều rộng đường
giáp|tiếp giáp
liền kề|lân cận
đào tầng hầm|phần ngầm|thi công tầng hầm
rộng|diện tích
cao|chiều cao
dài|chiều dài
bắt đầu|từ ngày|kể từ
kết thúc|đến ngày|đến hết
gửi|báo cáo
giáo viên|nhà giáo
thưởng|khen thưởng
phạt|xử phạt|phạt tiền
cấm|không được|nghiêm cấm
"""


@cache
def _groups() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The keys of the phrases, by group."""
    lines = (line for line in _GROUPS.splitlines() if line)
    return tuple(tuple(tuple(syllable_key(token.text) for token in tokenise(phrase)) for phrase in line.split("|")) for line in lines)


def alternatives(keys: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each phrase of a question, given by the keys of its words in order, that has others of its meaning: it and each of them."""
    line = _line(keys)
    for group in _groups():
        for phrase in group:
            if _line(phrase) in line:
                yield from ((phrase, other) for other in group if other != phrase)


def _line(keys: Sequence[str]) -> str:
    return f" {' '.join(keys)} "

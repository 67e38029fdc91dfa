"""The nouns that question words stand with, and what kind of thing each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kgsearch.answering.kinds import QuestionKind
from kgsearch.language import fold, normalise

Nouns = Mapping[QuestionKind, str]

ASKED_WITH: Nouns = {
    QuestionKind.WHO: """cơ quan|cơ quan nhà nước|cơ quan có thẩm quyền|cơ quan chức năng|cơ quan chuyên môn|cơ quan quản lý
        |cơ quan quản lý nhà nước
        |cơ quan đơn vị|đơn vị|tổ chức|sở|sở ngành|sở ban ngành|ban|ban ngành|bộ|bộ ngành|ngành|phòng|phòng ban|người|cá nhân|chủ thể
    |cấp
            |chức danh
        |chức vụ|cán bộ|lãnh đạo|đồng chí|vị|ông|bà|hội đồng|ủy ban|toà án|toà|viện|cục|vụ|chi cục|tổng cục|đoàn thể|cấp chính quyền
            |lực lượng
        |nhà lãnh đạo|nhân vật|bên|đảng|trường|doanh nghiệp|công ty|thủ tướng|phó thủ tướng|bộ trưởng|thứ trưởng|chủ tịch|phó chủ tịch
        |giám đốc|phó giám đốc|trưởng ban|phó trưởng ban|bí thư|phó bí thư""",
    QuestionKind.WHEN: """ngày|tháng|năm|quý|thời gian|thời điểm|giờ|tuần|hôm|mốc thời gian|thế kỷ|thập niên|thập kỷ|giai đoạn|mùa
        |thời kỳ|thứ
        |ngày tháng|ngày tháng năm|khoảng thời gian|lúc|dịp|kỳ""",
    QuestionKind.WHERE: """nơi|chỗ|địa phương|tỉnh|tỉnh thành|thành phố|huyện|xã|phường|thị xã|thị trấn|khu vực|địa bàn|địa điểm|vùng
        |quốc gia|nước
        |châu lục|quận|ấp|thôn|khu phố|đảo|đặc khu|trụ sở|đâu|địa chỉ""",
    QuestionKind.WHICH_DOCUMENT: """văn bản|văn bản pháp luật|văn bản quy phạm pháp luật|nghị quyết|quyết định|nghị định|thông tư
    |chỉ thị
        |luật|bộ luật
        |pháp lệnh|kế hoạch|công văn|thông báo|kết luận|báo cáo|tờ trình|hướng dẫn|điều|khoản|điểm|điều khoản|điều luật|mục|phụ lục
            |chương|quy định
        |hiến pháp|công điện|thông tri""",
    QuestionKind.HOW_LONG: "thời hạn|thời hiệu|khoảng thời gian bao lâu",
    QuestionKind.WHY: "lý do|nguyên nhân|nguyên do|mục đích",
    QuestionKind.PERCENT: "tỷ lệ|tỷ lệ phần trăm",
    QuestionKind.HOW: "cách|cách thức|phương thức|kiểu",
    QuestionKind.HOW_MUCH: "độ tuổi|tuổi|hạn mức|nhiệt độ",
}
"""What stands before "nào" or "gì"; with any other noun the question is of kind WHICH."""

COUNTED = """thủ tục|học sinh|sinh viên|giáo viên|giai đoạn|giường bệnh|đại biểu|biên chế|điều kiện|cán bộ|công chức|viên chức
    |tuyến đường
    |văn bản|nghị quyết|quyết định|thành viên|dự án|hình thức|trường hợp|nhiệm vụ|tiêu chí|chỉ tiêu|giải pháp|nội dung|doanh nghiệp
    |đơn vị
    |cơ quan|thành phố|thị xã|thị trấn|hợp tác xã|tác phẩm|chức danh|chức vụ|đối tượng|hành vi|biện pháp|giấy tờ|quy trình|lĩnh vực
    |nguyên tắc|chế độ|chính sách|danh hiệu|nhóm nợ|ngôn ngữ|hạng mục|công trình|sản phẩm|mô hình|cuộc họp|hội nghị|kỳ họp|mét vuông
    |héc ta|ki lô mét
    |nhân viên|lao động|đảng viên|phó chủ tịch|thủ tướng|hộ dân|hộ nghèo|người dân|lượt khách|bệnh viện|trạm y tế|trường học|phiếu bầu
    |kỷ luật|pháp luật|ngành nghề|tổ chức|cá nhân|bác sĩ|điều khoản|đề án|kế hoạch|chương trình|mẫu đơn|tài khoản|phòng học|mức độ
    |tiết học
    |thông tin|thời hạn|công việc|vi phạm"""
"""Nouns of several syllables that are counted or asked with; none of their syllables is to be taken alone where no marks tell it."""

CLASSES = """trường|hình thức|mức|mẫu|loại|nhóm|nguồn|chế độ|trường hợp|đối tượng|hành vi|biện pháp|giấy tờ|tiêu chí|nguyên tắc
    |điều kiện|lĩnh vực
    |tuyến|ngành|trình độ|cấp độ|phần mềm|danh hiệu|công trình|kỳ họp"""
"""Nouns that another narrows down after them: "hình thức kỷ luật nào" asks for a "hình thức", "trường cấp ba nào" for a "trường"."""

MEASURES: Nouns = {
    QuestionKind.HOW_LONG: """thời hạn|thời hiệu|thời gian(?! (?:trình|ban hành|bắt đầu|tổ chức|diễn ra|khởi công|hoàn thành|họp|nào
        |khi))|kỳ hạn|niên hạn
        |thời lượng|nhiệm kỳ""",
    QuestionKind.MONEY: r"""bị phạt|tiền (?:ăn|thuê|thưởng|điện|nước|học|nhà|bồi dưỡng|hỗ trợ|thù lao|sử dụng|bảo hiểm|cấp quyền
    |bồi thường)
        |mức (?:thưởng|vay|bồi dưỡng|trợ giúp|bồi thường|chuẩn)|giá thuê|giá vé|vé(?= (?:tham quan|vào cửa|thăm|xe|tàu|lượt|tháng))
    |giá(?= (?:là )?bao nhiêu)|công tác phí|án phí|đảng phí
        |phí(?! (?:nong|tap|chinh|vat|ly|quan|loi|truyen))|mức phạt|mức xử phạt
        |mức tiền phạt|tiền phạt|số tiền|lệ phí|học phí|viện phí|mức phí|mức thu|kinh phí|đơn giá
        |giá bán|giá đất
        |giá vàng|giá dịch vụ|tổng mức đầu tư|tổng vốn|vốn đầu tư|chi phí|doanh thu|mức lương|lương|tiền lương|tiền công|mức trợ cấp
            |trợ cấp|phụ cấp
        |mức hỗ trợ|dự toán|thu ngân sách|chi ngân sách|tổng thu|tổng chi|kim ngạch|dư nợ|số tiền|thu nhập bình quân|tiền đặt cọc
            |lợi nhuận|thù lao|mức chi
        |grdp bình quân|giá trị sản xuất|học bổng|mức khoán""",
    QuestionKind.PERCENT: """tỷ lệ|tỷ trọng|tốc độ tăng trưởng|tốc độ tăng|tăng trưởng kinh tế|thuế suất|lãi suất|tỷ suất|độ che phủ
        |mức lãi suất""",
    QuestionKind.HOW_MUCH: """số lượng|tổng số|diện tích|sản lượng|dân số|quy mô|khối lượng|công suất|năng suất|chiều dài|mật độ|độ tuổi
        |giải ngân
        |hạn mức|định mức|chỉ tiêu|mức hưởng|mức đóng|mức giảm|trọng lượng|kích thước|khoảng cách|số người|số hộ|số xã|nồng độ
    |biên chế""",
}
"""What is measured: it decides the kind where "bao nhiêu" or "như thế nào" stands alone, and asks by itself at a text's beginning."""

UNITS: Nouns = {
    QuestionKind.PERCENT: "phần trăm|%",
    QuestionKind.MONEY: """tiền|đồng|tỷ|tỷ đồng|triệu|triệu đồng|nghìn đồng|ngàn đồng|nghìn tỷ đồng|usd|đô la|triệu usd|tỷ usd|đô la mỹ
        |tiền phạt|kinh phí
        |vốn|lệ phí|phí|học phí|lương|thuế""",
    QuestionKind.HOW_LONG: "ngày|ngày làm việc|tháng|năm|giờ|phút|giây|tuần|quý|thời gian|giờ đồng hồ|năm tù|tháng tù|tiếng|thập kỷ|thế kỷ",
}
"""What stands after "bao nhiêu" or "mấy" and is the unit of the answer."""


def lookup(nouns: str, marked: bool) -> frozenset[str]:
    """The nouns of a list as they stand in a line with marks or without."""
    return _spelt(nouns, marked)


@cache
def _spelt(nouns: str, marked: bool) -> frozenset[str]:
    split = (" ".join(noun.split()) for noun in nouns.split("|"))
    return frozenset(normalise(noun) if marked else fold(normalise(noun)) for noun in split)


def any_of(nouns: str) -> str:
    """A list as a pattern of `Wording`, the longest first."""
    return "|".join(sorted((" ".join(noun.split()) for noun in nouns.split("|")), key=lambda noun: -len(noun)))


def kind_of(phrase: str, nouns: Nouns, marked: bool) -> QuestionKind | None:
    """The kind that a noun phrase, as it stands in a line, asks for; None where it is in no list."""
    return next((kind for kind, listed in nouns.items() if phrase in _spelt(listed, marked)), None)

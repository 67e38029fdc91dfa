"""What the offices write for what those who ask say: "giấy chứng nhận quyền sử dụng đất" for "sổ đỏ".

Written from general knowledge of the administration's language, by subject. Of a line the first phrase is what is asked with, the others
are what may stand for it in a document: that direction only. Phrases are compared with their marks, so that "bỏ" is no "bộ".
"""

from __future__ import annotations

from functools import cache

from kgsearch.language.normalise import normalise_syllable
from kgsearch.language.tokenise import tokenise

_TIME_AND_AMOUNT = """
nhiều nhất|tối đa|không quá|không vượt quá|cao nhất|lớn nhất|tối đa không quá
ít nhất|tối thiểu|trở lên|không dưới|từ đủ|thấp nhất|không ít hơn|không thấp hơn
muộn nhất|chậm nhất|trước ngày|hạn chót|hạn cuối|thời hạn|trễ nhất|hạn cuối cùng|thời hạn cuối cùng
hạn|thời hạn|trước ngày|chậm nhất
sớm nhất|kể từ ngày|từ ngày
bắt đầu|từ ngày|kể từ|khởi đầu|kể từ ngày
kết thúc|đến ngày|đến hết|hoàn thành|chấm dứt
bao lâu|thời gian|thời hạn
kéo dài|gia hạn|thời hạn
định kỳ|thường kỳ|hằng năm|hàng năm|hằng tháng|hàng tháng|hằng quý|hàng quý
hằng năm|hàng năm|mỗi năm|một năm|cả năm
hằng tháng|hàng tháng|mỗi tháng|một tháng
hằng ngày|hàng ngày|mỗi ngày
một lần|mỗi lần|lần
mỗi người|một người
nửa năm|6 tháng|sáu tháng|06 tháng
nửa đầu năm|6 tháng đầu năm|sáu tháng đầu năm
cuối năm|tháng 12|quý iv
gấp đôi|02 lần|2 lần|hai lần
tăng|tăng thêm|nâng|cao hơn|tăng trưởng
giảm|giảm bớt|hạ|thấp hơn|cắt giảm
lên xuống|biến động|tăng giảm|tăng hoặc giảm
thêm|cộng thêm|bổ sung|tăng thêm
đạt|đạt được|hoàn thành|thực hiện được
chỉ tiêu|mục tiêu|phấn đấu
tỷ lệ|tỉ lệ|phần trăm
mức|mức thu|mức chi|định mức
cỡ|quy mô|diện tích
rộng|diện tích|chiều rộng|bề rộng
cao|chiều cao
dài|chiều dài
sâu|chiều sâu
nặng|trọng lượng|khối lượng|tải trọng
tuổi|độ tuổi|đủ tuổi
bình quân|trung bình
khoảng|ước|dự kiến|ước tính
dự tính|dự kiến|ước
"""

_ACTIONS = """
lo|bố trí|bảo đảm|cân đối|chịu trách nhiệm
phụ trách|chịu trách nhiệm|chủ trì|phân công
đầu mối|chủ trì|cơ quan thường trực|làm đầu mối
chịu trách nhiệm|trách nhiệm|chủ trì
làm chủ trì|chủ trì|chủ trì phối hợp
phối hợp|cùng|phối hợp với
áp dụng|có hiệu lực|thi hành|thực hiện
làm|thực hiện|tiến hành|triển khai
triển khai|tổ chức thực hiện|thực hiện
lập|xây dựng|soạn thảo|biên soạn|dự thảo
soạn|soạn thảo|xây dựng|dự thảo|tham mưu
ra|ban hành|công bố
ban hành|quyết định|phê duyệt|thông qua
duyệt|phê duyệt|thẩm định|xét duyệt|thông qua|chấp thuận
xét|xem xét|xét duyệt|thẩm định
xem lại|điều chỉnh|rà soát|xem xét lại
sửa|sửa đổi|điều chỉnh|bổ sung|chỉnh lý
đổi|thay đổi|điều chỉnh|cấp đổi|chuyển đổi
thay|thay cho|thay thế|bãi bỏ
bỏ|bãi bỏ|hết hiệu lực|hủy bỏ|loại bỏ
hủy|hủy bỏ|thu hồi|bãi bỏ
rút|thu hồi|hủy bỏ
lấy lại|thu hồi
cho phép|chấp thuận|được phép|đồng ý|cấp phép
đồng ý|chấp thuận|nhất trí|tán thành|thống nhất
từ chối|không chấp thuận|không tiếp nhận|bác
xin|đề nghị|đăng ký|yêu cầu|nộp đơn
xin phép|được phép|cấp phép|giấy phép|chấp thuận
nộp|đóng|nộp tiền|đóng góp|chi trả
đóng|nộp|đóng góp|thu
trả|chi trả|thanh toán|hoàn trả
trả tiền|chi trả|thanh toán|nộp
tiêu|chi|sử dụng
cho|cấp|giao|hỗ trợ
giao|phân công|giao nhiệm vụ|phân giao
giao lại|ủy quyền|phân cấp
ủy quyền|phân cấp|giao|ủy nhiệm
chuyển|bàn giao|chuyển giao|điều chuyển
gửi|báo cáo|trình|chuyển|gửi về|nộp
trình|báo cáo|gửi|đệ trình
báo|báo cáo|thông báo|thông tin
thông báo|công bố|công khai|niêm yết
công khai|công bố|niêm yết|đăng tải
đăng|đăng tải|công bố|đăng ký
tổng hợp|báo cáo tổng hợp|tập hợp
theo dõi|giám sát|đôn đốc|kiểm tra
kiểm tra|thanh tra|giám sát|kiểm soát
đôn đốc|nhắc nhở|theo dõi
hướng dẫn|chỉ dẫn|quy định chi tiết
giúp|hỗ trợ|giúp đỡ|trợ giúp|tham mưu
giúp việc|tham mưu|giúp
hỗ trợ|trợ cấp|trợ giúp|phụ cấp|bồi dưỡng
tổ chức|tiến hành|mở
mở|tổ chức|thành lập|khai mạc
lập ra|thành lập
đóng cửa|giải thể|chấm dứt hoạt động|ngừng hoạt động
nhập|sáp nhập|hợp nhất
nhập vào|sáp nhập|hợp nhất
tách|chia tách|tách ra
gộp|hợp nhất|hợp|sáp nhập
họp|phiên họp|kỳ họp|hội nghị|cuộc họp
bầu|bầu cử|bầu chọn
chọn|lựa chọn|xét chọn|tuyển chọn
tuyển|tuyển dụng|tuyển sinh|xét tuyển|thi tuyển
thi|dự thi|kỳ thi|thi tuyển
đậu|trúng tuyển|đỗ|đạt
rớt|trượt|không trúng tuyển|không đạt
phạt|xử phạt|phạt tiền|mức phạt|xử lý
bị phạt|xử phạt|phạt tiền
thưởng|khen thưởng|tiền thưởng|mức thưởng
khen|khen thưởng|biểu dương|tặng
kỷ luật|xử lý kỷ luật|khiển trách|cảnh cáo
đuổi|buộc thôi việc|khai trừ|buộc thôi học
đuổi việc|buộc thôi việc|sa thải|cho thôi việc
cấm|không được|nghiêm cấm|bị cấm
không được|nghiêm cấm|cấm
được|có quyền|được phép|được quyền
bắt buộc|phải|có nghĩa vụ
miễn|không thu|không phải nộp|được miễn
khỏi|miễn|không phải
không áp dụng|trừ|ngoại trừ
trừ|khấu trừ|ngoại trừ
giữ|lưu giữ|bảo quản|lưu trữ|lưu
lưu|lưu trữ|lưu giữ|bảo quản
mất|bị mất|thất lạc
hỏng|hư hỏng|bị hỏng|hư hại|rách nát
làm lại|cấp lại|đăng ký lại
cấp lại|đổi|cấp đổi
làm giấy|cấp giấy|đăng ký
nộp kèm|kèm theo|gửi kèm
đến|tham dự|có mặt
đi làm|làm việc|công tác
nghỉ|thôi|nghỉ việc|nghỉ phép
thuê|cho thuê|thuê mướn|hợp đồng
mua|mua sắm|đặt mua|nhận chuyển nhượng
bán|chuyển nhượng|bán đấu giá
bán đất|chuyển nhượng quyền sử dụng đất
vay|cho vay|vay vốn|tín dụng
mượn|vay|sử dụng tạm
khởi kiện|kiện|khiếu kiện
kiện|khởi kiện|khiếu kiện|khiếu nại
tố|tố cáo|tố giác
phản ánh|kiến nghị|góp ý
trả lời|giải đáp|phúc đáp|thông báo|giải quyết
giải quyết|xử lý|thụ lý
xử lý|giải quyết|xử trí
nhận|tiếp nhận|thu nhận
tiếp nhận|nhận|nơi tiếp nhận
quản lý|trông coi|điều hành
điều hành|lãnh đạo|chỉ đạo|quản lý
chỉ đạo|lãnh đạo|điều hành
bảo vệ|giữ gìn|bảo đảm an toàn
xây|xây dựng|thi công
sửa chữa|cải tạo|tu sửa|bảo trì
dẹp|xóa bỏ|giải tỏa|xử lý
di dời|di chuyển|tái định cư|dời
"""

_PEOPLE_AND_OFFICES = """
đứng đầu|chủ tịch|trưởng ban|trưởng đoàn|chủ nhiệm|người đứng đầu|thủ trưởng
sếp|thủ trưởng|người đứng đầu|lãnh đạo
lãnh đạo|thủ trưởng|người đứng đầu|cấp trưởng
phó|phó chủ tịch|phó trưởng ban|cấp phó
cấp phó|phó chủ tịch|phó giám đốc
trưởng ban|chủ nhiệm|chủ tịch
giám đốc sở|thủ trưởng
chủ tịch tỉnh|chủ tịch ủy ban nhân dân tỉnh|chủ tịch ủy ban nhân dân cấp tỉnh
chủ tịch huyện|chủ tịch ủy ban nhân dân huyện|chủ tịch ủy ban nhân dân cấp huyện
chủ tịch xã|chủ tịch ủy ban nhân dân xã|chủ tịch ủy ban nhân dân cấp xã
tỉnh|ủy ban nhân dân tỉnh|cấp tỉnh|ubnd tỉnh
huyện|ủy ban nhân dân huyện|ủy ban nhân dân cấp huyện|cấp huyện|ubnd huyện|ubnd cấp huyện
xã|ủy ban nhân dân xã|ủy ban nhân dân cấp xã|cấp xã|ubnd xã|ubnd cấp xã|phường
ủy ban|ủy ban nhân dân|ubnd
ủy ban nhân dân|ubnd
hội đồng nhân dân|hđnd
ủy ban mặt trận tổ quốc|mặt trận tổ quốc|mttq|mặt trận
mặt trận tổ quốc|mttq
thành phố hồ chí minh|tp hcm|tphcm|sài gòn
trung ương|tw|cấp trung ương
công an|cảnh sát
bộ đội|quân nhân|sĩ quan|lực lượng vũ trang
lính|quân nhân|hạ sĩ quan|binh sĩ|nghĩa vụ quân sự
bộ đội biên phòng|biên phòng
dân quân|dân quân tự vệ
tòa|tòa án|tòa án nhân dân
viện kiểm sát|vks|vksnd|kiểm sát
kho bạc|kho bạc nhà nước|kbnn
ngân hàng nhà nước|nhnn
ngân hàng|tổ chức tín dụng|chi nhánh ngân hàng
ngân hàng chính sách|ngân hàng chính sách xã hội|nhcsxh
bảo hiểm xã hội|bhxh
bảo hiểm y tế|bhyt|thẻ bảo hiểm y tế
bảo hiểm thất nghiệp|bhtn|trợ cấp thất nghiệp
thuế|cơ quan thuế|cục thuế|chi cục thuế
hải quan|cơ quan hải quan|chi cục hải quan
cán bộ|công chức|viên chức|cán bộ công chức
nhân viên|viên chức|người lao động|chuyên viên
công nhân|người lao động|lao động
người lao động|nhân viên|công nhân
chủ|chủ sở hữu|người sử dụng|người sử dụng lao động
ông chủ|người sử dụng lao động
thầy cô|giáo viên|nhà giáo
giáo viên|nhà giáo|thầy cô|người dạy
học trò|học sinh|người học
học sinh|người học|học sinh sinh viên|trẻ
sinh viên|người học|học viên
học viên|người học|đối tượng dự học
trẻ con|trẻ em|trẻ
em bé|trẻ em|trẻ sơ sinh
trẻ em|người chưa thành niên|trẻ|con
trẻ vị thành niên|người chưa thành niên|chưa thành niên
bố mẹ|cha mẹ|phụ huynh
cha mẹ|bố mẹ|phụ huynh|người giám hộ
vợ chồng|vợ|chồng|hôn nhân
người già|người cao tuổi|người cao niên
người tàn tật|người khuyết tật|khuyết tật
người khuyết tật|người tàn tật
người nghèo|hộ nghèo|cận nghèo
nhà nghèo|hộ nghèo
thương binh|người có công|bệnh binh
gia đình liệt sĩ|thân nhân liệt sĩ|người có công
người có công|gia đình chính sách|thương binh|liệt sĩ
mồ côi|trẻ em mồ côi|không nơi nương tựa
người dân tộc|đồng bào dân tộc|dân tộc thiểu số
dân tộc thiểu số|đồng bào dân tộc|người dân tộc
người dân|cá nhân|công dân|nhân dân|hộ gia đình
dân|người dân|nhân dân|dân số|hộ gia đình
bà con|nhân dân|người dân|đồng bào|nông dân
nông dân|hộ nông dân|người sản xuất nông nghiệp
hộ dân|hộ gia đình|mỗi hộ
gia đình|hộ gia đình|hộ
người nước ngoài|cá nhân nước ngoài|nước ngoài
việt kiều|người việt nam định cư ở nước ngoài|người việt nam ở nước ngoài
doanh nghiệp|tổ chức|công ty|tổ chức kinh tế|đơn vị
công ty|doanh nghiệp|tổ chức kinh tế
công ty nước ngoài|doanh nghiệp có vốn đầu tư nước ngoài|nhà đầu tư nước ngoài
tư nhân|ngoài nhà nước|cá nhân|doanh nghiệp tư nhân
hội|đoàn thể|tổ chức chính trị xã hội
đoàn thể|tổ chức chính trị xã hội|đoàn thể chính trị xã hội|mặt trận tổ quốc
báo|báo chí|cơ quan báo chí
nhà báo|phóng viên|người làm báo
tổng biên tập|người đứng đầu cơ quan báo chí
đảng viên|đảng viên dự bị|đảng viên chính thức
chi bộ|tổ chức đảng|đảng bộ
cấp ủy|ban thường vụ|ban chấp hành|tổ chức đảng
đại biểu|đại biểu hội đồng nhân dân|đại biểu quốc hội
luật sư|người bào chữa|người bảo vệ quyền lợi
công chứng viên|người công chứng
trưởng thôn|trưởng ấp|tổ trưởng dân phố|trưởng bản
thôn|ấp|khu phố|tổ dân phố|bản|khóm
người ký|ký ban hành
thí sinh|người dự thi|người dự tuyển
ứng viên|người dự tuyển|người ứng cử
chủ đầu tư|nhà đầu tư|người đầu tư
nhà thầu|đơn vị thi công|đơn vị trúng thầu
chủ xe|chủ phương tiện
tài xế|người lái xe|người điều khiển phương tiện
bác sĩ|thầy thuốc|người hành nghề khám bệnh|nhân viên y tế
bệnh nhân|người bệnh
"""

_LAND_AND_BUILDING = """
sổ đỏ|sổ hồng|bìa đỏ|giấy chứng nhận quyền sử dụng đất|giấy chứng nhận
đất thổ cư|đất ở
thổ cư|đất ở
đất ruộng|đất trồng lúa|đất chuyên trồng lúa nước|đất lúa
đất lúa|đất trồng lúa|đất chuyên trồng lúa nước
ruộng|đất trồng lúa|đất nông nghiệp
đất vườn|đất trồng cây lâu năm|đất vườn ao
đất rẫy|đất nương rẫy|đất trồng cây hàng năm
đất rừng|đất lâm nghiệp|đất rừng sản xuất
đất nuôi tôm|đất nuôi trồng thủy sản
nuôi tôm|nuôi trồng thủy sản
đất kinh doanh|đất thương mại dịch vụ|đất sản xuất kinh doanh
đất công|đất do nhà nước quản lý
nghĩa trang|nghĩa địa|đất nghĩa trang
lô đất|thửa đất|khu đất
mảnh đất|thửa đất|khu đất
miếng đất|thửa đất
thửa|thửa đất|lô đất
tách thửa|chia tách|phân lô|chia thửa
cắt đất|tách thửa
hợp thửa|gộp thửa|nhập thửa
chia đất|tách thửa|phân chia quyền sử dụng đất
khai hoang|tự khai hoang|khai phá
giá đất|bảng giá đất|đơn giá đất
tiền đất|tiền sử dụng đất
thuê đất|tiền thuê đất
đền bù|bồi thường|bồi thường giải phóng mặt bằng
bồi thường|đền bù|hỗ trợ
giải tỏa|thu hồi đất|giải phóng mặt bằng
giải phóng mặt bằng|thu hồi đất|gpmb
mặt tiền|mặt đường|tiếp giáp đường|vị trí 1
hẻm|ngõ|kiệt|ngách
đường rộng|lộ giới|chiều rộng đường
giáp|tiếp giáp|liền kề|giáp ranh
liền kề|lân cận|tiếp giáp
nhà riêng|nhà ở riêng lẻ
nhà dân|nhà ở riêng lẻ|nhà ở
căn nhà|nhà ở|nhà ở riêng lẻ
chung cư|nhà chung cư|căn hộ
căn hộ|nhà chung cư
nhà trọ|nhà cho thuê|phòng trọ|cho thuê
nhà cấp 4|nhà cấp iv
nhà xưởng|công trình công nghiệp|nhà máy|cơ sở sản xuất
xây tạm|có thời hạn|xây dựng có thời hạn
cấp phép tạm|giấy phép xây dựng có thời hạn
giấy phép xây|giấy phép xây dựng|cấp phép xây dựng
giấy phép xây dựng|gpxd|cấp phép xây dựng
xây trái phép|không phép|sai phép|vi phạm trật tự xây dựng
tầng|số tầng|tầng cao
mấy tầng|số tầng|tầng cao
đào tầng hầm|phần ngầm|thi công tầng hầm|tầng hầm
vỉa hè|hè phố|hè đường
cống|thoát nước|hệ thống thoát nước
cột sóng|trạm bts|trạm thu phát sóng
khu công nghiệp|kcn
cụm công nghiệp|ccn
khu kinh tế|kkt
bản đồ|bản đồ địa chính|trích lục bản đồ
đo đất|đo đạc|trích đo|đo đạc lập bản đồ địa chính
"""

_PAPERS_AND_FEES = """
giấy tờ|tài liệu|hồ sơ|thành phần hồ sơ
hồ sơ|thành phần hồ sơ|giấy tờ
bản sao|sao y|bản chụp|chứng thực
công chứng|chứng thực
khai sinh|giấy khai sinh|đăng ký khai sinh
giấy khai sinh|đăng ký khai sinh
khai tử|đăng ký khai tử|chứng tử
kết hôn|đăng ký kết hôn|giấy chứng nhận kết hôn
cưới|kết hôn|đăng ký kết hôn
ly hôn|ly dị
con nuôi|nuôi con nuôi|nhận con nuôi
hộ khẩu|sổ hộ khẩu|đăng ký thường trú|cư trú
thường trú|hộ khẩu|cư trú
tạm trú|sổ tạm trú|đăng ký tạm trú
chứng minh thư|chứng minh nhân dân|cmnd|căn cước công dân
căn cước|căn cước công dân|cccd|chứng minh nhân dân
hộ chiếu|passport
bằng lái|giấy phép lái xe
bằng cấp|văn bằng|trình độ
chứng chỉ|chứng chỉ hành nghề|giấy chứng nhận
lý lịch|lý lịch tư pháp|sơ yếu lý lịch
tiền|mức thu|kinh phí|số tiền|mức
giá|mức giá|đơn giá|giá bán
giá vé|mức thu|giá dịch vụ|phí tham quan
vé|phí tham quan|giá vé
phí|mức thu|lệ phí|mức thu phí
lệ phí|phí|mức thu lệ phí
tiền phí|mức thu phí|mức thu lệ phí
tốn|nộp|chi phí|mức thu
mất bao nhiêu tiền|mức thu|lệ phí
học phí|mức thu học phí|tiền học
tiền học|học phí
viện phí|giá dịch vụ khám bệnh chữa bệnh
tiền điện|giá điện|giá bán điện
tiền nước|giá nước sạch
thuế đất|thuế sử dụng đất
thuế xe|lệ phí trước bạ
trước bạ|lệ phí trước bạ
biển số|biển số xe|đăng ký xe
rác|chất thải|chất thải rắn sinh hoạt|rác thải
tiền rác|giá dịch vụ thu gom|phí vệ sinh
nước thải|phí bảo vệ môi trường đối với nước thải
gửi xe|trông giữ xe|trông giữ phương tiện
giữ xe|trông giữ xe
đỗ xe|dừng đỗ|bến bãi|sử dụng lòng đường
hộp thư điện tử|thư điện tử|email|e mail
trên mạng|trực tuyến|môi trường điện tử|dịch vụ công trực tuyến
qua mạng|trực tuyến|môi trường mạng|điện tử
online|trực tuyến|qua mạng
bưu điện|dịch vụ bưu chính|bưu chính công ích
một cửa|bộ phận một cửa|trung tâm phục vụ hành chính công
thủ tục|thủ tục hành chính|quy trình
mẫu đơn|mẫu|biểu mẫu|phụ lục
đơn|đơn đề nghị|đơn đăng ký|tờ khai
tờ khai|đơn|mẫu
con dấu|dấu|mẫu dấu
"""

_MONEY_AND_PLANS = """
lương|tiền lương|hệ số lương|mức lương|thu nhập
tiền công|tiền lương|thù lao
phụ cấp|mức phụ cấp|bồi dưỡng|trợ cấp
trợ cấp|hỗ trợ|mức trợ cấp|phụ cấp
tiền ăn|chế độ ăn|tiền ăn trưa|dinh dưỡng
công tác phí|phụ cấp lưu trú|chi công tác
tiền phòng|thuê phòng nghỉ|phụ cấp lưu trú|thuê chỗ ở
họp hành|hội nghị|chi hội nghị
ngân sách|ngân sách nhà nước|nguồn kinh phí|kinh phí
tiền lấy từ đâu|nguồn kinh phí|kinh phí thực hiện
nguồn tiền|nguồn vốn|nguồn kinh phí|kinh phí thực hiện
kinh phí|nguồn kinh phí|ngân sách|vốn
vốn|nguồn vốn|kinh phí|tổng mức đầu tư
đầu tư công|vốn đầu tư công|kế hoạch đầu tư công
giải ngân|thanh toán vốn|tỷ lệ giải ngân
thu ngân sách|tổng thu ngân sách|thu nội địa
chi ngân sách|tổng chi ngân sách
tăng trưởng|tốc độ tăng trưởng|tăng trưởng kinh tế|grdp|gdp
kinh tế tăng|tăng trưởng kinh tế|tốc độ tăng trưởng|grdp
tổng sản phẩm|grdp|tổng sản phẩm trên địa bàn
thu nhập đầu người|thu nhập bình quân đầu người|grdp bình quân đầu người
xuất khẩu|kim ngạch xuất khẩu|hàng xuất khẩu
nhập khẩu|kim ngạch nhập khẩu
bán lẻ|tổng mức bán lẻ hàng hóa
lạm phát|chỉ số giá tiêu dùng|cpi
thất nghiệp|tỷ lệ thất nghiệp|chưa có việc làm
việc làm|giải quyết việc làm|tạo việc làm
đào tạo nghề|lao động qua đào tạo|học nghề
nghèo|tỷ lệ hộ nghèo|hộ nghèo|giảm nghèo
giảm nghèo|tỷ lệ hộ nghèo|thoát nghèo
nông thôn mới|ntm|đạt chuẩn nông thôn mới
điện|sử dụng điện|hộ sử dụng điện
nước sạch|nước hợp vệ sinh|cấp nước
rừng|độ che phủ rừng|tỷ lệ che phủ rừng
che phủ rừng|độ che phủ rừng
lúa|sản lượng lúa|lương thực
gạo|lúa|lương thực
tàu cá|tàu khai thác thủy sản|phương tiện khai thác
du lịch|khách du lịch|lượt khách
tiêm|tiêm chủng|tiêm vắc xin|tiêm phòng
tiêm chủng|tiêm vắc xin|tiêm phòng
dịch|dịch bệnh|covid 19|phòng chống dịch
covid|covid 19|dịch covid 19
trường chuẩn|trường đạt chuẩn quốc gia
mầm non|mẫu giáo|nhà trẻ
mẫu giáo|mầm non
cấp 1|tiểu học
cấp 2|trung học cơ sở|thcs
cấp 3|trung học phổ thông|thpt
trung học cơ sở|thcs
trung học phổ thông|thpt
lớp 1|tiểu học|vào lớp 1
lớp 6|vào lớp 6|trung học cơ sở
lớp 10|vào lớp 10|trung học phổ thông
đại học|cơ sở giáo dục đại học|trình độ đại học
học vấn|trình độ|trình độ văn hóa|trình độ học vấn
tín chỉ|học phần
thi đua|danh hiệu thi đua
chuyển đổi số|cntt|công nghệ thông tin
công nghệ thông tin|cntt
chữ ký số|chữ ký điện tử
kế hoạch|chương trình|đề án
đề án|dự án|chương trình|kế hoạch
nhiệm kỳ|khóa|giai đoạn
quy hoạch|đồ án quy hoạch
"""

_RIGHTS_AND_PROCEDURE = """
khám chữa bệnh|kcb|khám bệnh chữa bệnh
khám bệnh|khám bệnh chữa bệnh|kcb
đấu thầu|lựa chọn nhà thầu|mời thầu
đấu giá|bán đấu giá|đấu giá tài sản
làm giả|giả mạo|gian lận
tham nhũng|tiêu cực|tham nhũng tiêu cực
hối lộ|đưa hối lộ|nhận hối lộ
ăn cắp|trộm cắp|trộm cắp tài sản
trộm|trộm cắp tài sản|trộm cắp
cướp|cướp tài sản|cướp giật
đánh người|cố ý gây thương tích|hành hung
giết người|giết|tước đoạt tính mạng
đánh bạc|cờ bạc|tổ chức đánh bạc
ma túy|chất ma túy|cai nghiện
cai nghiện|cai nghiện ma túy
đi tù|phạt tù|tù|hình phạt tù
ngồi tù|phạt tù|tù
bỏ tù|phạt tù
bồi thường thiệt hại|bồi thường|đền bù
thừa kế|di sản|người thừa kế
di chúc|thừa kế theo di chúc
chia tài sản|phân chia tài sản|chia di sản
tranh chấp|khiếu kiện|giải quyết tranh chấp
hòa giải|hòa giải ở cơ sở
khiếu nại|kiến nghị|khiếu nại tố cáo
tiếp dân|tiếp công dân
tiếp công dân|tiếp dân
phiếu tín nhiệm|lấy phiếu tín nhiệm|tín nhiệm
bỏ phiếu|biểu quyết|lấy phiếu
biểu quyết|bỏ phiếu|thông qua
quá nửa|quá bán|trên 50
cách chức|bãi nhiệm|miễn nhiệm
thôi chức|miễn nhiệm|cho thôi giữ chức vụ|thôi giữ chức vụ
miễn nhiệm|thôi giữ chức vụ|cách chức
bổ nhiệm|đề bạt|giới thiệu ứng cử
lên chức|bổ nhiệm|đề bạt|thăng hạng
luân chuyển|điều động|biệt phái
điều động|luân chuyển|thuyên chuyển
nghỉ hưu|hưu trí|nghỉ chế độ
về hưu|nghỉ hưu|hưu trí
nghĩa vụ quân sự|gọi nhập ngũ|nhập ngũ
đi lính|nhập ngũ|nghĩa vụ quân sự
nghỉ đẻ|nghỉ thai sản|thai sản
sinh con|thai sản|sinh đẻ
đẻ|sinh|sinh con
chết|tử vong|qua đời|từ trần
tai nạn|tai nạn lao động|tai nạn giao thông
ốm|ốm đau|bệnh
bệnh|ốm đau|người bệnh
mang thai|có thai|thai sản
điều kiện|tiêu chuẩn|yêu cầu
tiêu chuẩn|điều kiện|tiêu chí
yêu cầu|điều kiện
hậu quả|hậu quả pháp lý
định nghĩa|được hiểu là|giải thích từ ngữ
nghĩa là|được hiểu là|là
gồm|bao gồm|gồm có
bao gồm|gồm|gồm có
lý do|nguyên nhân|vì|do
tại sao|lý do|nguyên nhân
mục đích|nhằm|để
để làm gì|mục đích|nhằm
nhằm|để|mục đích|với mục đích
cách|phương pháp|hình thức|cách thức|phương thức
hình thức|cách thức|phương thức|hình thức thi
địa điểm|nơi|tại|địa chỉ
trụ sở|địa chỉ|đặt tại
chỗ ở|nơi cư trú|nơi ở
nơi ở|nơi cư trú|chỗ ở
quê|quê quán|nguyên quán
vùng sâu|vùng xa|vùng khó khăn|đặc biệt khó khăn
vùng khó khăn|đặc biệt khó khăn|khó khăn
miền núi|vùng cao|vùng núi
hải đảo|đảo|xã đảo
thành thị|đô thị|khu vực đô thị|phường
nông thôn|khu vực nông thôn|xã
thị trấn|đô thị
biên giới|khu vực biên giới|cửa khẩu
cửa khẩu|biên giới|lối mở
"""

_SUBJECTS = (
    _TIME_AND_AMOUNT,
    _ACTIONS,
    _PEOPLE_AND_OFFICES,
    _LAND_AND_BUILDING,
    _PAPERS_AND_FEES,
    _MONEY_AND_PLANS,
    _RIGHTS_AND_PROCEDURE,
)

Phrase = tuple[str, ...]
"""The syllables of a phrase, normalised, with their marks."""


@cache
def written_for() -> dict[Phrase, tuple[Phrase, ...]]:
    """What may be written for a phrase, by the phrase."""
    found: dict[Phrase, dict[Phrase, None]] = {}
    for subject in _SUBJECTS:
        for line in filter(None, subject.splitlines()):
            asked, *written = map(_syllables, line.split("|"))
            found.setdefault(asked, {}).update(dict.fromkeys(written))
    return {asked: tuple(written) for asked, written in found.items()}


def _syllables(phrase: str) -> Phrase:
    return tuple(normalise_syllable(token.text) for token in tokenise(phrase))

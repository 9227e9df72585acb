# Loại điểm quét, theo các nhóm của đợt triển khai quét mã QR trên toàn quốc.
places-kind-school = Trường học
places-kind-medical = Cơ sở khám, chữa bệnh
places-kind-hotel = Khách sạn, nhà nghỉ
places-kind-quarantine_hotel = Khách sạn cách ly
places-kind-transport = Phương tiện giao thông
places-kind-station = Bến xe, nhà ga, sân bay
places-kind-workplace = Nơi làm việc, nhà máy
places-kind-market = Chợ, siêu thị, trung tâm thương mại
places-kind-university = Trường đại học, cao đẳng
places-kind-dormitory = Ký túc xá
places-kind-food = Quán ăn, quán nước
places-kind-worship = Cơ sở tôn giáo, tín ngưỡng
places-kind-office = Cơ quan hành chính
places-kind-event = Sự kiện, hội họp
places-kind-household = Hộ gia đình
places-kind-other = Nơi khác

# Tờ dán tại điểm quét.
places-poster-heading = Điểm quét mã QR
places-poster-type = Không quét được? Nhập mã tại
places-poster-one = Mở máy ảnh điện thoại, hướng vào mã này.
places-poster-two = Chạm vào đường dẫn hiện ra để ghi nhận bạn đã đến.
places-poster-three = Quét lại khi ra về. Có nguy cơ, bạn sẽ được báo.

# Lỗi.
error-place-code-mistyped-title = Mã chưa đúng
error-place-code-mistyped = Mã có ký tự gõ nhầm. Hãy so lại với mã in trên tờ dán rồi gõ lại.
error-place-code-unknown-title = Không có điểm quét này
error-place-code-unknown = Mã này không thuộc điểm quét nào. Hãy hỏi người quản lý nơi bạn đến.
error-place-code-withdrawn-title = Tờ dán đã cũ
error-place-code-withdrawn = Nơi này đã đổi mã mới. Hãy tìm tờ dán mới và nhắc người quản lý gỡ tờ cũ.
error-place-no-longer-run-title = Điểm quét đã đóng
error-place-no-longer-run = Nơi này không còn hoạt động nên không nhận lượt quét nữa.
error-too-many-rooms-title = Quá nhiều phòng
error-too-many-rooms = Mỗi điểm quét có nhiều nhất { $most } phòng. Hãy đăng ký thêm một điểm quét cho các phòng còn lại.
error-printers-busy-title = Đang in nhiều tờ dán
error-printers-busy = Nhiều người đang in cùng lúc. Hãy thử lại sau một giây.
places-field-unprintable = Có ký tự không in được, hãy xóa và gõ lại
places-field-swapped = Vĩ độ và kinh độ bị đổi chỗ cho nhau; ở Việt Nam, vĩ độ từ 6 đến 24, kinh độ từ 102 đến 118
places-field-abroad = Vị trí này nằm ngoài Việt Nam
places-field-no-area = Không có phường, xã nào mang mã này
places-field-not-a-ward = Hãy chọn đến cấp phường, xã hoặc đặc khu
places-field-where = Hãy cho biết phường, xã, hoặc gửi vị trí
places-field-no-ward-here = Không xác định được phường, xã tại vị trí này; hãy chọn theo tên
places-field-no-kind = Không có loại điểm quét này
places-field-room-twice = Đã có phòng tên này

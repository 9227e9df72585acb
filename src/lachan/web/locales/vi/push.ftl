# Báo ngay cho trình duyệt: thông báo không nói gì về người nhận.

error-push-endpoint-refused-title = Không gửi được thông báo đến trình duyệt này
error-push-endpoint-refused = Dịch vụ thông báo của trình duyệt này không nằm trong danh sách được phép. Cảnh báo vẫn có trong mục Cảnh báo.
error-push-keys-refused-title = Đăng ký thông báo không hợp lệ
error-push-keys-refused = Trình duyệt gửi khóa không đúng. Hãy tải lại trang rồi thử lại.
push-field-endpoint = Địa chỉ này không phải của một dịch vụ thông báo được phép.
push-field-keys = Khóa không đúng dạng.

## Thông báo hiện trên màn hình khóa: ai cầm điện thoại cũng đọc được, nên không nói nơi nào, bệnh gì
push-warning-title = Lá Chắn có tin mới cho bạn
push-warning-body = Cơ quan y tế vừa gửi cho bạn một tin. Chạm để xem.
push-leave-title = Bạn sắp về chưa?
push-leave-body = Sắp hết thời gian dự kiến. Chạm để ghi giờ rời đi.
push-safety-report-title = Cơ sở của bạn chưa báo cáo hôm nay
push-safety-report-body = Cán bộ địa bàn nhắc gửi kết quả tự kiểm tra. Chạm để làm ngay.
push-safety-answer-title = Có phản ánh quá hạn trả lời
push-safety-answer-body = Một phản ánh về cơ sở của bạn chưa được trả lời. Chạm để xem.
push-safety-repair-title = Quá hạn khắc phục
push-safety-repair-body = Một yêu cầu khắc phục của đoàn kiểm tra đã quá hạn. Chạm để xem.

## Nút bấm
push-ask-title = Báo cho bạn ngay?
push-ask-text = Khi có cảnh báo, điện thoại hiện thông báo ngay cả lúc trang này đã đóng. Thông báo không nói tên nơi chốn hay bệnh.
push-ask-button = Báo ngay cho tôi
push-asking = Đang hỏi trình duyệt…
push-on-title = Bạn sẽ được báo ngay trên máy này
push-on-text = Cho đến khi bạn tắt ở đây hoặc đăng xuất.
push-off-button = Tắt thông báo
push-denied = Trình duyệt đang chặn thông báo của trang này. Hãy cho phép trong phần cài đặt của trình duyệt rồi thử lại.
push-failed = Chưa bật được thông báo. Hãy kiểm tra mạng rồi thử lại.
push-install = Trên iPhone, hãy thêm Lá Chắn vào màn hình chính trước, rồi mở từ đó.

## Nhắc rời đi
error-visit-over-title = Lượt đến đã kết thúc
error-visit-over = Bạn đã rời nơi này nên không cần nhắc nữa.
error-push-not-on-title = Chưa bật báo ngay
error-push-not-on = Hãy bật “Báo ngay cho tôi” ở mục Cảnh báo trước, để máy này nhận được lời nhắc.

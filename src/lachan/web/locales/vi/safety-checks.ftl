# Tự kiểm tra hằng ngày và bộ tiêu chí: từ chối và lỗi của từng ô.

error-check-place-foreign-title = Không phải cơ sở của bạn
error-check-place-foreign = Bạn không phụ trách cơ sở này nên không gửi được kết quả kiểm tra.
error-check-staff-former-title = Bạn không còn phụ trách cơ sở này
error-check-staff-former = Chủ cơ sở đã đưa bạn ra khỏi danh sách. Nếu nhầm, hãy xin mã mời mới.
error-check-not-joined-title = Cơ sở chưa tham gia bản đồ an toàn
error-check-not-joined = Hãy cho cơ sở tham gia trước, rồi gửi kết quả kiểm tra.
error-check-day-back-dated-title = Chỉ nhận kết quả của hôm nay
error-check-day-back-dated = Kết quả phải được làm hôm nay và gửi trong vòng { $hours } giờ. Không bổ sung cho ngày đã qua.
error-check-items-unknown-title = Tiêu chí không có trong bộ đang dùng
error-check-items-unknown = Bộ tiêu chí vừa thay đổi, hoặc câu trả lời thuộc buổi khác. Tải lại rồi trả lời lần nữa.
error-check-incomplete-title = Chưa trả lời hết
error-check-incomplete = Còn { $count } tiêu chí của buổi này chưa có câu trả lời.
error-check-photo-missing-title = Thiếu ảnh
error-check-photo-missing = Có tiêu chí cần ảnh làm bằng chứng, hoặc ảnh chưa gửi xong.
error-check-commit-taken-title = Mã lần gửi đã dùng
error-check-commit-taken = Một kết quả khác đã được gửi với mã này. Hãy gửi lại như một lần mới.
error-safety-photo-unreadable-title = Không mở được ảnh
error-safety-photo-unreadable = Tệp gửi lên không phải ảnh JPEG, PNG hay WebP, hoặc đã hỏng.
error-safety-photo-too-large-title = Ảnh quá lớn
error-safety-photo-too-large = Ảnh vượt quá dung lượng hoặc kích thước cho phép. Hãy chụp lại nhỏ hơn.
error-certificate-unknown-title = Không có chứng nhận này
error-certificate-unknown = Mã không đúng hoặc không do hệ thống này cấp. Hãy xem cơ sở trên bản đồ.
error-certificate-not-safe-title = Chưa cấp được chứng nhận
error-certificate-not-safe = Chỉ cấp khi hôm nay cơ sở đã báo cáo và có màu xanh.

error-criteria-none-title = Chưa có bộ tiêu chí
error-criteria-none = Chưa có bộ tiêu chí nào được ban hành cho loại cơ sở này tại địa bàn.
error-criteria-contradict-title = Bộ tiêu chí tự mâu thuẫn
error-criteria-contradict = Chưa ban hành được: có chỗ mâu thuẫn nhau. Sửa các chỗ dưới đây rồi tải lên lại.
error-criteria-published-title = Phiên bản đã ban hành
error-criteria-published = Phiên bản đã ban hành không sửa được nữa. Hãy đặt số phiên bản mới.
error-criteria-taken-title = Mã bộ và phiên bản đã có nơi dùng
error-criteria-taken = Địa bàn khác đang có bản nháp trùng mã bộ và phiên bản này. Hãy đặt mã bộ hoặc số phiên bản khác.
error-criteria-unreadable-title = Không đọc được bộ tiêu chí
error-criteria-unreadable = Tệp không đúng mẫu. Hãy tải mẫu xuống và điền vào đó.

safety-field-moment = Bộ tiêu chí không hỏi về buổi này.
safety-field-item-unknown = Buổi này không có tiêu chí đó.
safety-field-unanswered = Chưa trả lời.
safety-field-points = Số điểm không có trong tiêu chí này.
safety-field-photo-gone = Ảnh không còn, hoặc đã dùng cho tiêu chí khác.
safety-field-photo-needed = Cần ít nhất một ảnh.

push-safety-due-title = Đến giờ tự kiểm tra
push-safety-due-body = Cơ sở của bạn còn một buổi chưa báo cáo. Chạm để làm ngay.

safety-certificate-heading = Chứng nhận tự kiểm tra an toàn phòng, chống dịch
safety-certificate-said = Ngày { $day }: đạt { $score } trên { $maximum } theo bộ tiêu chí, { $streak } ngày báo cáo liên tục.
safety-certificate-scan = Quét để xem hôm nay cơ sở có an toàn không
safety-certificate-still = Hôm nay vẫn an toàn
safety-certificate-still-text = Chứng nhận là thật, và hôm nay cơ sở đang có màu xanh.
safety-certificate-changed = Chứng nhận là thật nhưng của ngày ghi bên dưới. Hôm nay cơ sở không còn như vậy.
safety-certificate-gone = Cơ sở không còn trên bản đồ
safety-certificate-gone-text = Chứng nhận là thật nhưng cơ sở đã đóng cửa hoặc thôi tham gia.
safety-certificate-where = Địa chỉ
safety-certificate-day = Ngày được chứng nhận
safety-certificate-result = Kết quả hôm đó
safety-certificate-score = { $score } trên { $maximum }
safety-certificate-genuine = Chữ ký số trên chứng nhận đúng là của hệ thống này.
safety-certificate-today = Xem cơ sở trên bản đồ
safety-certificate-map = Mở bản đồ an toàn

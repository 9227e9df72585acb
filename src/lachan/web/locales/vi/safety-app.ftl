# Ứng dụng của cơ sở: tự đánh giá an toàn hằng ngày.
safety-app-title = An toàn tại cơ sở
safety-app-link = Tự đánh giá hằng ngày và cam kết trên bản đồ an toàn
safety-app-choose = Bạn quản lý nhiều nơi. Hãy chọn nơi cần đánh giá.
safety-app-none-title = Bạn chưa quản lý nơi nào
safety-app-none-text = Đăng ký nơi bạn phụ trách, hoặc nhận lời mời của người quản lý, rồi quay lại đây.
safety-app-not-joined = Chưa tham gia bản đồ an toàn
safety-app-streak = { $days } ngày liên tiếp có báo cáo

# Màu.
safety-app-colour-now = Trên bản đồ lúc này
safety-app-colour-led = Kết quả trên bản đồ

# Tham gia.
safety-app-join-title = Tham gia bản đồ an toàn
safety-app-join-lead = Mỗi ngày, { $place } tự đánh giá theo bộ tiêu chí phòng, chống dịch và cam kết; người dân xem kết quả trên bản đồ ngay lúc đó.
safety-app-join-public = Người dân chỉ thấy màu, lý do và lịch sử 30 ngày. Tên người cam kết, ghi chú và ảnh chỉ những người quản lý nơi này và cán bộ kiểm tra của địa bàn xem được.
safety-app-join-yes = Tham gia
safety-app-join-later = Để sau
safety-app-no-set-title = Chưa có bộ tiêu chí cho nơi này
safety-app-no-set-text = Cơ quan y tế chưa ban hành bộ tiêu chí cho loại “{ $kind }” tại địa bàn này. Khi có, bạn sẽ tham gia được tại đây.
safety-app-set = Bộ tiêu chí
safety-app-set-items = Nội dung
safety-app-set-count = { $count } tiêu chí
safety-app-set-source = Căn cứ

# Việc hôm nay.
safety-app-tasks = Việc hôm nay
safety-app-moment = Thời điểm
safety-app-due = hạn { $time }
safety-app-committed-at = gửi lúc { $time }
safety-app-task-todo = Chưa làm
safety-app-task-overdue = Quá hạn
safety-app-task-done = Đã xong
safety-app-task-late = Xong, muộn
safety-app-task-draft = Đang làm dở
safety-app-task-waiting = Chờ gửi
safety-app-task-refused = Không nhận
safety-app-by-set = Theo: { $set }.
safety-app-unverified = Lời văn các tiêu chí là bản làm việc, chưa được cơ quan ban hành xác nhận.
safety-app-commits = Ai đã cam kết hôm nay
safety-app-commits-none = Hôm nay chưa có ai cam kết.
safety-app-no-name = Không ghi tên
safety-app-counts = Được tính
safety-app-replaced = Đã có bản sau
safety-app-late = gửi muộn
safety-app-more = Thông tin khác
safety-app-history = Lịch sử 30 ngày
safety-app-history-text = Màu từng ngày, ngày gửi muộn, ngày quên
safety-app-team-text = Mời nhân viên cùng đánh giá, bỏ người đã nghỉ
safety-app-voices = Phản ánh của người dân
safety-app-voices-text = Xem và trả lời trong thời hạn
safety-app-repair-waits = { $count } yêu cầu khắc phục đang chờ
safety-app-voices-wait = { $count } phản ánh của người dân đang chờ trả lời
safety-app-voices-read = Đọc và trả lời
safety-app-by = Hạn gần nhất: { $time }.
safety-app-orders = Xem yêu cầu khắc phục
safety-app-certificate = Giấy xác nhận dán ở cửa
safety-app-certificate-text = Bản in có ký số và mã QR, người dân quét để kiểm tra
safety-app-certificate-not = Chỉ in được khi nơi này an toàn hôm nay
safety-app-public = Xem như người dân thấy
safety-app-public-text = Trang của nơi này trên bản đồ an toàn
safety-app-reminders-on = Đến hạn mà nơi này chưa gửi thì bạn được nhắc.
safety-app-reminders-off = Bạn đang tắt nhắc việc của nơi này.
safety-app-reminders-turn-on = Bật nhắc việc
safety-app-reminders-turn-off = Tắt nhắc việc
safety-app-did-joined = Đã tham gia bản đồ an toàn
safety-app-did-quiet = Đã tắt nhắc việc
safety-app-did-loud = Đã bật nhắc việc

# Danh sách của một thời điểm.
safety-app-overdue-title = Đã quá hạn
safety-app-overdue-text = Bạn vẫn gửi được hôm nay; bản gửi sẽ ghi là muộn.
safety-app-again-title = { $name } đã cam kết lúc { $time }
safety-app-again-text = Các câu trả lời dưới đây lấy từ bản đó. Nếu bạn gửi lại, bản của bạn được tính; cả hai bản đều được lưu.
safety-app-like = Điền như hôm qua
safety-app-like-hint = Trừ các tiêu chí bắt buộc: hãy xem lại từng điều.
safety-app-like-title = Đã điền như hôm qua
safety-app-like-text = Các tiêu chí bắt buộc và cần ảnh còn để trống. Hãy xem lại từng điều rồi mới cam kết.
safety-app-compulsory = Bắt buộc
safety-app-met = Đạt
safety-app-not-met = Chưa đạt
safety-app-good = Tốt
safety-app-fair = Một phần
safety-app-points-of = Số điểm, từ 0 đến { $points }
safety-app-evidence-none = Ghi chú
safety-app-evidence-photo_optional = Ghi chú, ảnh
safety-app-evidence-photo = Cần ảnh chụp; ghi chú
safety-app-photo = Ảnh chụp tại chỗ
safety-app-photo-optional = Ảnh chụp tại chỗ (không bắt buộc)
safety-app-photo-of = Ảnh của tiêu chí { $item }
safety-app-photo-promise = Trước khi lưu ảnh, vị trí, thời gian và thông tin máy trong ảnh bị xóa. Tránh chụp rõ mặt người.
safety-app-note = Ghi chú
safety-app-commit-title = Cam kết
safety-app-commit-text = Tôi cam kết những điều trên đúng với thực tế của cơ sở hôm nay.
safety-app-name = Người cam kết
safety-app-name-hint = Họ tên, chức vụ. Chỉ người quản lý nơi này và cán bộ kiểm tra thấy.
safety-app-commit = Cam kết và gửi

# Kết quả.
safety-app-done-title = Đã cam kết
safety-app-done-lead = { $moment }: { $name } đã cam kết.
safety-app-check-title = Bản cam kết
safety-app-late-title = Bản này ghi là gửi muộn
safety-app-late-text = Bản cam kết đến sau thời hạn, hoặc đến lâu sau khi được làm.
safety-app-replaces-title = Trước đó { $name } đã cam kết lúc { $time }
safety-app-replaces-text = Bản của bạn được tính; bản trước vẫn được lưu.
safety-app-replaced-title = Đã có bản sau thay bản này
safety-app-replaced-text = Bản này được lưu nhưng không được tính vào màu hôm nay.
safety-app-next = Tiếp theo: { $moment }
safety-app-back-today = Về việc hôm nay
safety-app-what = Nội dung đã cam kết
safety-app-made = Làm lúc
safety-app-received = Nhận lúc
safety-app-score = Kết quả đến lúc đó
safety-app-score-of = { $score }/{ $maximum }

# Lịch sử.
safety-app-streak-label = ngày liên tiếp có báo cáo
safety-app-days-reported = ngày có báo cáo
safety-app-days-late = ngày gửi muộn
safety-app-days-forgotten = ngày quên
safety-app-day-late = gửi muộn
safety-app-day-forgotten = quên báo cáo
safety-app-day-closed = Không hoạt động
safety-app-day-open = Hôm nay chưa báo cáo

# Trên điện thoại, không có mạng.
safety-app-answered = Đã trả lời { $count }/{ $of }
safety-app-waiting-title = Đã cam kết, đang chờ gửi
safety-app-waiting-text = Điện thoại chưa có mạng. Bản cam kết được giữ trên máy và tự gửi đúng một lần khi có mạng; đến muộn sẽ ghi là gửi muộn.
safety-app-sent-title = Đã gửi bản cam kết chờ
safety-app-sent-text = { $place }: { $time }
safety-app-sent-late = Bản này ghi là gửi muộn.
safety-app-refused-title = Bản cam kết không được nhận
safety-app-unanswered = Hãy chọn câu trả lời
safety-app-photo-needed = Hãy chụp một ảnh
safety-app-problem-title = Còn { $count } chỗ chưa xong
safety-app-photo-chosen = Đã có ảnh, giữ trên điện thoại này.
safety-app-photo-none = Chưa có ảnh.
safety-app-failed-title = Chưa gửi được
safety-app-failed-text = Hãy đăng nhập lại; bản cam kết vẫn được giữ trên điện thoại này.
safety-app-offline-title = An toàn tại cơ sở, không có mạng
safety-app-offline-text = Bạn vẫn làm được các danh sách đã mở hôm nay. Bản cam kết tự gửi khi có mạng.
safety-app-offline-none = Điện thoại này chưa giữ danh sách nào. Hãy mở trang khi có mạng một lần; lần sau làm được cả khi mất mạng.
safety-app-offline-old = Danh sách này được giữ từ { $time }.
safety-app-drop = Bỏ bản này
safety-app-sign-in = Đăng nhập
safety-app-see = Xem bản cam kết

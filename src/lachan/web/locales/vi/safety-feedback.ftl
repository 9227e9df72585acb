# Phản ánh của người dân về một cơ sở trên bản đồ an toàn.

error-feedback-unknown-title = Không tìm thấy phản ánh
error-feedback-unknown = Mã theo dõi sai hoặc không có phản ánh nào với mã này. Hãy kiểm tra lại từng ký tự.
error-feedback-not-taken-title = Nơi này chưa nhận phản ánh
error-feedback-not-taken = Cơ sở không tham gia bản đồ an toàn hoặc đã đóng.
error-feedback-settled-title = Phản ánh đã chuyển sang bước khác
error-feedback-settled = Việc này đã có người xử lý hoặc chưa đến lúc. Tải lại trang để xem tình trạng mới nhất.
error-feedback-photos-title = Không thêm được ảnh
error-feedback-photos = Mỗi phản ánh có nhiều nhất ba ảnh, gửi trong vòng một giờ sau khi phản ánh.
feedback-field-too-short = Hãy viết rõ hơn một chút, ít nhất 10 ký tự.
feedback-field-link = Không ghi địa chỉ trang web. Hãy mô tả bằng lời.
feedback-field-letters = Có ký tự không hiển thị được.
feedback-field-item = Bộ tiêu chí của nơi này không có mục đó.
feedback-field-why-dismissed = Hãy ghi lý do không chấp nhận: người phản ánh sẽ đọc.

## Trang phản ánh
feedback-tell-title = Điều này chưa đúng ở đây
feedback-tell-lead = { $place }, { $area }
feedback-tell-text = Cho biết điều bạn thấy khác với những gì cơ sở công bố. Cơ sở phải trả lời trong { $hours } giờ, tính đến hết ngày đó; cán bộ kiểm tra đọc được mọi phản ánh.
feedback-tell-private = Không ai biết bạn là ai
feedback-tell-private-text = Không cần tài khoản. Cơ sở và mọi người không bao giờ thấy ai đã phản ánh; cơ sở chỉ thấy ngày, không thấy giờ.
feedback-tell-body = Bạn thấy gì?
feedback-tell-body-hint = Chuyện gì, ở chỗ nào, khi nào. Đừng ghi tên hay số điện thoại của ai.
feedback-tell-item = Thuộc tiêu chí nào?
feedback-tell-item-none = Không rõ, hoặc chuyện khác
feedback-tell-photo = Ảnh
feedback-tell-photo-hint = JPEG, PNG hoặc WebP, tối đa 8 MB. Vị trí và giờ chụp ghi trong ảnh sẽ bị xóa. Tránh chụp rõ mặt người khác.
feedback-tell-send = Gửi phản ánh
feedback-tell-sign-in = Phản ánh có xác nhận được xem trước
feedback-tell-sign-in-text = Đăng nhập bằng số điện thoại, hoặc đã quét mã ở nơi này trong 14 ngày qua, thì phản ánh của bạn có trọng lượng hơn. Danh tính vẫn được giữ kín.
feedback-tell-sign-in-link = Đăng nhập rồi phản ánh
feedback-tell-proof-phone = Bạn đã đăng nhập: phản ánh có trọng lượng hơn. Danh tính vẫn được giữ kín.
feedback-tell-proof-visit = Bạn đã đến đây trong 14 ngày qua: phản ánh có trọng lượng cao nhất. Danh tính vẫn được giữ kín.
feedback-tell-back = Về trang của cơ sở

## Trang theo dõi
feedback-told-title = Phản ánh của bạn
feedback-told-sent = Đã gửi phản ánh
feedback-told-sent-text = Hãy lưu trang này hoặc mã bên dưới. Đây là cách duy nhất để bạn xem kết quả, và chúng tôi không thể gửi lại mã.
feedback-told-photo-failed = Phản ánh đã gửi, nhưng ảnh chưa nhận được
feedback-told-photo-failed-text = Ảnh không mở được hoặc quá lớn. Nội dung bạn viết vẫn được xem xét.
feedback-told-code = Mã theo dõi
feedback-told-copy = Sao chép đường dẫn
feedback-told-place = Nơi
feedback-told-item = Tiêu chí
feedback-told-item-none = Chuyện khác
feedback-told-said = Bạn viết
feedback-told-history = Diễn biến
feedback-told-when-sent = Bạn gửi phản ánh
feedback-told-when-answered = Cơ sở trả lời
feedback-told-when-reopened = Bạn báo vẫn chưa ổn
feedback-told-when-decided-confirmed = Cán bộ kiểm tra xác nhận phản ánh là đúng
feedback-told-when-decided-dismissed = Cán bộ kiểm tra không chấp nhận phản ánh
feedback-told-when-decided-closed = Cán bộ kiểm tra khép lại: đã khắc phục
feedback-told-due = Cơ sở phải trả lời trước { $time }.
feedback-told-overdue = Đã quá hạn trả lời. Cán bộ kiểm tra của địa bàn đã được báo.
feedback-told-held = Nhiều phản ánh về nơi này đến cùng lúc nên cán bộ kiểm tra đọc trước. Phản ánh của bạn không bị mất.
feedback-told-reopen-title = Vẫn chưa ổn?
feedback-told-reopen-text = Bạn có thể mở lại một lần. Cơ sở phải trả lời lại và cán bộ kiểm tra sẽ xem.
feedback-told-reopen-why = Điều gì vẫn chưa đúng?
feedback-told-reopen-send = Mở lại phản ánh
feedback-told-reopened = Đã mở lại. Cơ sở phải trả lời lại trước hạn mới.
feedback-find-title = Xem kết quả phản ánh
feedback-find-text = Nhập mã theo dõi bạn nhận được khi gửi phản ánh.
feedback-find-send = Xem

feedback-state-held = Chờ cán bộ đọc trước
feedback-state-open = Chờ cơ sở trả lời
feedback-state-answered = Đã trả lời
feedback-state-reopened = Người dân mở lại
feedback-state-confirmed = Xác nhận là đúng
feedback-state-dismissed = Không chấp nhận
feedback-state-closed = Đã khép lại
feedback-state-overdue = Quá hạn trả lời
feedback-proof-none = Ẩn danh
feedback-proof-phone = Có số điện thoại
feedback-proof-visit = Có đến nơi này

## Trang của cơ sở
voices-title = Phản ánh và kiểm tra
voices-lead = Trả lời phản ánh của người dân và báo đã khắc phục theo yêu cầu kiểm tra.
voices-none = Chưa có phản ánh nào
voices-none-text = Khi người dân phản ánh về cơ sở, bạn sẽ trả lời ở đây.
voices-waiting = Cần trả lời
voices-before = Đã xử lý
voices-count = { $count ->
   *[other] { $count } phản ánh cần trả lời
  }
voices-day = Ngày { $day }
voices-due = Trả lời trước { $time }
voices-reopened = Người phản ánh thấy vẫn chưa ổn:
voices-answered = Cơ sở đã trả lời:
voices-remark = Cán bộ kiểm tra ghi:
voices-answer = Câu trả lời của cơ sở
voices-answer-hint = Đã xử lý thế nào, khi nào xong. Người phản ánh và cán bộ kiểm tra đọc được.
voices-answer-send = Gửi trả lời
voices-did-answered = Đã gửi trả lời
voices-did-repaired = Đã báo khắc phục xong. Cán bộ kiểm tra sẽ đến xem lại.
voices-photo = Ảnh người dân gửi, mở to
voices-anonymous = Cơ sở không biết ai phản ánh, và không được tìm cách biết.
voices-orders = Yêu cầu khắc phục
voices-orders-due = Khắc phục trước { $time }
voices-orders-overdue = Đã quá hạn khắc phục
voices-orders-repaired = Bạn đã báo khắc phục xong lúc { $time }, chờ cán bộ kiểm tra lại.
voices-orders-done = Báo đã khắc phục xong
voices-inspections = Các lần kiểm tra
voices-inspections-none = Chưa có lần kiểm tra nào

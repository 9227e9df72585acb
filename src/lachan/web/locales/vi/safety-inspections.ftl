# Kiểm tra an toàn: bàn của cán bộ kiểm tra.

error-inspection-closed-title = Lần kiểm tra đã khép lại
error-inspection-closed = Việc này đã xong trước đó. Tải lại trang để xem tình trạng mới nhất.
error-inspection-place-title = Cơ sở chưa tham gia bản đồ an toàn
error-inspection-place = Chỉ kiểm tra được cơ sở đang hoạt động và có tham gia bản đồ an toàn.
inspections-field-due = Hạn khắc phục phải ở phía trước, trong vòng 90 ngày.
inspections-field-none-chosen = Hãy đánh dấu ít nhất một phản ánh.

inspections-title = Phản ánh và kiểm tra
inspections-lead = Phản ánh của người dân về cơ sở trong địa bàn, và các lần kiểm tra chưa khép lại.
inspections-ways = Công việc an toàn
inspections-export = Tải CSV
inspections-search = Tìm cơ sở
inspections-search-hint = Tên cơ sở trong địa bàn của bạn
inspections-search-send = Tìm
inspections-found = { $count ->
    [0] Không tìm thấy cơ sở nào
   *[other] Tìm thấy { $count } cơ sở
  }
inspections-lists = Danh sách công việc
inspections-which-reopened = Người dân mở lại
inspections-which-reopened-text = Cơ sở đã trả lời nhưng người phản ánh thấy vẫn chưa ổn. Cần bạn xem trước.
inspections-which-overdue = Quá hạn trả lời
inspections-which-overdue-text = Cơ sở để quá hạn mà chưa trả lời.
inspections-which-open = Chờ cơ sở trả lời
inspections-which-open-text = Phản ánh có xác nhận đứng trước.
inspections-which-answered = Đã trả lời
inspections-which-answered-text = Người phản ánh còn có thể mở lại. Bạn có thể xác nhận hoặc không chấp nhận.
inspections-which-confirmed = Xác nhận là đúng
inspections-which-confirmed-text = Đang giữ màu của cơ sở khi đủ nhiều người. Khép lại khi đã khắc phục.
inspections-which-held = Nhiều bất thường
inspections-which-held-text = Quá nhiều phản ánh cùng lúc về một nơi hoặc từ một nguồn. Cơ sở chưa thấy, màu không đổi. Mỗi nơi một dòng.
inspections-which-inspections = Kiểm tra chưa khép lại
inspections-which-inspections-text = Lần kiểm tra còn yêu cầu khắc phục. Nơi đã báo khắc phục xong đứng trước.
inspections-none = Không có việc nào
inspections-none-text = Danh sách này đang trống.
inspections-held-count = { $count ->
   *[other] { $count } phản ánh đang chờ đọc
  }
inspections-late = Quá hạn khắc phục
inspections-said-repaired = Cơ sở báo xong lúc { $time }
inspections-state-open = Chưa khép lại
inspections-state-closed = Đã khép lại

inspections-column-place = Cơ sở
inspections-column-area = Địa bàn
inspections-column-item = Tiêu chí
inspections-column-body = Nội dung phản ánh
inspections-column-proof = Xác nhận
inspections-column-state = Tình trạng
inspections-column-created = Gửi lúc
inspections-column-due = Hạn trả lời
inspections-column-answer = Cơ sở trả lời
inspections-column-remark = Ghi chú của cán bộ
inspections-column-inspector = Cán bộ kiểm tra

inspections-report = Một phản ánh
inspections-reports = Phản ánh của người dân
inspections-nobody-knows = Hệ thống không cho ai xem người phản ánh, kể cả cán bộ.
inspections-decide = Quyết định
inspections-decide-text = { $reporters ->
    [0] Nơi này chưa có phản ánh nào được xác nhận.
   *[other] Nơi này đã có phản ánh được xác nhận của { $reporters } người khác nhau, trọng lượng { $weight }.
  } Từ hai người và trọng lượng { $needed } trở lên, cơ sở bị giữ màu vàng cho đến khi bạn khép lại.
inspections-remark = Ghi chú
inspections-remark-hint = Cơ sở và người phản ánh đều đọc được. Bắt buộc khi không chấp nhận.
inspections-confirm = Xác nhận là đúng
inspections-dismiss = Không chấp nhận
inspections-close-report = Khép lại: đã khắc phục
inspections-did-confirmed = Đã xác nhận phản ánh
inspections-did-dismissed = Đã ghi không chấp nhận
inspections-did-closed = Đã khép lại
inspections-did-inspected = Đã ghi lần kiểm tra

inspections-held = Phản ánh bị giữ lại
inspections-held-text = Nhiều phản ánh đến cùng lúc, có thể do cùng một chuyện thật, có thể do cố ý. Cho qua những phản ánh đáng xem; phần còn lại ghi lý do rồi không chấp nhận một lần.
inspections-held-remark = Lý do không chấp nhận
inspections-held-remark-hint = Chỉ cần khi không chấp nhận. Người phản ánh sẽ đọc.
inspections-held-all = Tất cả { $count } phản ánh trên trang này
inspections-held-release = Cho qua để cơ sở trả lời
inspections-held-dismiss = Không chấp nhận

inspections-colour-now = Màu hiện tại
inspections-self-check = Cơ sở tự kiểm tra gần nhất
inspections-said-late = muộn
inspections-said-none = Cơ sở không tự kiểm tra trong 7 ngày qua.
inspections-met = Đạt
inspections-not-met = Chưa đạt
inspections-days = 30 ngày qua
inspections-streak = { $days ->
    [0] Chưa có ngày nào báo cáo liên tục.
   *[other] Báo cáo liên tục { $days } ngày.
  }
inspections-differing = { $count ->
    [0] khớp với cơ sở
   *[other] lệch { $count } tiêu chí
  }
inspections-orders-count = { $count } yêu cầu khắc phục

inspections-inspect = Kiểm tra
inspections-recheck = Kiểm tra lại
inspections-recheck-title = Kiểm tra lại lần ngày { $day }
inspections-recheck-text = Gửi xong thì lần trước được khép lại. Điều gì vẫn chưa đạt thì ghi yêu cầu mới.
inspections-beside = Bên cạnh mỗi tiêu chí là câu trả lời của cơ sở ngày { $day }.
inspections-compulsory = Bắt buộc
inspections-place-said = Cơ sở trả lời:
inspections-was-ordered = Đã yêu cầu:
inspections-order-open = Chưa khắc phục
inspections-order-repaired = Cơ sở báo đã khắc phục
inspections-order-accepted = Đã chấp nhận
inspections-points = { $points } điểm
inspections-points-of = Điểm, tối đa { $points }
inspections-note-or-order = Yêu cầu khắc phục, ghi chú
inspections-order = Yêu cầu khắc phục
inspections-note = Ghi chú
inspections-finish = Kết thúc kiểm tra
inspections-finish-text = Không an toàn hoặc có yêu cầu khắc phục thì lần kiểm tra còn mở và giữ màu của cơ sở cho đến khi kiểm tra lại.
inspections-remark-all = Nhận xét chung
inspections-remark-all-hint = Cơ sở đọc được.
inspections-due = Hạn khắc phục
inspections-due-hint = Chỉ dùng khi có yêu cầu khắc phục.
inspections-closes-reports = Các phản ánh đã xác nhận đã được giải quyết
inspections-closes-reports-hint = Khép lại phản ánh đã xác nhận của { $count } người về nơi này.
inspections-send = Ghi lần kiểm tra

inspections-one = Lần kiểm tra
inspections-outcome = Kết luận
inspections-score = Kết quả
inspections-repaired = Cơ sở báo khắc phục xong
inspections-closed = Khép lại lúc
inspections-end = Khép lại
inspections-end-text = Đến xem lại tại chỗ, hoặc chấp nhận theo bằng chứng cơ sở đã gửi.
inspections-close-without = Chấp nhận mà không kiểm tra lại
inspections-close-remark = Căn cứ
inspections-close = Chấp nhận và khép lại
inspections-deviation = So với cơ sở tự kiểm tra
inspections-deviation-text = { $over ->
    [0] Lệch { $count } tiêu chí, cơ sở không báo cao hơn thực tế ở tiêu chí nào.
   *[other] Lệch { $count } tiêu chí, trong đó { $over } tiêu chí cơ sở báo cao hơn thực tế.
  }
inspections-deviation-none = Không có tiêu chí nào lệch, hoặc cơ sở chưa tự kiểm tra.
inspections-answers = Từng tiêu chí

# Vì sao một người là người tiếp xúc.
tracing-evidence-same-room = Ở cùng phòng với { $whom }: { $where }, { $when } ({ $minutes } phút).
tracing-evidence-same-place = Ở cùng nơi với { $whom }: { $where }, { $when } ({ $minutes } phút).
tracing-evidence-lingering-air = Đến khi { $whom } vừa rời đi, không khí chưa kịp thay: { $where }, { $when } ({ $minutes } phút).
tracing-evidence-household = Sống cùng hộ gia đình với { $whom }.
tracing-evidence-whom-case = ca { $code }
tracing-evidence-whom-contact = người tiếp xúc { $level } của ca { $code }
tracing-evidence-case-elsewhere = ở địa bàn khác
tracing-evidence-room = { $room }, { $place }
tracing-evidence-place-gone = một nơi đã bị xóa
tracing-evidence-when = từ { $begins } đến { $ends } ngày { $day }
tracing-evidence-when-days = từ { $begins } đến { $ends }

# Trạng thái của một lần truy vết.
tracing-state-queued = Đang chờ xử lý
tracing-state-running = Đang truy vết
tracing-state-done = Đã truy vết xong
tracing-state-failed = Truy vết không thành công
tracing-trace-failed = Không tính được người tiếp xúc. Danh sách cũ vẫn còn nguyên. Hãy thử lại; nếu vẫn lỗi, báo người quản trị.
tracing-trace-too-slow = Truy vết mất quá nhiều thời gian nên đã dừng. Danh sách cũ vẫn còn nguyên. Hãy thử lại với ít mức hơn.

# Trạng thái của một người tiếp xúc.
tracing-status-new = Chưa gọi
tracing-status-called = Đã gọi
tracing-status-unreachable = Không liên lạc được
tracing-status-followed = Đang theo dõi
tracing-status-done = Đã kết thúc

tracing-field-level = Chọn mức mà hồ sơ bệnh cho phép
error-trace-level-too-high-title = Không truy vết xa đến mức đó
error-trace-level-too-high = Bệnh này được truy vết đến F{ $most }. Hãy chọn từ F1 đến F{ $most }.
tracing-reading-reason = Xem bằng chứng tiếp xúc để truy vết ca { $code }

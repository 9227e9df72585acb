# Bản đồ an toàn: màu và lý do của màu.

safety-colour-green = An toàn
safety-colour-yellow = Có nguy cơ
safety-colour-red = Không an toàn
safety-colour-grey = Hôm nay chưa báo cáo
safety-colour-repair = Đang khắc phục

safety-moment-before = Đầu ngày
safety-moment-during = Trong ngày
safety-moment-after = Cuối ngày
safety-moment-day = Cả ngày

safety-reason-criteria-met = Đạt yêu cầu của bộ tiêu chí: { $score } trên { $maximum }.
safety-reason-below-share = Mới được { $score } trên { $maximum } điểm; mức cao hơn cần ít nhất { $needed } điểm.
safety-reason-below-count = Mới đạt { $score } trên { $maximum } tiêu chí; mức cao hơn cần ít nhất { $needed } tiêu chí.
safety-reason-compulsory-not-met = Chưa đạt tiêu chí bắt buộc: { $item }.
safety-reason-item-zero = Tiêu chí bị 0 điểm: { $item }.
safety-reason-item-not-met = Chưa đạt đầy đủ: { $item }.
safety-reason-item-too-low = Còn thấp so với yêu cầu: { $item }.
safety-reason-items-more = Và { $count } tiêu chí khác chưa đạt.
safety-reason-may-not-open = Với kết quả này, cơ sở không được đón người.
safety-reason-so-far = Mới báo cáo { $done } trên { $of } tiêu chí; phần còn lại chưa đến giờ.
safety-reason-not-reported = Hôm nay cơ sở chưa báo cáo.
safety-reason-inspection-unsafe = Đoàn kiểm tra kết luận không an toàn.
safety-reason-inspection-unsafe-by = Đoàn kiểm tra kết luận không an toàn; hạn khắc phục { $when }.
safety-reason-under-repair = Đang khắc phục theo yêu cầu của đoàn kiểm tra.
safety-reason-under-repair-by = Đang khắc phục theo yêu cầu của đoàn kiểm tra, hạn { $when }.
safety-reason-feedback-confirmed = Nhiều phản ánh của người dân đã được xác nhận là đúng.
safety-reason-repair-until = Phải khắc phục để lên mức cao hơn.
safety-reason-repair-until-by = Phải lên mức cao hơn trước { $when }.
safety-reason-repair-overdue = Đã quá hạn khắc phục.
safety-reason-repair-overdue-by = Đã quá hạn khắc phục từ { $when }.

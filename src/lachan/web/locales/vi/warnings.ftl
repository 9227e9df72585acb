# Cảnh báo: cán bộ duyệt, người dân nhận.

## Lỗi
error-warning-not-traced-title = Ca bệnh chưa được truy vết
error-warning-not-traced = Hãy truy vết ca bệnh này trước, khi đó mới biết cần cảnh báo cho ai.
error-warning-case-discarded-title = Ca bệnh đã bị loại trừ
error-warning-case-discarded = Ca bệnh này đã được loại trừ nên không còn gì để cảnh báo.
error-warning-no-recipients-title = Không có ai để cảnh báo
error-warning-no-recipients = Không có người tiếp xúc nào ở mức đã chọn, hoặc tất cả đã được cảnh báo trước đó.
error-warning-not-draft-title = Cảnh báo không còn là bản nháp
error-warning-not-draft = Cảnh báo này đã được duyệt hoặc đã thu hồi.
error-warning-recipients-changed-title = Danh sách người nhận đã thay đổi
error-warning-recipients-changed = Lúc bạn xem có { $seen } người, nay có { $now } người. Hãy xem lại bản chạy thử rồi duyệt.
error-warning-second-officer-title = Cần cán bộ thứ hai duyệt
error-warning-second-officer = Số người nhận vượt mức một cán bộ được tự duyệt. Hãy lưu bản nháp và nhờ một cán bộ khác duyệt.
error-warning-withdrawn-title = Cảnh báo đã được thu hồi
error-warning-withdrawn = Cảnh báo này đã được thu hồi, không cần làm gì thêm.
error-warning-disputed-title = Bạn đã phản ánh rồi
error-warning-disputed = Chúng tôi đã nhận phản ánh của bạn về cảnh báo này. Câu trả lời sẽ hiện tại đây.
error-warning-nothing-to-answer-title = Không có phản ánh cần trả lời
error-warning-nothing-to-answer = Phản ánh này không tồn tại hoặc đã được trả lời.
error-warning-kind-unknown-title = Không có loại tin này
error-warning-kind-unknown = Loại tin phải là một trong: theo dõi, xét nghiệm, ở nhà, gọi điện.
error-warning-level-outside-rule-title = Mức này không được cảnh báo
error-warning-level-outside-rule = Phiên bản quy tắc mà ca bệnh được truy vết theo không cho cảnh báo mức đã chọn.
error-warning-rush-title = Quá nhiều cảnh báo trong một giờ
error-warning-rush = Trong một giờ qua đã có quá nhiều cảnh báo. Hãy lưu bản nháp và nhờ một cán bộ khác xem lại rồi duyệt.
error-warnings-paused-title = Cảnh báo đang tạm dừng
error-warnings-paused = Quản trị viên đang tạm dừng mọi cảnh báo tại { $area }. Lý do: { $reason }
error-warnings-paused-already-title = Đã tạm dừng rồi
error-warnings-paused-already = Cảnh báo của địa bàn này đang được tạm dừng.
error-warning-not-stopped-title = Cảnh báo không bị dừng
error-warning-not-stopped = Cảnh báo này không ở trạng thái tự dừng nên không cần cho gửi tiếp.
error-place-report-not-accepted-title = Báo cáo chưa được chấp nhận
error-place-report-not-accepted = Hãy kiểm tra và chấp nhận báo cáo của địa điểm trước khi cảnh báo.
error-place-report-decided-title = Báo cáo đã được xử lý
error-place-report-decided = Một cán bộ đã chấp nhận hoặc từ chối báo cáo này.
error-rule-wrong-title = Quy tắc có chỗ chưa đúng
error-rule-wrong = Hãy xem lại các mục được đánh dấu rồi lưu lại.
error-rule-published-title = Phiên bản đã có hiệu lực
error-rule-published = Phiên bản này đã được ban hành nên không sửa được nữa. Hãy lập phiên bản mới.
error-rule-untried-title = Chưa chạy thử
error-rule-untried = Hãy chạy thử phiên bản trên các ca đã qua, đợi xong rồi mới ban hành.
error-outbreak-place-unknown-title = Nơi này không thuộc cảnh báo
error-outbreak-place-unknown = Chỉ đưa lên danh sách công khai những nơi thuộc chính cảnh báo này và chưa có trong danh sách.
error-outbreak-drill-title = Diễn tập không công khai
error-outbreak-drill = Cảnh báo của một cuộc diễn tập không được đưa lên danh sách công khai.

## Tên bệnh, đứng giữa câu
warnings-disease-covid-19 = COVID-19
warnings-disease-measles = sởi
warnings-disease-other = bệnh truyền nhiễm

## Câu chữ của cảnh báo
warnings-place-room = { $place }, { $room }
warnings-place-gone = một địa điểm nay không còn trong hệ thống
warnings-place-home = Cùng nhà
warnings-told-where = { $whose ->
    [theirs] { $name } đã có mặt tại { $place } trong khoảng { $window }.
   *[mine] Bạn đã có mặt tại { $place } trong khoảng { $window }.
}
warnings-met = { $level ->
    [1] một người mắc { $disease }
   *[other] một người tiếp xúc (F{ NUMBER($near) }) trong chuỗi lây của một ca { $disease }
}
warnings-reason-same-room = { $whose ->
    [theirs] { $name } và { $who } đã ở cùng phòng trong { $minutes }.
   *[mine] Bạn và { $who } đã ở cùng phòng trong { $minutes }.
}
warnings-reason-same-place = { $whose ->
    [theirs] { $name } và { $who } đã cùng có mặt tại đó trong { $minutes }.
   *[mine] Bạn và { $who } đã cùng có mặt tại đó trong { $minutes }.
}
warnings-reason-lingering-air = { $whose ->
    [theirs] { $name } đến khi { $who } vừa rời đi và ở đó { $minutes } trong lúc không khí chưa kịp thay.
   *[mine] Bạn đến khi { $who } vừa rời đi và ở đó { $minutes } trong lúc không khí chưa kịp thay.
}
warnings-reason-household = { $whose ->
    [theirs] { $name } sống cùng nhà với { $who }.
   *[mine] Bạn sống cùng nhà với { $who }.
}
warnings-told-others = { $count ->
   *[other] Ngoài ra còn { $count } lần tiếp xúc khác, ngắn hơn.
}

## Việc cần làm
warnings-advice-covid19-watch = Theo dõi sức khỏe trong 10 ngày kể từ ngày tiếp xúc: sốt, ho, đau họng, mệt mỏi, mất vị giác hoặc khứu giác.
warnings-advice-covid19-mask = Đeo khẩu trang khi ở gần người khác và mở cửa cho thoáng khí trong 10 ngày này.
warnings-advice-covid19-test = Nếu có triệu chứng, hãy xét nghiệm nhanh hoặc đến cơ sở y tế để được xét nghiệm.
warnings-advice-covid19-vulnerable = Tránh gần người cao tuổi, phụ nữ mang thai, người có bệnh nền và người chưa tiêm vắc xin.
warnings-advice-measles-vaccinated = Xem lại sổ tiêm chủng: bạn và con bạn đã tiêm đủ 2 mũi vắc xin sởi chưa? Nếu chưa, hãy hỏi trạm y tế ngay vì tiêm sớm sau tiếp xúc có thể phòng bệnh.
warnings-advice-measles-watch = Theo dõi sức khỏe trong 21 ngày kể từ ngày tiếp xúc: sốt, ho, chảy nước mũi, mắt đỏ, phát ban.
warnings-advice-measles-vulnerable = Tránh gần trẻ dưới 12 tháng tuổi, phụ nữ mang thai và người suy giảm miễn dịch.
warnings-advice-measles-call-first = Nếu có sốt hoặc phát ban, hãy gọi điện cho cơ sở y tế trước khi đến để không lây cho người đang chờ khám.
warnings-advice-watch-14 = Theo dõi sức khỏe trong 14 ngày kể từ ngày tiếp xúc.
warnings-advice-watch-21 = Theo dõi sức khỏe trong 21 ngày kể từ ngày tiếp xúc.
warnings-advice-mask-crowds = Đeo khẩu trang ở nơi đông người.
warnings-advice-call-station = Khi có dấu hiệu bất thường, hãy gọi trạm y tế phường, xã nơi bạn ở hoặc đường dây nóng 19009095 của Bộ Y tế.
warnings-advice-emergency-breathing = Khó thở, đau ngực, lơ mơ: gọi cấp cứu 115 ngay.

## Trang của người dân
warnings-mine-title = Cảnh báo
warnings-mine-lead = Khi bạn, hoặc người cùng hộ không có điện thoại, từng ở gần một ca bệnh, cơ quan y tế báo cho bạn tại đây.
warnings-mine-empty-title = Không có cảnh báo nào
warnings-mine-empty = Cho đến nay, chưa ghi nhận bạn ở gần ca bệnh nào. Nếu có, trang này sẽ báo ngay.
warnings-mine-new = Mới
warnings-mine-withdrawn = Đã thu hồi
warnings-mine-received = Nhận lúc { $time }
warnings-mine-heading = { $whose ->
    [theirs] { $level ->
        [1] { $name } có thể đã tiếp xúc với một ca { $disease }
       *[other] { $name } có liên quan đến chuỗi lây của một ca { $disease }
    }
   *[mine] { $level ->
        [1] Bạn có thể đã tiếp xúc với một ca { $disease }
       *[other] Bạn có liên quan đến chuỗi lây của một ca { $disease }
    }
}
warnings-somebody = Người trong hộ của bạn
warnings-mine-about = Cảnh báo này là về { $name }
warnings-mine-about-text = { $name } không có điện thoại nên bạn, người cùng hộ, nhận và trả lời thay. Những hướng dẫn dưới đây dành cho { $name }.
warnings-mine-what = Chuyện gì đã xảy ra
warnings-mine-where = Nơi
warnings-mine-address = Địa chỉ
warnings-mine-window = Khoảng thời gian
warnings-mine-minutes = Thời gian ở gần
warnings-mine-why = { $whose ->
    [theirs] Vì sao có cảnh báo
   *[mine] Vì sao bạn nhận được
}
warnings-mine-do = { $whose ->
    [theirs] { $name } nên làm gì
   *[mine] Bạn nên làm gì
}
warnings-mine-source = Theo { $source }
warnings-mine-calm = { $whose ->
    [theirs] Cảnh báo không có nghĩa là { $name } mắc bệnh. Phần lớn người tiếp xúc không mắc bệnh; làm theo hướng dẫn để giữ an toàn cho cả nhà.
   *[mine] Nhận cảnh báo không có nghĩa là bạn mắc bệnh. Phần lớn người tiếp xúc không mắc bệnh; làm theo hướng dẫn để giữ an toàn cho mình và người thân.
}
warnings-mine-privacy = Không ai khác biết bạn nhận cảnh báo này, trừ cán bộ truy vết của ca bệnh.
warnings-mine-note = Lời nhắn của cơ quan y tế
warnings-mine-dispute-title = Thông tin này không đúng?
warnings-mine-dispute-hint = { $whose ->
    [theirs] Ví dụ: hôm đó { $name } không đến nơi này, hoặc đã về sớm hơn. Chỉ cán bộ truy vết đọc được.
   *[mine] Ví dụ: hôm đó bạn không đến nơi này, hoặc bạn đã về sớm hơn. Chỉ cán bộ truy vết đọc được.
}
warnings-mine-dispute-label = Điều gì không đúng
warnings-mine-dispute-send = Gửi phản ánh
warnings-mine-disputed = Đã nhận phản ánh của bạn
warnings-mine-disputed-text = Gửi lúc { $time }. Cán bộ truy vết sẽ xem và trả lời tại đây.
warnings-mine-answered = Trả lời của cán bộ truy vết
warnings-mine-withdrawn-title = Cảnh báo này đã được thu hồi
warnings-mine-withdrawn-text = Bạn không cần làm theo cảnh báo này nữa. Lý do: { $reason }
warnings-mine-all = Xem tất cả cảnh báo
warnings-live-title = { $count ->
   *[other] Bạn có { $count } cảnh báo mới
}
warnings-live-open = Xem và biết cần làm gì
warnings-live-badge = { $count } cảnh báo chưa đọc

## Trang của cán bộ
warnings-desk-title = Cảnh báo
warnings-desk-lead = Mỗi cảnh báo bắt đầu từ một ca bệnh đã truy vết, được chạy thử rồi mới gửi.
warnings-desk-empty-title = Chưa có cảnh báo nào
warnings-desk-empty = Mở một ca bệnh đã truy vết rồi chọn cảnh báo người tiếp xúc.
warnings-desk-cases = Đến danh sách ca bệnh
warnings-desk-id = Cảnh báo số { $id }
warnings-desk-case = Ca bệnh
warnings-desk-disease = Bệnh
warnings-desk-levels = Mức
warnings-desk-state = Tình trạng
warnings-desk-state-draft = Bản nháp
warnings-desk-state-approved = Đã duyệt
warnings-desk-state-withdrawn = Đã thu hồi
warnings-desk-created = Lập lúc
warnings-desk-approved = Duyệt lúc
warnings-desk-recipients = Người nhận
warnings-desk-sent = Đã gửi
warnings-desk-seen = Đã xem
warnings-desk-disputed = Phản ánh
warnings-desk-new-title = Cảnh báo người tiếp xúc của ca { $code }
warnings-desk-new-caption = Chạy thử, chưa ai được báo
warnings-desk-would = { $count ->
   *[other] Sẽ cảnh báo { NUMBER($count) } người tại { NUMBER($places) } nơi
}
warnings-desk-outside = { $count ->
    [0] Tất cả đều cư trú trong địa bàn của bạn.
   *[other] Trong đó { NUMBER($count) } người cư trú ngoài địa bàn của bạn.
}
warnings-desk-already = { $count ->
    [0] Chưa ai được cảnh báo về ca này.
   *[other] { NUMBER($count) } người đã được cảnh báo về ca này trước đó và không bị báo lại.
}
warnings-desk-levels-label = Cảnh báo những mức nào
warnings-desk-levels-hint = Thông thường chỉ F1. Chọn thêm F2 khi bệnh lây nhanh và cần báo sớm.
warnings-desk-level-option = F{ NUMBER($level) }
warnings-desk-look-again = Chạy thử lại
warnings-desk-note-label = Lời nhắn thêm
warnings-desk-note-hint = Hiện nguyên văn cho mọi người nhận. Không ghi thông tin về ca bệnh hay về bất kỳ ai.
warnings-desk-places = Nơi và khoảng thời gian
warnings-desk-place = Nơi
warnings-desk-window = Khoảng thời gian
warnings-desk-people = Số người
warnings-desk-sample = Nội dung người nhận sẽ đọc
warnings-desk-sample-vi = Tiếng Việt
warnings-desk-sample-en = Tiếng Anh
warnings-desk-advice-unverified = Hướng dẫn này chưa được cơ quan y tế đối chiếu với văn bản gốc
warnings-desk-approve = { $count ->
   *[other] Duyệt và cảnh báo { NUMBER($count) } người
}
warnings-desk-approve-hint = Cảnh báo hiện trên điện thoại của họ trong vài giây. Bạn có thể thu hồi, nhưng không thể làm như chưa từng gửi.
warnings-desk-save-draft = Lưu bản nháp để cán bộ khác duyệt
warnings-desk-second = Cần cán bộ thứ hai duyệt
warnings-desk-second-text = Số người nhận vượt mức một cán bộ được tự duyệt. Hãy lưu bản nháp; một cán bộ khác cùng địa bàn sẽ duyệt.
warnings-desk-second-saved = Số người nhận vượt mức một cán bộ được tự duyệt. Bản nháp đã lưu và đang chờ một cán bộ khác cùng địa bàn mở trang này để duyệt.
warnings-desk-none-title = Không có ai để cảnh báo
warnings-desk-none = Không có người tiếp xúc ở mức đã chọn, hoặc tất cả đã được cảnh báo trước đó.
warnings-desk-progress = Đang gửi
warnings-desk-disputes = Phản ánh của người nhận
warnings-desk-disputes-none = Chưa có ai phản ánh.
warnings-desk-dispute-broken = Không mở được nội dung phản ánh này.
warnings-desk-dispute-at = Gửi lúc { $time }
warnings-desk-answer-label = Trả lời cho người này
warnings-desk-answer-send = Gửi trả lời
warnings-desk-answered = Đã trả lời lúc { $time }
warnings-desk-withdraw-title = Thu hồi cảnh báo
warnings-desk-withdraw-text = Mọi người nhận sẽ thấy cảnh báo không còn hiệu lực, cùng lý do bạn ghi.
warnings-desk-withdraw-label = Lý do
warnings-desk-withdraw-hint = Ví dụ: kết quả xét nghiệm khẳng định là âm tính.
warnings-desk-withdraw-send = Thu hồi
warnings-desk-discard = Bỏ bản nháp
warnings-desk-withdrawn-at = Thu hồi lúc { $time }. Lý do: { $reason }

## Loại tin
warnings-kind-watch = Theo dõi sức khỏe
warnings-kind-test = Đi xét nghiệm
warnings-kind-stay-home = Ở nhà
warnings-kind-call-me = Cán bộ y tế sẽ gọi cho bạn
warnings-advice-covid19-test-now = Xét nghiệm nhanh ngay hôm nay và làm lại sau 3 ngày, dù chưa có triệu chứng.
warnings-advice-report-test = Xét nghiệm xong, bấm “Tôi đã xét nghiệm” bên dưới để trạm y tế biết.
warnings-advice-test-where = Liên hệ trạm y tế phường, xã để được hướng dẫn nơi và thời điểm xét nghiệm.
warnings-advice-stay-home = Ở nhà và không tiếp khách cho đến khi cơ quan y tế báo khác.
warnings-advice-stay-own-room = Nếu được, ở phòng riêng, mở cửa sổ, ăn riêng và đeo khẩu trang khi gần người nhà.
warnings-advice-stay-help = Cần thuốc, thực phẩm hoặc giấy nghỉ việc? Bấm “Hãy gọi cho tôi” bên dưới.
warnings-advice-call-me = Để ý điện thoại: cán bộ y tế sẽ gọi cho bạn. Cán bộ không bao giờ hỏi mã OTP hay tài khoản ngân hàng.
warnings-advice-call-me-meanwhile = Trong lúc chờ, hãy ở nhà và tránh gần người khác.
warnings-text = Lá Chắn: cơ quan y tế vừa gửi cho bạn một tin. Mở { $url } để xem.

## Trả lời của người dân
warnings-reply-title = Trả lời cơ quan y tế
warnings-reply-hint = Chỉ cán bộ truy vết của ca bệnh đọc được. Bạn có thể chọn nhiều câu.
warnings-reply-tested = { $whose ->
    [theirs] { $name } đã xét nghiệm
   *[mine] Tôi đã xét nghiệm
}
warnings-reply-call-me = Hãy gọi cho tôi
warnings-reply-well = { $whose ->
    [theirs] { $name } vẫn khỏe
   *[mine] Tôi vẫn khỏe
}
warnings-reply-tested-at = { $whose ->
    [theirs] Bạn đã báo { $name } xét nghiệm lúc { $time }.
   *[mine] Bạn đã báo xét nghiệm lúc { $time }.
}
warnings-reply-call-me-at = Bạn đã nhờ gọi lại lúc { $time }. Cán bộ y tế sẽ gọi vào số bạn đăng nhập.
warnings-reply-called-at = Cán bộ y tế đã gọi cho bạn lúc { $time }.
warnings-reply-well-at = { $whose ->
    [theirs] Bạn báo { $name } vẫn khỏe lúc { $time }.
   *[mine] Bạn báo vẫn khỏe lúc { $time }.
}
warnings-mine-decision-kept = Cảnh báo được giữ nguyên.
warnings-mine-decision-corrected = Thời gian ở gần đã được sửa theo phản ánh của bạn.
warnings-mine-decision-withdrawn = { $whose ->
    [theirs] Cảnh báo này không áp dụng cho { $name } nữa.
   *[mine] Cảnh báo này không áp dụng cho bạn nữa.
}

## Trang của cán bộ: loại tin, gọi lại, dừng
warnings-desk-rule = Phiên bản quy tắc
warnings-desk-rule-default = Mặc định { $version }
warnings-desk-rule-number = Số { $version }
warnings-desk-rule-newer = Đã có phiên bản quy tắc mới hơn
warnings-desk-rule-newer-text = Ca này được truy vết theo phiên bản cũ. Hãy truy vết lại ca bệnh để cảnh báo theo phiên bản mới.
warnings-desk-kinds = Ai nhận tin gì
warnings-desk-kind-for = { $count ->
   *[other] { NUMBER($count) } người, theo quy tắc: { $kind }
}
warnings-desk-kind-change = Loại tin gửi cho nhóm “{ $kind }”
warnings-desk-kind-changed = Cán bộ đã đổi từ “{ $kind }”
warnings-desk-kinds-save = Đổi loại tin
warnings-desk-rush = Một giờ qua có quá nhiều cảnh báo
warnings-desk-rush-text = Hãy lưu bản nháp; một cán bộ khác xem lại rồi duyệt.
warnings-desk-by-kind = Theo từng loại tin
warnings-desk-kind = Loại tin
warnings-desk-pushed = Báo ngay
warnings-desk-texted = Tin nhắn SMS
warnings-desk-replied = Đã trả lời
warnings-desk-tested = Đã xét nghiệm
warnings-desk-call-asked = Nhờ gọi lại
warnings-desk-well = Vẫn khỏe
warnings-desk-calls = Người nhờ gọi lại
warnings-desk-calls-none = Chưa có ai nhờ gọi lại.
warnings-desk-call-at = Nhờ lúc { $time }
warnings-desk-call-contact = Mở trang người tiếp xúc để lấy số điện thoại
warnings-desk-call-unknown = Người này không có trang người tiếp xúc của ca.
warnings-desk-call-done = Đã gọi
warnings-desk-called-at = Đã gọi lúc { $time }
warnings-desk-delay = Từ lúc mở ca đến lúc gửi
warnings-desk-decision = Quyết định
warnings-desk-decision-kept = Giữ cảnh báo
warnings-desk-decision-corrected = Sửa số phút ở gần
warnings-desk-decision-withdrawn = Thu hồi riêng cho người này
warnings-desk-minutes = Số phút đúng
warnings-desk-minutes-hint = Chỉ điền khi sửa số phút.
warnings-desk-minutes-wrong = Hãy điền số phút từ 0 đến 1440.
warnings-desk-stopped = Cảnh báo đã tự dừng
warnings-desk-stopped-text = Quá nhiều người trong số những người xem đầu tiên nói rằng cảnh báo sai. Hãy đọc phản ánh bên dưới, rồi thu hồi hoặc cho gửi tiếp.
warnings-desk-resume = Cho gửi tiếp
warnings-desk-resume-label = Vì sao cảnh báo vẫn đúng
warnings-desk-resume-other = Cán bộ đã duyệt không tự cho gửi tiếp được; hãy nhờ một cán bộ khác.
warnings-desk-held = Gửi theo hai đợt
warnings-desk-held-text = Cảnh báo này có nhiều người nhận, nên gửi cho một số ít trước. Những người còn lại được báo từ { $time }.
warnings-desk-paused = Mọi cảnh báo tại { $area } đang tạm dừng
warnings-desk-paused-text = Tạm dừng lúc { $time }. Lý do: { $reason }
warnings-desk-pause-link = Tạm dừng cảnh báo
warnings-desk-rules-link = Quy tắc cảnh báo
warnings-desk-reports-link = Báo cáo của địa điểm
warnings-desk-reports-waiting = { $count ->
   *[other] { NUMBER($count) } địa điểm báo có nhân viên dương tính, đang chờ kiểm tra
}
warnings-desk-of-report = Địa điểm báo
warnings-desk-new-report-title = Cảnh báo người đã đến { $place }
warnings-desk-disease-label = Bệnh

## Danh sách công khai, phía cán bộ
warnings-public-title = Danh sách công khai
warnings-public-lead = Chọn những nơi mà ai cũng được biết, kể cả người không dùng ứng dụng. Không bao giờ hiện số người dưới 5.
warnings-public-choose = Đưa lên danh sách
warnings-public-risky = { $count ->
   *[other] Chỉ { NUMBER($count) } người: nơi này có thể làm lộ ca bệnh là ai.
}
warnings-public-people = { $count ->
   *[other] { NUMBER($count) } người
}
warnings-public-days = Hiện trong bao nhiêu ngày
warnings-public-publish = Đưa lên danh sách công khai
warnings-public-on = Đang công khai đến { $time }
warnings-public-off = Đã gỡ
warnings-public-take-off = Gỡ khỏi danh sách
warnings-public-none = Chưa có nơi nào được công khai.

## Tạm dừng tất cả
warnings-pause-title = Tạm dừng cảnh báo
warnings-pause-lead = Khi nghi có cảnh báo sai hàng loạt: không tin nào được gửi thêm trong địa bàn cho đến khi bạn cho gửi lại. Tin đã gửi vẫn còn, muốn rút lại phải thu hồi.
warnings-pause-now = Đang tạm dừng
warnings-pause-none = Không có địa bàn nào đang tạm dừng.
warnings-pause-area = Địa bàn
warnings-pause-reason = Lý do
warnings-pause-reason-hint = Mọi cán bộ của địa bàn đều đọc được.
warnings-pause-button = Tạm dừng mọi cảnh báo
warnings-pause-resume = Cho gửi lại
warnings-pause-since = Từ { $time }
warnings-pause-past = Những lần trước
warnings-pause-ended = { $from } – { $to }
warnings-desk-state-stopped = Đã tự dừng

## Báo cáo của địa điểm: nhân viên dương tính
warnings-reports-title = Báo cáo của địa điểm
warnings-reports-lead = Người vận hành báo có nhân viên dương tính. Hãy gọi điện kiểm tra trước khi chấp nhận; chỉ khi đó mới cảnh báo được cho khách đã đến.
warnings-reports-none-title = Chưa có báo cáo nào
warnings-reports-none = Khi một địa điểm trong địa bàn của bạn báo có nhân viên dương tính, báo cáo hiện ở đây.
warnings-reports-duty = Có mặt tại đó
warnings-reports-at = Báo lúc
warnings-reports-rooms = Phòng, khu vực
warnings-reports-rooms-all = Toàn bộ địa điểm
warnings-reports-tested = Ngày xét nghiệm
warnings-reports-contact = Cách liên hệ người đó
warnings-reports-note = Ghi chú
warnings-reports-read = Việc bạn mở trang này được ghi vào nhật ký.
warnings-reports-state-new = Chờ kiểm tra
warnings-reports-state-accepted = Đã chấp nhận
warnings-reports-state-refused = Đã từ chối
warnings-reports-decide = Kiểm tra và quyết định
warnings-reports-decide-hint = Gọi cho người vận hành và đối chiếu kết quả xét nghiệm. Chấp nhận chưa gửi cảnh báo nào.
warnings-reports-reason = Ghi chú hoặc lý do từ chối
warnings-reports-reason-hint = Bắt buộc khi từ chối. Người vận hành đọc được.
warnings-reports-accept = Chấp nhận
warnings-reports-refuse = Từ chối
warnings-reports-warn = Cảnh báo người đã đến
warnings-reports-warn-hint = Lấy địa điểm và khung giờ này làm nguồn tiếp xúc: ai đã ở đó đủ lâu theo quy tắc sẽ được cảnh báo. Bạn xem bản chạy thử trước.
warnings-reports-warn-button = Xem bản chạy thử
warnings-reports-case = Mở ca bệnh
warnings-reports-case-hint = Nếu biết số điện thoại của người đó, hãy mở ca bệnh để truy vết cả những nơi khác họ đã đến.
warnings-reports-case-button = Mở ca bệnh
warnings-reports-phone = Số điện thoại của người đó
warnings-reports-onset = Ngày khởi phát

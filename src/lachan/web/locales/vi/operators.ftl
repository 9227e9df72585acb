# Giao điểm quét do cơ quan đăng ký cho người quản lý.
operators-text = Lá Chắn: bạn được mời quản lý điểm quét "{ $place }". Đăng nhập { $url } bằng số này trong { $days } ngày để nhận hoặc từ chối.
operators-text-many = Lá Chắn: bạn được mời quản lý { $count } điểm quét. Đăng nhập { $url } bằng số này trong { $days } ngày để nhận hoặc từ chối.

# Trang của cán bộ.
operators-title = Người quản lý
operators-facts = Thông tin
operators-open = Mở
operators-posters = Tờ dán
operators-yes = Đã có người quản lý
operators-yes-given = Cơ quan đã giao nơi này. Cán bộ không thấy người quản lý là ai.
operators-yes-own = Người dân tự đăng ký nơi này. Chỉ chủ điểm quét mời được người khác.
operators-no = Chưa có người quản lý
operators-no-text = Tờ dán vẫn nhận lượt quét, nhưng chưa ai xem số người, kết thúc ngày hay báo ca bệnh. Hãy mời người phụ trách nơi này.
operators-none-badge = Chưa có
operators-some-badge = Có
operators-column = Người quản lý
operators-by-phone = Mời qua số điện thoại
operators-phone = Số điện thoại của người phụ trách
operators-phone-hint = Người này nhận tin nhắn, đăng nhập bằng chính số đó rồi nhận lời. Lời mời có hiệu lực { $days } ngày.
operators-send = Gửi lời mời
operators-by-code = Mời bằng mã in ra giấy
operators-by-code-text = Khi chưa biết số điện thoại: đưa mã tận tay người phụ trách. Ai cầm mã trước sẽ nhận được nơi này, nên chỉ đưa cho đúng người.
operators-make-code = Tạo mã mời
operators-invitations = Lời mời chưa nhận
operators-invited-phone = Số điện thoại kết thúc bằng { $end }
operators-invited-code = Mã in ra giấy
operators-state-open = chờ nhận đến { $date }
operators-state-declined = đã từ chối
operators-state-expired = hết hạn ngày { $date }
operators-withdraw = Thu hồi lời mời
operators-did-sent = Đã gửi lời mời
operators-did-withdrawn = Đã thu hồi lời mời
operators-did-taken = Đã thu hồi điểm quét. Hãy mời người phụ trách mới.
operators-code-title = Mã nhận quản lý điểm quét
operators-code-once = Mã chỉ hiện một lần
operators-code-once-text = In trang này hoặc chép mã ngay bây giờ, rồi đưa cho người phụ trách. Mã dùng được một lần, đến { $date }.
operators-code = Mã
operators-code-picture = Mã QR để nhận quản lý { $place }
operators-code-step-1 = Quét mã QR này, hoặc mở { $site } rồi nhập mã.
operators-code-step-2 = Đăng nhập bằng số điện thoại của bạn.
operators-code-step-3 = Bấm “Nhận lời” để quản lý nơi này: in tờ dán, xem số người, kết thúc ngày.
operators-code-keep = Ai cầm mã này đều nhận được nơi này. Đừng dán hay gửi công khai.
operators-code-done = Xong
operators-take-back = Thu hồi điểm quét
operators-take-back-title = Thu hồi điểm quét này?
operators-take-back-text = Dùng khi lời mời đến nhầm người. Mọi người đang quản lý sẽ mất quyền, thiết bị ở cửa và lời mời của họ ngừng ngay. Tờ dán và các lượt quét vẫn giữ nguyên.
operators-reason = Lý do
operators-reason-hint = Ghi vào nhật ký kiểm tra, ví dụ: mã bị gửi nhầm
operators-take-back-yes = Thu hồi
operators-take-back-no = Giữ nguyên
operators-confirm-hint = Bạn đăng nhập đã lâu. Nhập lại mật khẩu để chắc chắn đây là bạn.
operators-field-confirm = Nhập mật khẩu của bạn.

# Trang đăng ký nhiều điểm quét.
operators-list-title = Người quản lý
operators-list-invited = Người được mời qua tin nhắn
operators-list-unowned = { $count } điểm quét trong danh sách chưa có người quản lý.
operators-list-all = Mọi điểm quét trong danh sách đã có người quản lý.
operators-list-codes = Tạo mã mời cho { $count } nơi (CSV)
operators-list-codes-text = Mỗi nơi một mã, dùng một lần trong { $days } ngày. Mã chỉ có trong tệp này; tạo lại thì mã cũ hết hiệu lực.
operators-csv-address = Địa chỉ
operators-csv-code = Mã nhận quản lý
operators-csv-link = Đường dẫn

# Trang của người được mời.
operators-offers = Bạn được mời quản lý
operators-mine = Đang quản lý
operators-offer-until = Cơ quan y tế mời bạn nhận trước ngày { $date }.
operators-offer-yes = Nhận lời
operators-offer-no = Không phải tôi
operators-offer-declined = Đã từ chối lời mời

error-place-has-operator-title = Đã có người quản lý
error-place-has-operator = Nơi này đã có người quản lý nên không mời thêm từ đây được.
error-place-not-given-title = Không thu hồi được
error-place-not-given = Người dân tự đăng ký nơi này nên cơ quan không thu hồi được.
error-too-many-invitations-title = Quá nhiều lời mời
error-too-many-invitations = Mỗi điểm quét có nhiều nhất { $most } lời mời chưa nhận. Hãy thu hồi bớt.

# Đơn vị hành chính
error-area-not-found-title = Không có đơn vị hành chính này
error-area-not-found = Không có đơn vị hành chính này.
error-area-not-here-title = Ngoài địa bàn
error-area-not-here = Vị trí này không thuộc phường, xã hay đặc khu nào.

# Đơn vị hành chính
error-area-unknown = Không có đơn vị hành chính này.
error-area-not-here = Vị trí này không thuộc xã, phường hay đặc khu nào.

# Loại điểm quét, theo các nhóm của đợt triển khai quét mã QR trên toàn quốc.
places-kind-school = Trường học
places-kind-medical = Cơ sở khám, chữa bệnh
places-kind-hotel = Khách sạn, nhà nghỉ
places-kind-quarantine_hotel = Khách sạn cách ly
places-kind-transport = Phương tiện giao thông
places-kind-station = Bến xe, nhà ga, sân bay
places-kind-workplace = Nơi làm việc, nhà máy
places-kind-market = Chợ, siêu thị, trung tâm thương mại
places-kind-university = Trường đại học, cao đẳng
places-kind-dormitory = Ký túc xá
places-kind-food = Quán ăn, quán nước
places-kind-worship = Cơ sở tôn giáo, tín ngưỡng
places-kind-office = Cơ quan hành chính
places-kind-event = Sự kiện, hội họp
places-kind-household = Hộ gia đình
places-kind-other = Nơi khác

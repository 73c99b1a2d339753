/** What two exchanges of the demonstration sell, as the table that such a partner would publish. Made up, like all goods here. */
const heading = 'id,title,link,price,availability,quantity,brand,product_type,unit';

type Shelf = readonly (readonly [name: string, priceVnd: number, brand: string, set: string, unit: string])[];

const bacLieu: Shelf = [
  ['Muối hầm Đông Hải', 18_000, 'HTX Muối Điền Hải', 'gia-vi-khac', 'gói 500 g'],
  ['Muối tôm Bạc Liêu', 35_000, 'HTX Muối Điền Hải', 'gia-vi-khac', 'hũ 200 g'],
  ['Tôm khô Gành Hào', 520_000, 'Cơ sở Gành Hào', 'che-bien-tu-thit-thuy-san', 'gói 500 g'],
  ['Khô cá kèo', 260_000, 'Cơ sở Gành Hào', 'che-bien-tu-thit-thuy-san', 'gói 500 g'],
  ['Nhãn cổ Bạc Liêu', 60_000, 'HTX Nhãn Hiệp Thành', 'rau-cu-qua-tuoi', 'kg'],
  ['Bánh củ cải Bạc Liêu', 40_000, 'Bánh Cô Tư', 'che-bien-tu-gao-ngu-coc', 'hộp 6 cái'],
  ['Lúa tôm Phước Long', 32_000, 'HTX Trường Phú', 'gao-ngu-coc', 'kg'],
  ['Gạo Một bụi đỏ Hồng Dân', 38_000, 'HTX Hồng Dân', 'gao-ngu-coc', 'kg'],
  ['Mắm chua cá đồng', 75_000, 'Mắm Bà Năm', 'che-bien-tu-thit-thuy-san', 'hũ 500 g'],
  ['Rong câu khô', 90_000, 'HTX Gò Cát', 'che-bien-tu-rau-cu-qua', 'gói 300 g'],
  ['Trứng bào xác artemia', 450_000, 'HTX Gò Cát', 'thit-thuy-san-trung-sua-tuoi', 'lon 100 g'],
  ['Xá pấu sợi', 28_000, 'Bánh Cô Tư', 'che-bien-tu-rau-cu-qua', 'gói 300 g'],
];
const hauGiang: Shelf = [
  ['Khóm Cầu Đúc', 22_000, 'HTX Thạnh Thắng', 'rau-cu-qua-tuoi', 'kg'],
  ['Khô cá thát lát tẩm gia vị', 320_000, 'HTX Kỳ Như', 'che-bien-tu-thit-thuy-san', 'gói 500 g'],
  ['Mật ong tràm Hậu Giang', 240_000, 'HTX Lung Ngọc Hoàng', 'mat-ong-nong-san-khac', 'chai 500 ml'],
  ['Gạo Vị Thủy', 26_000, 'HTX Vị Thủy', 'gao-ngu-coc', 'kg'],
];

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const tableOf = (origin: string, shelf: Shelf): string =>
  [
    heading,
    ...shelf.map(([name, priceVnd, brand, set, unit], at) =>
      [`${at + 1}`, name, `https://${origin}/san-pham/${at + 1}`, `${priceVnd} VND`, 'in_stock', '40', brand, set, unit]
        .map(cell)
        .join(','),
    ),
  ].join('\n');

/** By host. */
export const partnerTables: ReadonlyMap<string, string> = new Map(
  [['bac-lieu.exchange.example', bacLieu] as const, ['hau-giang.exchange.example', hauGiang] as const].map(
    ([origin, shelf]) => [origin, tableOf(origin, shelf)],
  ),
);

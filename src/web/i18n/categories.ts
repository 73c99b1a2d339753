import type { Locale } from '../locale.ts';

type Names = Readonly<Record<Locale, string>>;

/**
 * The 26 product sets in words that a shopper would use; their official names are long and stand on their own pages.
 * Khmer names await review by a native speaker.
 */
const names: Readonly<Record<string, Names>> = {
  'rau-cu-qua-tuoi': { vi: 'Rau, củ, trái cây', en: 'Fruit and vegetables', km: 'បន្លែ ផ្លែឈើ' },
  'thit-thuy-san-trung-sua-tuoi': { vi: 'Tôm cá, thịt, trứng', en: 'Fish, meat, eggs', km: 'ត្រី សាច់ ស៊ុត' },
  'gao-ngu-coc': { vi: 'Gạo, ngũ cốc', en: 'Rice and grains', km: 'អង្ករ ធញ្ញជាតិ' },
  'mat-ong-nong-san-khac': { vi: 'Mật, đường', en: 'Honey and sugar', km: 'ទឹកឃ្មុំ ស្ករ' },
  'do-an-nhanh': { vi: 'Món ăn liền', en: 'Ready meals', km: 'អាហាររហ័ស' },
  'che-bien-tu-gao-ngu-coc': { vi: 'Bánh, bún, cốm', en: 'Cakes and noodles', km: 'នំ និងមី' },
  'che-bien-tu-rau-cu-qua': { vi: 'Mứt, dưa, kẹo', en: 'Preserves and sweets', km: 'ដំណាប់ និងស្ករគ្រាប់' },
  'che-bien-tu-thit-thuy-san': { vi: 'Lạp xưởng, khô, mắm', en: 'Sausage and dried fish', km: 'សាច់ក្រក ត្រីងៀត' },
  'nuoc-mam-gia-vi-long': { vi: 'Nước mắm, dầu', en: 'Fish sauce and oils', km: 'ទឹកត្រី ប្រេង' },
  'gia-vi-khac': { vi: 'Muối, tiêu, gia vị', en: 'Salt and spices', km: 'អំបិល គ្រឿងទេស' },
  che: { vi: 'Chè', en: 'Tea', km: 'តែ' },
  'tra-tu-thuc-vat-khac': { vi: 'Trà thảo mộc', en: 'Herbal tea', km: 'តែរុក្ខជាតិ' },
  'ca-phe-ca-cao': { vi: 'Cà phê, ca cao', en: 'Coffee and cocoa', km: 'កាហ្វេ កាកាវ' },
  'ruou-trang': { vi: 'Rượu trắng', en: 'White spirits', km: 'ស្រាស' },
  'do-uong-co-con-khac': { vi: 'Rượu trái cây', en: 'Fruit wines', km: 'ស្រាផ្លែឈើ' },
  'nuoc-uong-dong-chai': { vi: 'Nước uống', en: 'Bottled water', km: 'ទឹកដប' },
  'do-uong-khong-con': { vi: 'Nước trái cây, yến', en: 'Juices and nest drinks', km: 'ភេសជ្ជៈ' },
  'thuc-pham-chuc-nang-duoc-lieu': { vi: 'Dược liệu', en: 'Herbal medicine', km: 'ឱសថបុរាណ' },
  'my-pham-duoc-lieu': { vi: 'Chăm sóc da, tóc', en: 'Skin and hair care', km: 'គ្រឿងសម្អាង' },
  'tinh-dau-duoc-lieu-khac': { vi: 'Tinh dầu, thảo dược', en: 'Essential oils', km: 'ប្រេងក្រអូប' },
  'thu-cong-gia-dung-trang-tri': { vi: 'Đan lát, thủ công', en: 'Handicrafts', km: 'សិប្បកម្ម' },
  'vai-may-mac': { vi: 'Khăn rằn, thổ cẩm', en: 'Scarves and textiles', km: 'ក្រមា និងតម្បាញ' },
  hoa: { vi: 'Hoa', en: 'Flowers', km: 'ផ្កា' },
  'cay-canh': { vi: 'Cây cảnh', en: 'Ornamental plants', km: 'រុក្ខជាតិលម្អ' },
  'dong-vat-canh': { vi: 'Cá, chim cảnh', en: 'Ornamental animals', km: 'សត្វលម្អ' },
  'du-lich': { vi: 'Du lịch miệt vườn', en: 'River and garden tours', km: 'ទេសចរណ៍សហគមន៍' },
};

/** The everyday name of a set; its own name where a new set has none yet. */
export const categoryName = (locale: Locale, slug: string, official: string): string =>
  names[slug]?.[locale] ?? official;

/** In the order of the national programme. */
export const categorySlugs: readonly string[] = Object.keys(names);

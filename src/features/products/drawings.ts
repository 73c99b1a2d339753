/**
 * What a product without a photograph is drawn as: the first row whose words its name holds, of its set or of any.
 * Order matters: `mắm tôm` is a jar before it is a prawn. Products that no row knows get the drawing of their set.
 */
const rows: readonly (readonly [subject: string, words: RegExp, sets?: readonly string[]])[] = [
  ['mam', /(?<!nước )mắm (cá|tép|ruốc|sò|cua|tôm|thái|bò)|càm tôm/],
  ['dau', /^dầu /, ['nuoc-mam-gia-vi-long']],
  ['cha-gio', /chả giò/],
  ['yen', /^yến/],
  ['sua', /^sữa|bánh sữa/],
  ['trung', /hột vịt/, ['thit-thuy-san-trung-sua-tuoi', 'che-bien-tu-thit-thuy-san']],
  ['cha-lua', /chả lụa|chả chiên|nem chua|giò thủ|chả cá|chả tôm/],
  ['kho-ca', /^khô (?!trâu)|một nắng/],
  ['tom-kho', /tôm khô|ruốc khô|tép sấy/],
  ['cua', /^cua /],
  ['tom', /^(?!há cảo).*(tôm|artemia)/, ['thit-thuy-san-trung-sua-tuoi', 'do-an-nhanh']],
  ['do-hop', /đóng hộp|nước đường/],
  ['keo', /^kẹo|mè láo|bánh in/],
  ['bun', /\bbún\b|hủ tiếu/, ['che-bien-tu-gao-ngu-coc', 'do-an-nhanh']],
  ['banh-tet', /bánh (tét|ú)/],
  ['banh-trang', /bánh (tráng|phồng)/],
  ['bao-hat', /đậu xanh cà|mè đen sạch|cốm dẹp|bột ngũ cốc/],
  ['duong', /^đường/],
  ['sau-rieng', /sầu riêng/, ['rau-cu-qua-tuoi', 'che-bien-tu-rau-cu-qua']],
  ['sen', /hạt sen|củ sen/, ['rau-cu-qua-tuoi', 'che-bien-tu-rau-cu-qua']],
  ['khoai', /khoai/, ['rau-cu-qua-tuoi', 'che-bien-tu-rau-cu-qua']],
  ['nam', /\bnấm\b/, ['rau-cu-qua-tuoi', 'che-bien-tu-rau-cu-qua', 'tinh-dau-duoc-lieu-khac']],
  ['dua', /\bdừa\b/, ['rau-cu-qua-tuoi']],
  ['rau-xanh', /rau|ớt|bồn bồn|củ cải/, ['rau-cu-qua-tuoi']],
  ['trai-cay', /bưởi|cam |nhãn|vú sữa|mãng cầu|xoài/, ['rau-cu-qua-tuoi']],
  ['chieu', /chiếu|thảm/],
  ['mat-na', /mặt nạ/],
];
/** The name of a drawing under `web/assets/illustrations`. `name` is the Vietnamese one. */
export function drawingFor(categorySlug: string, name: string): string {
  const text = name.normalize('NFC').toLowerCase();
  const [subject] = rows.find(([, words, sets]) => words.test(text) && (!sets || sets.includes(categorySlug))) ?? [];
  return subject ?? categorySlug;
}

import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { FIELD_HEADINGS, type Field } from '#features/imports/types.ts';
import type { Column, ExportTable, Row, Table } from './types.ts';

/** More than the largest business of the region has in ten years; beyond it a table is cut and not the process. */
const maxRows = 200_000;

const local = (at: SQL): SQL => sql`to_char(${at} at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI:SS')`;
const column = (field: Field): Column => [field, ...FIELD_HEADINGS[field]];

type Source = { readonly columns: readonly Column[]; readonly rows: (businessId: BusinessId) => SQL };

const named: readonly Column[] = [
  ['sku', 'Mã hàng', 'SKU'],
  ['variantSku', 'Mã quy cách', 'Variant SKU'],
  ['name', 'Tên sản phẩm', 'Name'],
];
const naming = sql`p.sku, v.sku as "variantSku", p.name_vi as name`;

/** The sheet of goods has the headings that an import recognises: sent back as it is, it changes nothing. */
const products: Source = {
  columns: [
    ...(
      [
        'sku',
        'variantSku',
        'nameVi',
        'nameEn',
        'label',
        'category',
        'priceVnd',
        'compareAtVnd',
        'stock',
        'unitVi',
        'netWeightG',
        'gtin',
        'descriptionVi',
        'descriptionEn',
        'vatRatePercent',
        'ingredientsVi',
        'allergens',
        'storage',
        'shelfLifeDays',
        'minOrder',
        'maxOrder',
      ] as const
    ).map(column),
    ['status', 'Trạng thái', 'State'],
    ['slug', 'Đường dẫn', 'Address'],
  ],
  rows: (
    id,
  ) => sql`select p.sku, v.sku as "variantSku", p.name_vi as "nameVi", p.name_en as "nameEn", v.label, c.name_vi as category,
      pr.price_vnd::float8 as "priceVnd", pr.compare_at_vnd::float8 as "compareAtVnd", s.on_hand as stock, p.unit_vi as "unitVi", v.net_weight_g as "netWeightG",
      p.gtin, p.description_vi as "descriptionVi", p.description_en as "descriptionEn", p.vat_bps::float8 / 100 as "vatRatePercent",
      p.ingredients_vi as "ingredientsVi", array_to_string(p.allergens, ';') as allergens, p.storage, p.shelf_life_days as "shelfLifeDays",
      v.min_order as "minOrder", v.max_order as "maxOrder", p.status, p.slug
    from products p join variants v on v.product_id = p.id join prices pr on pr.variant_id = v.id join stock s on s.variant_id = v.id
      join categories c on c.id = p.category_id
    where p.business_id = ${id} and p.partner_key is null order by p.sku, v.position`,
};

const sources: Readonly<Record<ExportTable, Source>> = {
  products,
  'price-history': {
    columns: [
      ...named,
      ['priceVnd', 'Giá bán', 'Price'],
      ['compareAtVnd', 'Giá gạch bỏ', 'Compare-at price'],
      ['validFrom', 'Từ lúc', 'From'],
    ],
    rows: (
      id,
    ) => sql`select ${naming}, h.price_vnd::float8 as "priceVnd", h.compare_at_vnd::float8 as "compareAtVnd", ${local(sql`h.valid_from`)} as "validFrom"
      from products p join variants v on v.product_id = p.id join price_history h on h.variant_id = v.id
      where p.business_id = ${id} and p.partner_key is null order by p.sku, v.position, h.valid_from, h.id`,
  },
  stock: {
    columns: [
      ...named,
      ['onHand', 'Tồn kho', 'On hand'],
      ['held', 'Đang giữ cho khách', 'Held'],
      ['lowAt', 'Báo khi còn', 'Alert at'],
    ],
    rows: (id) => sql`select ${naming}, s.on_hand as "onHand", s.held, s.low_at as "lowAt"
      from products p join variants v on v.product_id = p.id join stock s on s.variant_id = v.id
      where p.business_id = ${id} and p.partner_key is null order by p.sku, v.position`,
  },
  movements: {
    columns: [
      ...named,
      ['at', 'Lúc', 'At'],
      ['change', 'Thay đổi', 'Change'],
      ['reason', 'Lý do', 'Reason'],
      ['reference', 'Chứng từ', 'Reference'],
    ],
    rows: (id) => sql`select ${naming}, ${local(sql`m.at`)} as at, m.change, m.reason, m.reference
      from products p join variants v on v.product_id = p.id join stock_movements m on m.variant_id = v.id
      where p.business_id = ${id} and p.partner_key is null order by m.at, m.id`,
  },
  certificates: {
    columns: [
      ['code', 'Mã', 'Code'],
      ['sku', 'Mã hàng', 'SKU'],
      ['name', 'Tên sản phẩm', 'Name'],
      ['kind', 'Loại', 'Kind'],
      ['star', 'Sao', 'Star'],
      ['decisionNumber', 'Số quyết định', 'Decision'],
      ['issuer', 'Nơi cấp', 'Issuer'],
      ['issuedOn', 'Ngày cấp', 'Issued on'],
      ['validUntil', 'Hết hiệu lực', 'Ends'],
      ['status', 'Trạng thái', 'State'],
    ],
    rows: (
      id,
    ) => sql`select c.code, p.sku, p.name_vi as name, c.kind, c.star, c.decision_number as "decisionNumber", c.issuer, c.issued_on::text as "issuedOn",
        ${local(sql`c.valid_until`)} as "validUntil", c.status
      from certificates c join products p on p.id = c.product_id where p.business_id = ${id} order by c.issued_on, c.code`,
  },
  orders: {
    columns: [
      ['code', 'Mã đơn', 'Order'],
      ['createdAt', 'Đặt lúc', 'Placed at'],
      ['status', 'Trạng thái', 'State'],
      ['paymentStatus', 'Thanh toán', 'Payment'],
      ['fulfilmentStatus', 'Giao hàng', 'Fulfilment'],
      ['subtotalVnd', 'Tiền hàng', 'Goods'],
      ['shippingVnd', 'Phí giao', 'Freight'],
      ['totalVnd', 'Tổng', 'Total'],
      ['recipient', 'Người nhận', 'Recipient'],
      ['phone', 'Điện thoại', 'Phone'],
      ['address', 'Địa chỉ', 'Address'],
      ['carrier', 'Đơn vị giao', 'Carrier'],
      ['trackingNumber', 'Mã vận đơn', 'Tracking number'],
    ],
    // As the desk shows orders: those that nobody has paid yet are the shopper's alone.
    rows: (
      id,
    ) => sql`select o.code, ${local(sql`o.created_at`)} as "createdAt", o.status, o.payment_status as "paymentStatus", o.fulfilment_status as "fulfilmentStatus",
        o.subtotal_vnd::float8 as "subtotalVnd", o.shipping_vnd::float8 as "shippingVnd", o.total_vnd::float8 as "totalVnd",
        g.delivery #>> '{recipient,name}' as recipient, g.delivery #>> '{recipient,phone}' as phone,
        concat_ws(', ', g.delivery #>> '{address,line}', g.delivery #>> '{address,ward}', g.delivery #>> '{address,province}') as address, o.carrier, o.tracking_number as "trackingNumber"
      from orders o join order_groups g on g.id = o.group_id where o.business_id = ${id} and o.status <> 'awaiting-payment' order by o.created_at, o.code`,
  },
  'order-lines': {
    columns: [
      ['code', 'Mã đơn', 'Order'],
      ['sku', 'Mã hàng', 'SKU'],
      ['name', 'Tên sản phẩm', 'Name'],
      ['quantity', 'Số lượng', 'Quantity'],
      ['priceVnd', 'Đơn giá', 'Price'],
      ['totalVnd', 'Thành tiền', 'Total'],
    ],
    rows: (
      id,
    ) => sql`select o.code, l.sku, l.name, l.quantity, l.price_vnd::float8 as "priceVnd", l.total_vnd::float8 as "totalVnd"
      from orders o join order_lines l on l.order_id = o.id where o.business_id = ${id} and o.status <> 'awaiting-payment' order by o.created_at, o.code, l.id`,
  },
  statement: {
    columns: [
      ['at', 'Lúc', 'At'],
      ['kind', 'Bút toán', 'Journal'],
      ['reference', 'Chứng từ', 'Reference'],
      ['account', 'Tài khoản', 'Account'],
      ['amountVnd', 'Số tiền', 'Amount'],
    ],
    rows: (
      id,
    ) => sql`select ${local(sql`j.at`)} as at, j.kind, j.reference, e.account, e.amount_vnd::float8 as "amountVnd"
      from entries e join journals j on j.id = e.journal_id where e.business_id = ${id} order by j.at, e.id`,
  },
  members: {
    columns: [
      ['name', 'Họ tên', 'Name'],
      ['role', 'Vai trò', 'Role'],
      ['since', 'Từ lúc', 'Since'],
    ],
    rows: (id) => sql`select a.name, m.role, ${local(sql`m.since`)} as since
      from business_members m join accounts a on a.id = m.account_id where m.business_id = ${id} order by m.since, a.name`,
  },
};

/** One table of what is a business's own. */
export async function readTable(reader: Reader, name: ExportTable, businessId: BusinessId): Promise<Table> {
  const { columns, rows: query } = sources[name];
  const { rows } = await reader.execute<Row>(sql`${query(businessId)} limit ${maxRows}`);
  return { columns, rows };
}

export async function listBusinesses(reader: Reader, ids: readonly BusinessId[]) {
  const { rows } = await reader.execute<{ businessId: BusinessId; name: string; slug: string }>(
    sql`select id as "businessId", name, slug from businesses where id = any(${sql.param([...ids])}::uuid[]) order by name`,
  );
  return rows;
}

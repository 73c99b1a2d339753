import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';

/** A page that search engines may keep, by its path without language. */
export type Listed = {
  readonly path: string;
  readonly changedAt: string | null;
  readonly pictureIds: readonly string[];
};

const isShown = sql`p.partner_key is null and p.status = 'listed' and b.status = 'approved'`;

/** Pages of our own products in the order of their ids; a partner's are for its own sitemap. */
export async function listProductPages(reader: Reader, offset: number, limit: number): Promise<Listed[]> {
  const { rows } = await reader.execute<Listed>(sql`
    select '/san-pham/' || p.slug as path, to_json(p.updated_at) #>> '{}' as "changedAt",
      array(select i.id from pictures i where i.product_id = p.id order by i.position limit 10) as "pictureIds"
    from products p join businesses b on b.id = p.business_id where ${isShown}
    order by p.id limit ${limit} offset ${offset}`);
  return rows;
}

export async function countProductPages(reader: Reader): Promise<number> {
  const { rows } = await reader.execute<{ count: number }>(
    sql`select count(*)::int as count from products p join businesses b on b.id = p.business_id where ${isShown}`,
  );
  return rows[0]?.count ?? 0;
}

/** Pages of our businesses and their wards, of sets in which something is for sale, of gift boxes and of papers in force. */
export async function listPlacePages(reader: Reader): Promise<Listed[]> {
  const { rows } = await reader.execute<Listed>(sql`
    select '/danh-muc/' || c.slug as path, null as "changedAt", array[]::uuid[] as "pictureIds" from categories c
      where exists (select from products p join businesses b on b.id = p.business_id where p.category_id = c.id and ${isShown})
    union all
    select '/co-so/' || b.slug, null, array[]::uuid[] from businesses b where b.partner_key is null and b.status = 'approved'
    union all
    select distinct '/xa-phuong/' || b.ward_code, null, array[]::uuid[] from businesses b
      where b.partner_key is null and b.status = 'approved' and b.ward_code is not null
    union all
    select '/hop-qua/' || x.slug, to_json(x.updated_at) #>> '{}', array[]::uuid[] from bundles x where x.status = 'listed'
    union all
    select '/chung-nhan/' || c.code, null, array[]::uuid[] from certificates c join products p on p.id = c.product_id
      join businesses b on b.id = p.business_id where c.status = 'verified' and ${isShown}
    order by 1`);
  return rows;
}

export type NewProduct = {
  readonly productId: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly businessName: string;
  readonly category: string;
  readonly createdAt: string;
};

/** Our own products, the newest first. */
export async function listNewest(reader: Reader, limit: number): Promise<NewProduct[]> {
  const { rows } = await reader.execute<NewProduct>(sql`
    select p.id as "productId", p.slug, p.name_vi as name, p.description_vi as description, b.name as "businessName",
      c.name_vi as category, to_json(p.created_at) #>> '{}' as "createdAt"
    from products p join businesses b on b.id = p.business_id join categories c on c.id = p.category_id where ${isShown}
    order by p.created_at desc, p.id desc limit ${limit}`);
  return rows;
}

import type { Row } from '#federation/adapters/json-rows.ts';

/** A pack that a simulated shop sells. `price` in đồng; `stock` undefined is not counted. */
export type Pack = {
  id: number;
  sku: string;
  label: string;
  price: number;
  sale?: { price: number; from?: number; to?: number } | undefined;
  stock: number | undefined;
};
export type Goods = {
  id: number;
  slug: string;
  title: string;
  html: string;
  isShown: boolean;
  /** Milliseconds; what the system says of it is another matter. */
  changedAt: number;
  packs: Pack[];
  /** Members laid over what the system would say, for changed schemas and hostile words. */
  overlay?: Row;
};

/** What a simulated shop truly has. Its clock is moved by the test. */
export class Books {
  readonly goods = new Map<number, Goods>();
  nowMs = Date.parse('2026-11-26T03:00:00Z');
  /** Set by a test: called before every answer to a list of products, with the number of the answer. */
  onList: (answer: number) => void = () => {};
  private nextId = 1;

  add(title: string, packs: readonly Partial<Pack>[] = [{}], more: Partial<Goods> = {}): Goods {
    const id = this.nextId++;
    const made = packs.map((pack, i) => {
      // A product of one pack is sold under its own number in some systems, so the packs of others must not meet it.
      const packId = packs.length === 1 ? id : this.nextId++;
      const label = packs.length === 1 ? '' : `Gói ${i + 1}`;
      return { id: packId, sku: `SP-${packId}`, label, price: 45_000 + id, stock: 10, ...pack };
    });
    const goods = { id, slug: `sp-${id}`, title, html: '<p>Ngon</p>', isShown: true, changedAt: this.nowMs, ...more };
    this.goods.set(id, { ...goods, packs: made });
    return this.find(id);
  }
  find(id: number): Goods {
    const goods = this.goods.get(id);
    if (!goods) throw new Error(`no goods ${id}`);
    return goods;
  }
  /** Moves the date, as an edit of texts does. */
  edit(id: number, patch: Partial<Goods>): void {
    Object.assign(this.find(id), patch, { changedAt: this.nowMs });
  }
  setPrice(id: number, price: number): void {
    for (const pack of this.find(id).packs) pack.price = price;
    this.edit(id, {});
  }
  /** Moves no date: the trap that all these systems share. */
  setStock(id: number, stock: number): void {
    for (const pack of this.find(id).packs) pack.stock = stock;
  }
  /** No tombstone is kept. */
  remove(id: number): Goods {
    const goods = this.find(id);
    this.goods.delete(id);
    return goods;
  }
  restore(goods: Goods): void {
    this.goods.set(goods.id, goods);
    this.edit(goods.id, {});
  }
  /** By id; `since` in the second resolution that all these systems keep. */
  list(since = Number.NEGATIVE_INFINITY, isInclusive = true): readonly Goods[] {
    const second = (ms: number) => Math.floor(ms / 1000) * 1000;
    const isIn = ({ changedAt }: Goods) => (isInclusive ? second(changedAt) >= since : second(changedAt) > since);
    return [...this.goods.values()].filter(isIn).sort((a, b) => a.id - b.id);
  }
}

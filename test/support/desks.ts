import { transact } from '#db/client.ts';
import { type Answer, type Client, createClient } from '#test/support/client.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';

export type OwnProduct = {
  readonly productId: string;
  readonly state: string;
  readonly slug: string | null;
  readonly fields: {
    readonly nameVi: string;
    readonly descriptionVi: string;
    readonly variants: readonly (Record<string, unknown> & { variantId: string; priceVnd: number })[];
  };
  readonly waiting: readonly { readonly field: string }[];
  readonly verdict: {
    readonly status: string;
    readonly reason: string | null;
    readonly reasonText: string | null;
  } | null;
};
export type QueueItem = {
  readonly itemId: string;
  readonly subject: { readonly id: string };
  readonly title: string;
  readonly openedAt: string;
  readonly dueAt: string;
};
export type ChangeSet = {
  readonly setId: string;
  readonly version: number;
  readonly flagCount: number;
  readonly items: readonly {
    readonly field: string;
    readonly before: unknown;
    readonly after: unknown;
    readonly now?: unknown;
    readonly moved: boolean;
    readonly flags: readonly { readonly kind: string; readonly text: string }[];
  }[];
};

/** The one size of a product as it is typed for the first time. */
export const size = {
  variantId: null,
  sku: '',
  label: '',
  priceVnd: 45_000,
  compareAtVnd: null,
  next: null,
  netWeightG: 500,
  minOrder: 1,
  maxOrder: 50,
  onHand: 20,
  active: true,
};
export const cake = { nameVi: 'Bánh ống lá dứa', unitVi: 'hộp 10 cái', categoryId: 6, variants: [size] };

export type Desks = Awaited<ReturnType<typeof openDesks>>;

const logins = {
  seller: 'nguoiban@cho-noi.example',
  other: 'nguoiban2@cho-noi.example',
  officer: 'quantri@cho-noi.example',
  second: 'duyet@thu.example',
} as const;
type Who = keyof typeof logins;

/** Both sides of the counter: a seller, somebody else's seller, and two officers. */
export async function openDesks() {
  const node: TestNode = await startNode();
  const moderator = { name: 'Cán bộ duyệt', login: logins.second, password: demoPassword } as const;
  await transact(node.db, 'test', (tx) =>
    node.services.identity.addAccount(tx, { ...moderator, staffRole: 'moderator' }),
  );
  const people: Record<Who, Client> = {
    seller: createClient(node.url),
    other: createClient(node.url),
    officer: createClient(node.url),
    second: createClient(node.url),
  };
  /** Sessions end while a test moves the clock by months. */
  const signInAll = async (): Promise<void> => {
    for (const who of Object.keys(logins) as Who[]) people[who] = await signIn(node.url, logins[who], demoPassword);
  };
  await signInAll();
  const { items } = await node.guest.products('business=htx-hanh-tim-bai-giong&limit=1');
  const businessId = items[0]?.business.businessId ?? '';

  const read = (id: string) => people.seller.expect<OwnProduct>(200, 'GET', `/v1/seller/products/${id}`);
  const etagOf = async (id: string): Promise<string> =>
    (await people.seller.send('GET', `/v1/seller/products/${id}`)).headers.get('etag') ?? '';
  const act = (id: string, verb: string, who: Who = 'seller') =>
    people[who].send('POST', `/v1/seller/products/${id}/${verb}`);
  const create = async (fields: object): Promise<string> => {
    const body = { businessId, fields };
    return (await people.seller.expect<{ productId: string }>(201, 'POST', '/v1/seller/products', { body })).productId;
  };
  const findSet = async (productId: string, status = 'proposed'): Promise<ChangeSet | undefined> => {
    const path = `/v1/staff/changes?productId=${productId}&status=${status}`;
    const { items: sets } = await people.officer.expect<{ items: { setId: string }[] }>(200, 'GET', path);
    return sets[0] ? people.officer.expect<ChangeSet>(200, 'GET', `/v1/staff/changes/${sets[0].setId}`) : undefined;
  };
  const getSet = async (productId: string): Promise<ChangeSet> => {
    const set = await findSet(productId);
    if (!set) throw new Error('Nothing waits for an officer');
    return set;
  };
  const findQueued = async (setId: string): Promise<QueueItem | undefined> => {
    const path = '/v1/staff/queues/changes?limit=100';
    const page = await people.officer.expect<{ items: QueueItem[] }>(200, 'GET', path);
    return page.items.find((item) => item.subject.id === setId);
  };
  const claim = async (setId: string, who: Who = 'officer') =>
    people[who].send('POST', `/v1/staff/review-items/${(await findQueued(setId))?.itemId}/claim`);
  const decide = (setId: string, verdict: object, who: Who = 'officer'): Promise<Answer<unknown>> =>
    people[who].send('POST', `/v1/staff/changes/${setId}/verdict`, { body: verdict });
  return {
    node,
    people,
    businessId,
    signInAll,
    read,
    etagOf,
    act,
    create,
    findSet,
    getSet,
    findQueued,
    claim,
    decide,
    patch: async (id: string, body: object, etag?: string) =>
      people.seller.send('PATCH', `/v1/seller/products/${id}`, {
        body,
        headers: { 'if-match': etag ?? (await etagOf(id)) },
      }),
    /** A product that an officer has let in. */
    list: async (fields: object = cake): Promise<string> => {
      const id = await create(fields);
      const submitted = await act(id, 'submit');
      if (submitted.status !== 204) throw new Error(submitted.text);
      const { setId, version } = await getSet(id);
      await claim(setId);
      const answer = await decide(setId, { outcome: 'approved', version });
      if (answer.status !== 204) throw new Error(answer.text);
      return id;
    },
    close: () => node.close(),
  };
}

import type { BusinessId } from '#features/businesses/types.ts';
import { recipient } from '#test/support/people.ts';
import { deliveredOrder } from './care.ts';
import type { Expected, Row, Values } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const { phone } = recipient;
const words = { text: 'Thử' };
const guest = { actor: 'guest', phone };
const officer = { actor: 'test', address: '' };

async function filed(stage: Stage, side: Side): Promise<Values> {
  const { code: about = '' } = await deliveredOrder(stage, side);
  const filing = { subject: 'order', about, kind: 'damaged', wish: 'apology', text: 'Thử' } as const;
  return { code: (await stage.node.services.complaints.fileComplaint(guest, filing)).code };
}

/** A complaint that was brought as far as this. */
const at =
  (wanted: 'offered' | 'escalated' | 'decided') =>
  async (stage: Stage, side: Side): Promise<Values> => {
    const { complaints } = stage.node.services;
    const { code = '' } = await filed(stage, side);
    const who = { ...officer, businessIds: [stage.businesses[side].businessId as BusinessId] };
    if (wanted === 'offered') await complaints.offer(code, who, { kind: 'explanation', text: 'Thử' });
    else await complaints.askOfficer(code, guest, '');
    if (wanted === 'decided') await complaints.decide(code, officer, { verdict: 'apology', text: 'Thử' });
    return { code };
  };

/** A code of nothing of our own: guesses at one code are counted together, here and where orders and returns are tracked. */
const missing = { code: 'STCCCCCCCCCC' };
const nothing = missing.code;

const shopper = (status: number, more: Omit<Row, 'access'>): Row => ({
  access: 'public',
  missing,
  ids: { own: status, missing: 404 },
  changes: true,
  body: { phone },
  ...more,
});
const seller = (status: number, more: Omit<Row, 'access'>): Row => ({
  access: 'seller:owner,manager',
  ids: { own: status, other: 404, missing: 404 },
  changes: true,
  body: words,
  ...more,
});
const read: Row = { access: 'seller', of: filed, ids: { own: 200, other: 404, missing: 404 } };
const readers = 'staff:support,finance,auditor' as const;

export const complaints: Expected = {
  'GET /khieu-nai': 'public',
  'POST /khieu-nai': {
    access: 'public',
    missing,
    of: deliveredOrder,
    ids: { own: 200, missing: 404 },
    body: ({ code }: Values) => ({ code, phone }),
  },
  // The form comes back: it was not said what is wrong.
  'POST /khieu-nai/gui': {
    access: 'public',
    missing,
    of: deliveredOrder,
    ids: { own: 422, missing: 404 },
    body: ({ code }: Values) => ({ subject: 'order', about: code, phone }),
  },
  'GET /khieu-nai/:code': { access: 'public', of: filed, ids: { own: 200, missing: 404 } },
  'POST /khieu-nai/:code': shopper(200, { of: filed, body: { phone, do: 'withdraw' } }),
  'GET /ban-hang/khieu-nai': 'seller',
  'GET /ban-hang/khieu-nai/:code': read,
  'POST /ban-hang/khieu-nai/:code': seller(303, { of: filed, body: { do: 'offer', kind: 'explanation', ...words } }),
  'GET /ban-hang/khieu-nai/:code/anh/:fileId/:width': {
    access: 'seller',
    // A complaint without photos shows none.
    of: async (stage, side) => ({
      ...(await filed(stage, side)),
      fileId: '01900000-0000-7000-8000-00000000dead',
      width: '320',
    }),
    missing: { width: '320' },
    ids: { own: 404, other: 404, missing: 404 },
  },
  'GET /quan-tri/khieu-nai': readers,
  'GET /quan-tri/khieu-nai/bao-cao': readers,
  'GET /quan-tri/khieu-nai/:code': { access: readers, of: at('escalated'), ids: { own: 200, missing: 404 } },
  'POST /quan-tri/khieu-nai/:code': {
    access: 'staff:support',
    of: at('escalated'),
    ids: { own: 303, missing: 404 },
    changes: true,
    body: { do: 'decide', verdict: 'dismiss', ...words },
  },
  'POST /v1/complaints': shopper(201, {
    of: deliveredOrder,
    body: ({ code = nothing }: Values) => ({
      phone,
      subject: 'order',
      about: code,
      kind: 'late',
      wish: 'apology',
      ...words,
    }),
  }),
  'POST /v1/complaints/track': {
    access: 'public',
    missing,
    of: filed,
    ids: { own: 200, missing: 404 },
    body: ({ code = nothing }: Values) => ({ code, phone }),
  },
  'POST /v1/complaints/:code/messages': shopper(204, { of: filed, body: { phone, ...words } }),
  'POST /v1/complaints/:code/photos': { access: 'public', missing, of: filed, ids: { own: 415, missing: 415 } },
  'POST /v1/complaints/:code/accept': shopper(204, { of: at('offered') }),
  'POST /v1/complaints/:code/withdraw': shopper(204, { of: filed }),
  'POST /v1/complaints/:code/escalate': shopper(204, { of: filed }),
  'POST /v1/complaints/:code/appeal': shopper(204, { of: at('decided'), body: { phone, ...words } }),
  'GET /v1/seller/complaints': 'seller',
  'GET /v1/seller/complaints/:code': read,
  'POST /v1/seller/complaints/:code/offer': seller(204, { of: filed, body: { kind: 'explanation', ...words } }),
  'POST /v1/seller/complaints/:code/refuse': seller(204, { of: filed }),
  'POST /v1/seller/complaints/:code/messages': seller(204, { of: filed }),
  'POST /v1/seller/complaints/:code/appeal': seller(204, { of: at('decided') }),
  'GET /v1/staff/complaint-report': readers,
  'GET /v1/staff/complaints': readers,
  'GET /v1/staff/complaints/:code': { access: readers, of: filed, ids: { own: 200, missing: 404 } },
  'POST /v1/staff/complaints/:code/messages': {
    access: 'staff:support',
    of: filed,
    ids: { own: 204, missing: 404 },
    changes: true,
    body: words,
  },
  'POST /v1/staff/complaints/:code/decision': {
    access: 'staff:support',
    of: at('escalated'),
    ids: { own: 200, missing: 404 },
    changes: true,
    body: { verdict: 'dismiss', ...words },
  },
};

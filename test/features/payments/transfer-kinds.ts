import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { RefundId } from '#features/payments/types.ts';
import { account } from '#test/support/exchange-env.ts';
import {
  anything,
  binh,
  decide,
  expire,
  type Kind,
  lan,
  lapse,
  market,
  nobodys,
  paid,
  type Stage,
  statement,
  typo,
} from './transfer-stage.ts';

export const words: readonly Kind[] = [
  ['the code alone', ({ come, due, memo }) => come(due, { content: memo }), paid('exact')],
  ['in lower case', ({ come, due, memo }) => come(due, { content: memo.toLowerCase() }), paid('exact')],
  ['among accents', ({ come, due, memo }) => come(due, { content: `Chuyển tiền ${memo} cảm ơn` }), paid('exact')],
  [
    'between what the bank writes',
    ({ come, due, memo }) => come(due, { content: `MBVCB.1234567.${memo}.CT tu 0123456789 NGUYEN VAN A` }),
    paid('exact'),
  ],
  ['digits glued behind', ({ come, due, memo }) => come(due, { content: `${memo}FT26327123456` }), paid('exact')],
  ['digits glued before', ({ come, due, memo }) => come(due, { content: `0123456789${memo}` }), paid('exact')],
  ['a space after ST', ({ come, due, memo }) => come(due, { content: `ST ${memo.slice(2)} tt` }), paid('exact')],
  ['letter by letter', ({ come, due, memo }) => come(due, { content: [...memo].join(' ') }), paid('exact')],
  ['with hyphens and dots', ({ come, due, memo }) => come(due, { content: `QR-${memo}-970415.` }), paid('exact')],
  [
    'O for 0, L for 1',
    ({ come, due, memo }) => come(due, { content: `ST${memo.slice(2).replaceAll('0', 'O').replaceAll('1', 'L')}` }),
    paid('exact'),
  ],
  [
    'to a virtual account of ours',
    ({ come, due }) => come(due, { accountNumber: 'VQRQ00012', subAccount: account.accountNumber }),
    paid('exact'),
  ],
];

export const amounts: readonly Kind[] = [
  ['one đồng short: waits for it', ({ come, due }) => come(due - 1), { lines: ['short'], group: 'awaiting-payment' }],
  [
    'one đồng short, then the đồng',
    async ({ come, due }) => {
      await come(due - 1);
      await come(1);
    },
    paid('short', 'completing'),
  ],
  ['one đồng over', ({ come, due }) => come(due + 1), { ...paid('over'), back: () => [['overpaid', 1, 'queued']] }],
  [
    'ten thousand over',
    ({ come, due }) => come(due + 10_000),
    { ...paid('over'), back: () => [['overpaid', 10_000, 'queued']] },
  ],
  [
    'split in two',
    async ({ come, due }) => {
      await come(5_000);
      await come(due - 5_000);
    },
    paid('short', 'completing'),
  ],
  [
    'in three parts, the last too large',
    async ({ come, due }) => {
      await come(5_000);
      await come(6_000);
      await come(due - 10_000);
    },
    { ...paid('short', 'short', 'over'), back: () => [['overpaid', 1_000, 'queued']] },
  ],
  [
    'twice',
    async ({ come, due }) => {
      await come(due);
      await come(due);
    },
    { ...paid('exact', 'duplicate'), back: (due) => [['duplicate', due, 'queued']] },
  ],
  [
    'three times, by a nervous thumb',
    async ({ come, due }) => {
      for (let time = 0; time < 3; time += 1) await come(due);
    },
    {
      ...paid('exact', 'duplicate', 'duplicate'),
      back: (due) => [
        ['duplicate', due, 'queued'],
        ['duplicate', due, 'queued'],
      ],
    },
  ],
  ['more than any order: a person looks', ({ come }) => come(2_000_000_000_000), nobodys(() => 2_000_000_000_000)],
];

export const times: readonly Kind[] = [
  [
    'after the time, and the goods are there',
    async ({ come, due }) => {
      await expire();
      await come(due);
    },
    paid('late'),
  ],
  [
    'after the time, too little',
    async ({ come, due }) => {
      await expire();
      await come(due - 1);
    },
    { lines: ['late-refund'], group: 'expired', back: (due) => [['late', due - 1, 'queued']] },
  ],
  [
    'a part in time and no more',
    async ({ come }) => {
      await come(5_000);
      await expire();
    },
    { lines: ['short'], group: 'expired', back: () => [['partial-expired', 5_000, 'queued']] },
  ],
  [
    'a part in time, the rest after it, before anybody noticed',
    async ({ come, due }) => {
      await come(5_000);
      lapse();
      await come(due - 5_000);
    },
    paid('short', 'late'),
  ],
  [
    'for an order that was called off',
    async ({ come, due, group, node }) => {
      await come(due);
      await node.services.orders.cancelOrder(group.orders[0]?.code ?? '', { actor: 'test' }, { reason: 'Hết hàng' });
      await come(due);
    },
    {
      lines: ['exact', 'duplicate'],
      group: 'cancelled',
      back: (due) => [
        ['cancelled', due, 'queued'],
        ['duplicate', due, 'queued'],
      ],
    },
  ],
];

export const names: readonly Kind[] = [
  ['no code at all', ({ come, due }) => come(due, { content: 'chuyen tien mua hang' }), nobodys()],
  ['no text at all', ({ come, due }) => come(due, { content: '' }), nobodys()],
  ['the code of the order group', ({ come, due, group }) => come(due, { content: group.code }), nobodys()],
  ['the code of the order', ({ come, due, group }) => come(due, { content: group.orders[0]?.code ?? '' }), nobodys()],
  ['one letter of the code wrong', ({ come, due, memo }) => come(due, { content: typo(memo) }), nobodys()],
  [
    'the code of a payment by card',
    async ({ come, due, node }) => {
      const { payment } = await market.awaitCard(anything());
      const { rows } = await node.db.execute<{ code: string }>(
        sql`select code from payments where id = ${payment.paymentId}`,
      );
      await come(due, { content: rows[0]?.code ?? '' });
    },
    nobodys(),
  ],
  [
    'two orders in one transfer, to the đồng',
    async ({ come, due, memo }) => {
      const other = await market.awaitTransfer(anything());
      await come(due + other.group.totalVnd, { content: `${memo} ${other.memo}` });
      expect((await market.guest.group(other.group.code)).status).toBe('paid');
    },
    paid('split'),
  ],
  [
    'two orders in one transfer, and the sum is not theirs',
    async ({ come, due, memo }) => {
      const other = await market.awaitTransfer(anything());
      await come(due + 1, { content: `${memo} ${other.memo}` });
    },
    nobodys((due) => due + 1),
  ],
  [
    'to another account that the feed watches',
    ({ come, due }) => come(due, { accountNumber: '999888777666' }),
    { lines: ['foreign-account'], group: 'awaiting-payment' },
  ],
  [
    'our own money that leaves',
    ({ come, due }) => come(due, { direction: 'out', content: 'TRA LUONG' }),
    { lines: ['outgoing'], group: 'awaiting-payment' },
  ],
];

export const tellers: readonly Kind[] = [
  [
    'told three times by one service',
    async ({ node, bank, move, due }) => {
      const line = move({ amountVnd: due });
      for (let time = 0; time < 3; time += 1) await bank.tell(node.url, line);
    },
    paid('exact'),
  ],
  [
    'told by three services at once',
    async ({ node, bank, move, due }) => {
      const line = move({ amountVnd: due });
      await Promise.all((['sepay', 'casso', 'payos'] as const).map((dialect) => bank.tellAs(node.url, line, dialect)));
    },
    paid('exact'),
  ],
  [
    'two equal transfers of one batch, told by two services',
    async ({ node, bank, move, due }) => {
      const both = [
        move({ amountVnd: due, reference: 'BATCH26327' }),
        move({ amountVnd: due, reference: 'BATCH26327' }),
      ];
      for (const dialect of ['sepay', 'casso'] as const)
        for (const line of both) await bank.tellAs(node.url, line, dialect);
    },
    { ...paid('exact', 'duplicate'), back: (due) => [['duplicate', due, 'queued']] },
  ],
  [
    'told by nobody, found in the statement',
    async (stage) => {
      stage.move({ amountVnd: stage.due });
      expect(await statement(stage)).toMatchObject({ lineCount: 1, newCount: 1, knownCount: 0 });
    },
    paid('exact'),
  ],
  [
    'told by a webhook and by the statement',
    async (stage) => {
      await stage.come(stage.due);
      expect(await statement(stage)).toMatchObject({ lineCount: 1, newCount: 0, knownCount: 1 });
      await expect(statement(stage)).rejects.toMatchObject({ code: 'statement-known' });
    },
    paid('exact'),
  ],
];

const reversed = async ({ come, lines }: Stage, amountVnd: number) => {
  const reference = lines.at(-1)?.referenceCode ?? '';
  lines.push(await come(amountVnd, { direction: 'out', content: `DAO GD ${reference}` }));
  lines.pop();
};
export const backwards: readonly Kind[] = [
  [
    'taken back by the bank while nobody had claimed it',
    async (stage) => {
      await stage.come(stage.due, { content: 'nham tai khoan' });
      await reversed(stage, stage.due);
    },
    { lines: ['reversed', 'reversal'], group: 'awaiting-payment' },
  ],
  [
    'taken back while it waited for the rest',
    async (stage) => {
      await stage.come(5_000);
      await reversed(stage, 5_000);
    },
    { lines: ['reversed', 'reversal'], group: 'awaiting-payment', back: () => [['reversed', 5_000, 'confirmed']] },
  ],
  [
    'taken back while it was to go back anyway',
    async (stage) => {
      await stage.come(stage.due);
      await stage.come(stage.due);
      await reversed(stage, stage.due);
    },
    { ...paid('exact', 'reversed', 'reversal'), back: (due) => [['duplicate', due, 'confirmed']] },
  ],
  [
    'taken back after it had paid: a claim, until finance decides who bears it',
    async (stage) => {
      await stage.come(stage.due);
      await reversed(stage, stage.due);
      const { rows } = await stage.node.db.execute<{ id: never }>(
        sql`select id from disputes where provider = 'bank' and status = 'open'`,
      );
      const { payments } = stage.node.services;
      const draft = { disputeId: rows[0]?.id as never, bearer: 'orders' as const, reason: 'Ngân hàng thu hồi' };
      await payments.approve(binh, await payments.proposeLoss(lan, draft));
    },
    { ...paid('reversed', 'reversal'), back: (due) => [['disputed', due, 'confirmed']] },
  ],
  [
    'sent back by us at the bank, and seen in the feed',
    async ({ come, due, memo }) => {
      await come(due + 7_000);
      await come(7_000, { direction: 'out', content: `HOAN TIEN ${memo}` });
    },
    { ...paid('over', 'refund'), back: () => [['overpaid', 7_000, 'confirmed']] },
  ],
];

export const byHand: readonly Kind[] = [
  [
    'matched by a person, approved by another',
    async (stage) => {
      const line = await stage.come(stage.due, { content: 'chi Lan mua banh pia' });
      await decide(stage, line, [[stage.group.code, stage.due]]);
    },
    paid('exact'),
  ],
  [
    'two transfers joined for one order',
    async (stage) => {
      const first = await stage.come(5_000, { content: 'dot 1' });
      const second = await stage.come(stage.due - 5_000, { content: 'dot 2' });
      await decide(stage, first, [[stage.memo, 5_000]]);
      await decide(stage, second, [[stage.memo, stage.due - 5_000]]);
    },
    paid('short', 'completing'),
  ],
  [
    'split by a person over two orders, and the rest goes back',
    async (stage) => {
      const other = await market.awaitTransfer(anything());
      const line = await stage.come(stage.due + other.group.totalVnd + 3_000, { content: 'hai don' });
      await decide(stage, line, [
        [stage.memo, stage.due],
        [other.group.orders[0]?.code ?? '', other.group.totalVnd],
      ]);
      expect((await market.guest.group(other.group.code)).status).toBe('paid');
    },
    { ...paid('split'), back: () => [['unmatched', 3_000, 'queued']] },
  ],
  [
    'given back by a person: account approved, sent, and seen in the feed',
    async (stage) => {
      const { node, come, due, idOf } = stage;
      const line = await come(due, { content: 'nham so' });
      await decide(stage, line, []);
      const { rows } = await node.db.execute<{ id: RefundId }>(
        sql`select id from refunds where transfer_id = ${await idOf(line)}`,
      );
      const refundId = rows[0]?.id ?? ('' as RefundId);
      const { payments } = node.services;
      await expect(payments.markSent(binh, refundId, 'FT777001')).rejects.toMatchObject({
        code: 'refund-not-approved',
      });
      const payee = { bankBin: '970436', accountNumber: '0123 456 789', name: 'Nguyễn Văn A' };
      const proposal = await payments.proposeAccount(lan, { refundId, payee, reason: 'Khách gửi ảnh tài khoản' });
      await payments.approve(binh, proposal);
      await payments.markSent(lan, refundId, `FT777${String(line.id)}`);
      await come(due, { direction: 'out', content: 'HOAN TIEN', reference: `FT777${String(line.id)}` });
    },
    { lines: ['given-back', 'refund'], group: 'awaiting-payment', back: (due) => [['unmatched', due, 'confirmed']] },
  ],
];

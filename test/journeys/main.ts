import { createBank } from '#test/support/providers/bank.ts';
import { playDemoCard } from './demo-payer.ts';
import { walk } from './walk.ts';

/**
 * The journey against a demonstration that is running, such as `npm start`:
 * `BASE=http://127.0.0.1:3000 SEPAY_API_KEY=… PASSWORD=… node test/journeys/main.ts`, with what its page printed.
 */
const { BASE: base = 'http://127.0.0.1:3000', SEPAY_API_KEY: key = '', PASSWORD: password = '' } = process.env;
const bank = createBank(Date.now() % 1_000_000, key);

for (const method of ['vietqr', 'stripe'] as const) {
  const group = await walk(
    {
      base,
      sellers: [
        { login: 'nguoiban@cho-noi.example', password, businesses: ['B001'] },
        { login: 'nguoiban2@cho-noi.example', password, businesses: ['B002', 'B003'] },
      ],
      pay: {
        vietqr: async ({ qr, amountVnd }) => {
          const { memo = '', accountNumber = '' } = qr ?? {};
          await bank.transfer(base, { memo, amountVnd, accountNumber });
        },
        stripe: (payment) => playDemoCard(base, payment, 'pay'),
      },
    },
    method,
  );
  console.log(`${method}: ${group.code}, ${group.totalVnd} đ, three orders confirmed, shipped and tracked`);
}

import type { Command } from './command.ts';

export const ledgerVerify: Command = {
  name: 'ledger:verify',
  summary: 'Prove the books anew from their rows: the chain, balances, shares, sales, refunds, holds, stock',
  run: async (_values, { services, print }) => {
    const started = performance.now();
    const { checks, findings, entryCount, head } = await services.ledger.verify();
    const balances = await services.ledger.balances();
    const seconds = (performance.now() - started) / 1000;
    for (const check of checks) {
      const broken = findings.filter((finding) => finding.check === check);
      print(`${broken.length === 0 ? 'ok  ' : 'FAIL'} ${check}`);
      for (const { subject, detail } of broken) print(`       ${subject}: ${detail}`);
    }
    for (const { account, balanceVnd } of balances)
      print(`     ${account.padEnd(18)} ${balanceVnd.toLocaleString('vi-VN').padStart(18)} đ`);
    print(
      `${entryCount} entries in ${seconds.toFixed(2)} s: ${findings.length === 0 ? 'the books are in order' : `${findings.length} findings`}`,
    );
    if (findings.length === 0 && head.seq > 0) print(`Note this elsewhere: ${head.seq}:${head.hash}`);
    return { ok: findings.length === 0, checks, findings, entryCount, head, balances };
  },
};

import { setTimeout as sleep } from 'node:timers/promises';
import type { Asked, Exchange } from './exchange.ts';
import type { Liar } from './liar.ts';

/** Before the faults begin nothing is in the way but the machine itself, which may have other work. */
async function introduce(reader: Exchange, partner: Extract<Asked, { do: 'introduce' }>['partner']): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await reader.ask({ do: 'introduce', partner });
      return;
    } catch (error) {
      if (attempt === 5) throw error;
      await sleep(attempt * 1_000);
    }
  }
}

/** Every exchange pins the key of every other and of every liar, and lets them in. */
export async function introduceAll(exchanges: readonly Exchange[], liars: readonly Liar[], cadenceSeconds: number) {
  const partners = new Map<Exchange, readonly string[]>();
  const known = new Map<Exchange, string>();
  for (const exchange of exchanges) known.set(exchange, String(await exchange.ask({ do: 'identity' })));
  for (const reader of exchanges) {
    const others = exchanges
      .filter((one) => one !== reader)
      .map((one) => ({ url: one.proxy.url, fingerprint: known.get(one) ?? '', key: one.key, cadenceSeconds }));
    const false_ = liars.map(({ url, fingerprint, key }) => ({ url, fingerprint, key, cadenceSeconds }));
    for (const partner of [...others, ...false_]) {
      await introduce(reader, partner);
      await reader.ask({ do: 'activate', key: partner.key });
    }
    partners.set(
      reader,
      [...others, ...false_].map(({ key }) => key),
    );
  }
  return partners;
}

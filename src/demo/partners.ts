import type { Clock } from '#core/clock.ts';
import type { Federation, PartnerDesk, Rehearsing } from '#features/federation/index.ts';
import type { PeerAnswer, PeerHttp } from '#federation/engine/http.ts';
import { PROTOCOL_VERSION } from '#federation/protocol/documents.ts';
import { generatePem, type NodeIdentity, readIdentity } from '#federation/protocol/keys.ts';
import { signResponse } from '#federation/protocol/signature.ts';
import { partnerTables } from './partner-shelves.ts';

export type PartnerServices = {
  readonly now: Clock;
  readonly partnerDesk: Pick<PartnerDesk, 'listPartners'>;
  readonly rehearsing: Rehearsing;
};

const actor = 'system:demo';
/** Stands beside each step in the log, so that nobody takes it for what happened. */
const because = { reason: 'Dữ liệu trình diễn' };
const native = 'can-tho.exchange.example';

const answerOf = (type: string, text: string, headers: PeerAnswer['headers'] = {}): PeerAnswer => ({
  status: 200,
  headers: { 'content-type': type, ...headers },
  body: Buffer.from(text),
});

/** Cần Thơ as it would answer: its profile, and a challenge under its key. */
function answerNatively(identity: NodeIdentity, now: Clock, asked: Parameters<PeerHttp['send']>[0]): PeerAnswer {
  const { url, method, headers } = asked;
  if (method === 'GET') {
    const profile = {
      ...{ protocol: 'ocop-fed/1', versions: [PROTOCOL_VERSION], endpoints: {}, capabilities: [], schemas: {} },
      exchange: { origin: native, name: { vi: 'Sàn TMĐT thành phố Cần Thơ' } },
      limits: { maxChanges: 500 },
      keys: [{ ...identity.jwk, kid: identity.keyid }],
    };
    return answerOf('application/json', JSON.stringify(profile));
  }
  const { challenge } = JSON.parse(Buffer.from(asked.body ?? []).toString('utf8')) as { challenge: string };
  const text = JSON.stringify({ challenge, origin: native });
  const request = {
    ...{ method, authority: url.host, path: url.pathname, query: url.search, headers },
    body: asked.body ?? new Uint8Array(),
  };
  const signature = signResponse({ status: 200, headers: {}, body: Buffer.from(text), request }, identity, now());
  return answerOf('application/json', text, signature);
}

/** The partners of the demonstration answer inside this process; their addresses lead nowhere (RFC 2606). */
const createAnswers = (identity: NodeIdentity, now: Clock): PeerHttp => ({
  close: async () => {},
  send: async (asked) => {
    const table = partnerTables.get(asked.url.host);
    return table === undefined ? answerNatively(identity, now, asked) : answerOf('text/csv', table);
  },
});

const agreementOf = (key: string, fingerprint: string) => ({
  key,
  domain: `${key}.exchange.example`,
  legalEntity: 'Trung tâm Xúc tiến thương mại (trình diễn)',
  taxCode: '0100233488',
  fingerprint,
});

/** Connected, read once from its table, and drawn a sample of. */
async function readShelf(federation: Federation, key: string): Promise<number> {
  const url = `https://${key}.exchange.example/hang.csv`;
  await federation.connect(actor, { key, url, adapter: 'csv', settings: { url } });
  await federation.prove(actor, key, because);
  await federation.openSandbox(actor, key, because);
  await federation.pullNow(key);
  return (await federation.openReview(actor, key, because)).sample;
}

const judgedFit = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_none, at) => ({ position: from + at, verdict: 'fit' as const }));

/** Let in past the steps between, as exchanges of one house are; the log says so. */
async function walkIn(federation: Federation, key: string, adapter: string): Promise<void> {
  await federation.connect(actor, { key, adapter, url: `https://${key}.exchange.example` });
  await federation.activate(actor, key, { reason: `${because.reason}: cho vào thẳng, không qua xét duyệt` });
}

/**
 * Some of the eleven partners at different places of their road, by the same steps that officers take; what is shown as done
 * was done, here and now, with partners that answer inside this process. Nothing says that two weeks have passed or that two
 * officers met.
 */
export async function loadPartners({ now, partnerDesk, rehearsing }: PartnerServices): Promise<void> {
  const known = await partnerDesk.listPartners();
  if (known.some(({ state }) => state !== 'inactive')) return;
  const identity = readIdentity(generatePem());
  const federation = rehearsing(createAnswers(identity, now));
  await federation.invite(actor, agreementOf('tra-vinh', readIdentity(generatePem()).keyid), because);
  await federation.invite(actor, agreementOf('can-tho', identity.keyid), because);
  await federation.prove(actor, 'can-tho', because);
  const toJudge = await readShelf(federation, 'bac-lieu');
  const note = 'Giá của thùng 12 hũ, không phải của một hũ (trình diễn).';
  await federation.judge(actor, 'bac-lieu', [
    { position: 1, verdict: 'unfit', note },
    ...judgedFit(2, Math.ceil(toJudge / 2)),
  ]);
  await federation.judge(actor, 'hau-giang', judgedFit(1, await readShelf(federation, 'hau-giang')));
  await federation.startProbation(actor, 'hau-giang', because);
  await walkIn(federation, 'tien-giang', 'google-merchant');
  await walkIn(federation, 'ca-mau', 'json-ld');
  await federation.suspend(actor, 'ca-mau', { reason: `${because.reason}: tạm ngừng để xem nút mở lại` });
}

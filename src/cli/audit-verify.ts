import { type Command, UsageError, type Values } from './command.ts';

/** `<place>:<hash>`, as a run before has printed it. */
function readHead({ head }: Values) {
  if (head === undefined) return [];
  const [, seq = '', hash = ''] = /^(\d+):([0-9a-f]{64})$/.exec(String(head)) ?? [];
  if (hash === '') throw new UsageError('--head is <place>:<hash> as an earlier audit:verify printed it');
  return [{ seq: Number(seq), hash, at: 'the time of that note' }];
}

/** For whoever reads this at night: what to keep, what to compare, whom to tell. */
const whatToDo = [
  'What to do: change nothing in the log; it is evidence now. Put a copy of the database and of DATA_DIR/anchors aside.',
  "Compare each act named above with your newest backup from before: select * from audit_entries where id = '<act>'.",
  'Find out who had the password of the database’s owner, change it, and tell whoever answers for the exchange.',
];

export const auditVerify: Command = {
  name: 'audit:verify',
  summary: 'Prove the log of acts: nothing changed, taken out, put in or cut off [--head <place>:<hash> noted before]',
  options: { head: { type: 'string' } },
  run: async (values, { services, print }) => {
    const started = performance.now();
    const { findings, entryCount, anchorCount, head } = await services.audit.verify(readHead(values));
    const seconds = ((performance.now() - started) / 1_000).toFixed(2);
    for (const { detail } of findings) print(`FAIL ${detail}`);
    if (findings.length > 0) for (const line of whatToDo) print(line);
    const verdict = findings.length === 0 ? 'the log is as it was written' : `${findings.length} findings`;
    print(`${entryCount} acts and ${anchorCount} noted heads in ${seconds} s: ${verdict}`);
    if (findings.length === 0 && head.seq > 0) print(`Note this elsewhere: ${head.seq}:${head.hash}`);
    return { ok: findings.length === 0, findings, entryCount, anchorCount, head };
  },
};

import type { Command } from './command.ts';

export const nodeKeyRotate: Command = {
  name: 'node-key:rotate',
  summary:
    'Announce a successor of the key by which partners know this exchange: it signs in eight days, both count for a week more [--reason <why>]',
  options: { reason: { type: 'string' } },
  run: async ({ reason }, { services, print }) => {
    const because = typeof reason === 'string' ? { reason } : {};
    const { keyid, signsFrom, endsAt } = await services.federation.rotateNodeKey('operator', because);
    print(`${keyid} is announced now and signs from ${signsFrom.toISOString()} on`);
    print(`The key before counts until ${endsAt.toISOString()}. Keep both files with the backups.`);
    return { ok: true, fingerprint: keyid, signsFrom: signsFrom.toISOString(), endsAt: endsAt.toISOString() };
  },
};

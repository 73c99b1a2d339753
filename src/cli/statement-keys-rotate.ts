import type { Command } from './command.ts';

export const statementKeysRotate: Command = {
  name: 'statement-keys:rotate',
  summary: 'Make a new key for signed statements of certificates: published at once, signing in an hour',
  run: async (_values, { services, print }) => {
    const { kid, startsAt } = services.certificates.rotateKeys();
    print(
      `${kid} is published now and signs from ${startsAt.toISOString()} on; the key before stays published until the next`,
    );
    return { ok: true, kid, startsAt: startsAt.toISOString() };
  },
};

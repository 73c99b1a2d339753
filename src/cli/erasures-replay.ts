import type { Command } from './command.ts';

export const erasuresReplay: Command = {
  name: 'erasures:replay',
  summary: 'After a restore: forget again whoever was erased since the backup was made',
  run: async (_values, { services, print }) => {
    const erased = await services.identity.privacy.replayErasures();
    print(`${erased} accounts were forgotten again`);
    return { ok: true, erased };
  },
};

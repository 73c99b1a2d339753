import { resealAll } from '#db/sealed.ts';
import type { Command } from './command.ts';

export const keysRotate: Command = {
  name: 'keys:rotate',
  summary: 'Make a new key for personal identifiers and secrets, and seal everything again with it',
  run: async (_values, { services, print }) => {
    const key = services.vault.rotate();
    const resealed = await resealAll(services.db, services.vault);
    print(`${key} is the key from now on; ${resealed} texts were sealed again`);
    print('Older keys stay where they are: backups hold what they sealed');
    return { ok: true, key, resealed };
  },
};

import { listedAdapter } from '../shops/listed.ts';
import { manifest } from './manifest.ts';
import { dialect, normalise } from './normalise.ts';
import { checkSettings, UNVERIFIED } from './settings.ts';

/** A shop of Sapo (Bizweb). Secret: `token` of a private application that may read products. */
export const sapoAdapter = listedAdapter({
  manifest,
  normalise,
  dialect,
  check: checkSettings,
  waysOf: async (ctx, settings) => {
    const ways = { ...UNVERIFIED, ...settings };
    const headers = { [ways.tokenHeader]: (await ctx.secret('token')) ?? '' };
    return { ...ways, path: 'admin/products', headers };
  },
});

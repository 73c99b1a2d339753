import { listedAdapter } from '../shops/listed.ts';
import { manifest } from './manifest.ts';
import { dialect, normalise } from './normalise.ts';
import { checkSettings, UNVERIFIED } from './settings.ts';

/**
 * A shop of Haravan, by `apis.haravan.com`. Secret: `token`, with the scope `com.read_products`. The shop's own domain is
 * the partner's origin, which its pages are on.
 */
export const haravanAdapter = listedAdapter({
  manifest,
  normalise,
  dialect,
  check: checkSettings,
  waysOf: async (ctx, settings) => {
    const headers = { authorization: `Bearer ${(await ctx.secret('token')) ?? ''}` };
    return { ...UNVERIFIED, ...settings, path: 'com/products', headers };
  },
});

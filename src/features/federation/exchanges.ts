import type { PeerHttp } from '#federation/engine/http.ts';
import { createPartnerDesk } from './desk.ts';
import { createFederation, type Federation, type FederationDeps } from './service.ts';

/** The same register, over another way out: for a demonstration whose partners answer inside this process. */
export type Rehearsing = (http: PeerHttp) => Federation;

/** The federation, and the desk at which officers watch over it. */
export function openFederation(deps: FederationDeps) {
  const federation = createFederation(deps);
  const rehearsing: Rehearsing = (http) => createFederation({ ...deps, http, allowLoopback: true });
  return { federation, rehearsing, partnerDesk: createPartnerDesk({ ...deps, federation }) };
}

import { createPartnerDesk } from './desk.ts';
import { createFederation, type FederationDeps } from './service.ts';

/** The federation, and the desk at which officers watch over it. */
export function openFederation(deps: FederationDeps) {
  const federation = createFederation(deps);
  return { federation, partnerDesk: createPartnerDesk({ ...deps, federation }) };
}

import { refusals } from '#core/problem.ts';
import type { Db } from '#db/client.ts';
import { type Preview, previewPartner } from '#federation/engine/preview.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import { endpointOf } from './partners.ts';
import { findStored } from './queries/mirrors.ts';
import { findPartner, listLiveUris, type PartnerRow } from './queries.ts';
import { federationProblems } from './types.ts';
import { findPrices } from './views.ts';

const refuse = refusals(federationProblems);

/** What would come in, before anything does. */
export const createPreview = (db: Db, engineOf: (partner: PartnerRow) => EngineDeps) => ({
  /** Asks the partner for everything it has and compares; writes nothing, whether it is let in or not. */
  preview: async (key: string): Promise<Preview> => {
    const partner = await findPartner(db, key);
    if (!partner) throw refuse('partner-not-found', { key });
    const endpoint = endpointOf(partner);
    if (!endpoint) throw refuse('partner-not-ready', { key });
    return await previewPartner(engineOf(partner), endpoint, {
      find: (uris) => findStored(db, key, uris),
      listLive: (lane) => listLiveUris(db, key, lane),
      findPrices: (uris) => findPrices(db, key, uris),
    });
  },
});

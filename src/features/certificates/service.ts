import { addMonths, localDate, startOfLocalDay } from '#core/clock.ts';
import type { Cursor } from '#core/cursor.ts';
import { readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { Tx } from '#db/client.ts';
import { readAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { createDeciding, createVerifyingLists } from './deciding.ts';
import { type Deps, heldSubjectOf, tellChanged } from './deps.ts';
import { createImporting } from './importing.ts';
import { createLapsing } from './lapsing.ts';
import { verifySubmitted } from './queries.ts';
import { machineChecks } from './rules/checks.ts';
import { createStating } from './stating.ts';
import { createSubmitting, type Entry, recordEntries } from './submitting.ts';
import { type CertificateId, certificateProblems } from './types.ts';
import {
  type CertificateFilter,
  type EndingFilter,
  findReview,
  listCertificates,
  listEnding,
  listOwnProducts,
  listPublic,
  listTwins,
} from './views.ts';

const refuse = refusals(certificateProblems);
export type Certificates = ReturnType<typeof createCertificates>;
export type EndingRequest = Pick<EndingFilter, 'kind' | 'ward'> & { readonly months: number };
/** More than ends in a year in the largest province. */
const endingShown = 2_000;
type PageRequest = { readonly limit: number; readonly cursor?: Cursor | undefined };
const productsToChoose = 500;

export const createCertificates = (deps: Deps) => {
  const { db, now } = deps;
  return {
    ...createDeciding(deps),
    ...createLapsing(deps),
    ...createStating(deps),
    ...createImporting(deps),
    ...createVerifyingLists(deps),
    send: createSubmitting(deps),
    /** Records certificates to be verified by somebody else. 409 `decision-already-recorded`. */
    submit: (tx: Tx, submittedBy: string, entries: readonly Entry[]): Promise<CertificateId[]> =>
      recordEntries(deps, tx, submittedBy, entries),
    /** Confirms at once what somebody else entered, for a loader that has looked at it itself. */
    confirm: async (tx: Tx, verifiedBy: string, ids: readonly CertificateId[]): Promise<void> => {
      const verified = await verifySubmitted(tx, ids, { verifiedBy, verifiedAt: now() });
      if (verified.length !== ids.length) throw refuse('certificate-not-submitted');
      await tellChanged(deps, tx, verified);
    },
    getCertificate: async (code: string) => {
      const [certificate] = await listPublic(db, [readCode(code)], now());
      if (!certificate) throw refuse('certificate-not-found');
      return certificate;
    },
    listOwn: (businessIds: readonly BusinessId[], filter: Omit<CertificateFilter, 'businessIds'>, page: PageRequest) =>
      readAsSeller(db, businessIds, (tx) => listCertificates(tx, { ...filter, businessIds }, page, now())),
    listOwnProducts: (businessIds: readonly BusinessId[]) =>
      readAsSeller(db, businessIds, (tx) => listOwnProducts(tx, businessIds, productsToChoose)),
    list: (filter: Omit<CertificateFilter, 'businessIds'>, page: PageRequest) =>
      listCertificates(db, filter, page, now()),
    /** What ends within so many months, the next first. */
    listEnding: ({ kind, ward, months }: EndingRequest) => {
      const at = now();
      const before = startOfLocalDay(addMonths(localDate(at), months));
      return listEnding(db, { now: at, before, kind, ward }, endingShown);
    },
    /** One with everything that a certifier must see, and what the machine found. */
    getReview: async (id: CertificateId) => {
      const certificate = await findReview(db, id, now());
      if (!certificate) throw refuse('certificate-not-found');
      const twins = await listTwins(db, certificate);
      const facts = {
        ...certificate,
        businessStatus: certificate.business.status,
        storedSha256: certificate.evidence?.sha256 ?? null,
      };
      const claim = await deps.queues.findClaim(heldSubjectOf({ ...certificate, id }));
      return { certificate, checks: machineChecks(facts, twins, now()), claim };
    },
  };
};

import type { JobHandler } from '#db/jobs.ts';
import { IMPORT_QUEUES, type Imports } from './service.ts';
import type { ImportId } from './types.ts';

const idOf = (job: unknown): ImportId => (job as { importId: ImportId }).importId;

/** Sheets are read and written by workers, one after the other in each: a long one does not keep the web process from answering. */
export const importJobs = (imports: Imports): readonly JobHandler[] => [
  {
    queue: IMPORT_QUEUES.read,
    options: { retryLimit: 5 },
    run: async (batch) => {
      for (const job of batch) await imports.readNow(idOf(job));
    },
  },
  {
    queue: IMPORT_QUEUES.apply,
    options: { retryDelaySeconds: 2 },
    run: async (batch) => {
      for (const job of batch) await imports.applyNow(idOf(job));
    },
  },
  { queue: 'imports.days', options: { cron: '*/10 * * * *', retryLimit: 2 }, run: () => imports.addAgreedDays() },
  { queue: 'imports.forget', options: { cron: '10 4 * * *', retryLimit: 2 }, run: () => imports.forgetOld() },
];

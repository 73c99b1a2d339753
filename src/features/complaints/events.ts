import type { JobHandler } from '#db/jobs.ts';
import type { Complaints } from './service.ts';

/** What the clock does about complaints: silence brings them to an officer, lets offers lapse and makes decisions final. */
export const complaintJobs = ({ runClocks }: Pick<Complaints, 'runClocks'>): readonly JobHandler[] => [
  {
    queue: 'complaints.clocks',
    options: { cron: '*/5 * * * *', retryLimit: 2 },
    run: async () => {
      await runClocks();
    },
  },
];

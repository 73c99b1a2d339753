const dropHash = 'alter table periodic_reports drop constraint periodic_reports_hash';

/** What breaks the checks of frozen reports, by their names. */
export const reportFaults: Readonly<Record<string, readonly string[]>> = {
  'a frozen report is what its hash says': [
    dropHash,
    `update periodic_reports set content = replace(content, '"orders":0', '"orders":9') where seq = 1`,
  ],
  'numbers of reports follow each other without a gap': [`delete from periodic_reports where seq = 1`],
  'one report stands for a period': [
    'drop index periodic_reports_period',
    dropHash,
    `update periodic_reports set period = '2025-Q1', content = jsonb_set(content::jsonb, '{period}', '"2025-Q1"')::text where seq = 2`,
  ],
};

import { environment } from '#config/env.ts';
import { staySmall } from '../footprint.ts';

// Before anything else is loaded: it begins the process anew.
staySmall(environment());
const { runCli } = await import('./run.ts');
process.exit(await runCli(process.argv.slice(2)));

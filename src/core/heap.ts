import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A bulk of work is over when nothing has been heard of it for so long. */
const overAfterMs = 4_000;

let timer: NodeJS.Timeout | undefined;

/**
 * Lets V8 collect when the heap has grown by a third and not when it has become several times as large: a process that
 * serves waits more than it computes, and keeps 200 MB less.
 */
export const growInSmallSteps = (): void => setFlagsFromString('--optimize-for-size');

function settle(): void {
  timer = undefined;
  growInSmallSteps();
  // Only a collection sets a new limit; until then the heap would grow to the one that the bulk of work has left.
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** While thousands of rows are worked off, small steps would be half of the work; a quiet moment after, all is given back. */
export function growFreely(): void {
  if (timer) timer.refresh();
  else {
    setFlagsFromString('--no-optimize-for-size');
    timer = setTimeout(settle, overAfterMs).unref();
  }
}

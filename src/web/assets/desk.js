// Steps through what waits by keyboard: J to the next, K to the one before, Enter does what its first button says; on the
// page of an item N goes back to what waits.
const items = () => [...document.querySelectorAll('[data-item]')];
const isTyping = (target) => target instanceof HTMLElement && target.matches('input, select, textarea');

function step(by) {
  const all = items();
  const here = all.findIndex((item) => item.contains(document.activeElement));
  const next = all[here === -1 ? (by > 0 ? 0 : all.length - 1) : here + by];
  next?.querySelector('a, button')?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === 'n') document.querySelector('a[data-next]')?.click();
  const by = { j: 1, k: -1 }[key];
  if (by === undefined) return;
  event.preventDefault();
  step(by);
});

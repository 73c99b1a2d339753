// The editor works without this file. It saves drafts while one types.

const form = document.querySelector('#editor');
const status = document.querySelector('[data-status]');

// Only what has an address of its own can be kept: a new product gets it with the first "save the draft".
let waiting;
const keep = async () => {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set('do', 'autosave');
  const answer = await fetch(form.action, { method: 'POST', body });
  if (answer.ok && status) status.textContent = form.dataset.autosaved;
};
if (form && !form.action.endsWith('/moi')) {
  form.addEventListener('input', ({ target }) => {
    if (target.type === 'file') return;
    if (status) status.textContent = '';
    clearTimeout(waiting);
    waiting = setTimeout(() => keep().catch(() => {}), 3000);
  });
  form.addEventListener('submit', () => clearTimeout(waiting));
}

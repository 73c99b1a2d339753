// The editor works without this file. It saves drafts while one types.

const form = document.querySelector('#editor');
const status = document.querySelector('[data-status]');

// Only what has an address of its own can be kept: a new product gets it with the first "save the draft".
let waiting;
const keep = async () => {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set('do', 'autosave');
  const answer = await fetch(form.action, { method: 'POST', body }).catch(() => ({ ok: false }));
  // No network, or no session any more: what stands on the page is all there is of it.
  if (status) status.textContent = answer.ok ? form.dataset.autosaved : form.dataset.unsaved;
};
if (form && !form.action.endsWith('/moi')) {
  form.addEventListener('input', ({ target }) => {
    if (target.type === 'file') return;
    if (status) status.textContent = '';
    clearTimeout(waiting);
    waiting = setTimeout(keep, 3000);
  });
  form.addEventListener('submit', () => clearTimeout(waiting));
}

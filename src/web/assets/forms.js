// What was typed at a desk stays in this tab until the exchange has taken it, so that a session that ended in the middle
// of a form costs no more than signing in. Passwords and files are never kept. Without this file a reload of the answer
// sends the form again.

const store = 'typed';
const keptMs = 3_600_000;
const read = () => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(store));
    return kept && Date.now() - kept.at < keptMs ? kept : null;
  } catch {
    return null;
  }
};
const write = (kept) => {
  try {
    if (kept) sessionStorage.setItem(store, JSON.stringify(kept));
    else sessionStorage.removeItem(store);
  } catch {
    // A tab that may store nothing loses nothing else.
  }
};

const unkept = ['hidden', 'password', 'file', 'submit', 'button'];
const typedIn = (form) => [...form.elements].filter(({ name, type }) => name && !unkept.includes(type));
const pathOf = (form) => new URL(form.action).pathname;
const here = location.pathname + location.search;
const desk = document.querySelector('[data-who]');

addEventListener('submit', ({ target }) => {
  if (target.method !== 'post' || !desk) return;
  const fields = typedIn(target).map(({ name, value, checked }) => ({ name, value, checked }));
  write({ at: Date.now(), who: desk.dataset.who, page: here, action: pathOf(target), fields });
});

/** Puts the fields back, those of one name in their order. */
const restore = (form, fields) => {
  for (const control of typedIn(form)) {
    const at = fields.findIndex(
      ({ name, value }) => name === control.name && (!isBox(control) || value === control.value),
    );
    if (at === -1) continue;
    const [{ value, checked }] = fields.splice(at, 1);
    if (isBox(control)) control.checked = checked;
    else control.value = value;
    for (let fold = control.closest('details'); fold; fold = fold.parentElement.closest('details'))
      fold.open ||= value !== '';
  }
};
const isBox = ({ type }) => type === 'checkbox' || type === 'radio';

const kept = read();
const untaken = document.querySelector('[data-untaken]');
if (untaken && kept) {
  write({ ...kept, untaken: true });
  untaken.hidden = false;
  // The page of the form may have had a question in its address, which the address that it was sent to has not.
  for (const link of document.querySelectorAll('a[data-back]')) {
    const url = new URL(link.href);
    if (url.searchParams.has('next')) url.searchParams.set('next', kept.page);
    else url.href = new URL(kept.page, location.origin).href;
    link.href = url.href;
  }
} else if (desk && kept?.untaken) {
  const form =
    kept.page === here &&
    kept.who === desk.dataset.who &&
    [...document.forms].find((one) => one.method === 'post' && pathOf(one) === kept.action && hasAll(one, kept.fields));
  if (form) {
    restore(form, kept.fields);
    const say = document.createElement('p');
    say.className = 'notice good';
    say.setAttribute('role', 'status');
    say.textContent = desk.dataset.restored;
    form.before(say);
    say.scrollIntoView({ block: 'nearest' });
    write(null);
  }
} else if (desk) write(null);

function hasAll(form, fields) {
  const names = new Set(typedIn(form).map(({ name }) => name));
  return fields.every(({ name }) => names.has(name));
}

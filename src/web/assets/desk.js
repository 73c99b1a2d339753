// Works off what waits by keyboard. Each key presses what stands on the page anyway: J and K go from item to item, Enter
// presses what has the focus, and C, A, Q, R, N press what names them in `data-key`. No key counts while somebody types, and
// all of them can be switched off: whoever speaks to their machine, or rests a hand on the keys, decides nothing by that.

const store = 'desk-keys';
const isOn = () => {
  try {
    return localStorage.getItem(store) !== 'off';
  } catch {
    return true;
  }
};
const turn = (on) => {
  try {
    localStorage.setItem(store, on ? 'on' : 'off');
  } catch {
    // A browser that stores nothing forgets it with the page.
  }
};

const items = () => [...document.querySelectorAll('[data-item]')];
const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), select, textarea'));

function step(by) {
  const all = items();
  const here = all.findIndex((item) => item.contains(document.activeElement));
  const next = all[here === -1 ? (by > 0 ? 0 : all.length - 1) : here + by];
  next?.querySelector('a, button')?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** What a key presses: of the item that has the focus, else of the page. */
function keyed(key) {
  const item = items().find((one) => one.contains(document.activeElement));
  const scope = item ?? (items().length > 0 ? items()[0] : document);
  return (
    scope.querySelector(`[data-key="${key}"]`) ?? document.querySelector(`:not([data-item]) > [data-key="${key}"]`)
  );
}

// What is refused or asked for needs a reason: the choices are offered with a digit each, and the last press sends it.
let pending;
const panel = document.querySelector('[data-reasons]');

function letGo() {
  if (!pending) return;
  const { button } = pending;
  pending = undefined;
  if (panel) panel.hidden = true;
  button.focus();
}

function choose(value) {
  const { button, field } = pending;
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  if (panel) panel.hidden = true;
  const words = field.form.querySelector('textarea');
  // A reason that no list holds is written; Ctrl and Enter send it then.
  if (value === 'other' && words) words.focus();
  else {
    pending = undefined;
    button.click();
  }
}

function ask(button) {
  const field = document.getElementById(button.dataset.reason);
  if (!field) return button.click();
  for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  pending = { button, field };
  const list = field.options ?? document.getElementById(field.dataset.choices)?.options;
  if (!panel || !list) return field.focus();
  const choices = [...list].filter(({ value }) => value !== '').slice(0, 10);
  panel.querySelector('[data-reasons-for]').textContent = button.textContent;
  panel.querySelector('ol').replaceChildren(
    ...choices.map(({ value, label }, at) => {
      const line = document.createElement('li');
      const one = document.createElement('button');
      one.type = 'button';
      one.className = 'button quiet';
      one.textContent = `${(at + 1) % 10} · ${label || value}`;
      one.dataset.digit = String((at + 1) % 10);
      one.addEventListener('click', () => choose(value));
      line.append(one);
      return line;
    }),
  );
  panel.hidden = false;
  panel.querySelector('ol button')?.focus();
}

const help = document.querySelector('dialog[data-keys]');
for (const opener of document.querySelectorAll('[data-keys-open]')) {
  opener.hidden = false;
  opener.addEventListener('click', () => help?.showModal());
}
help?.querySelector('[data-keys-close]').addEventListener('click', () => help.close());
const box = help?.querySelector('[data-keys-on]');
if (box) {
  box.checked = isOn();
  box.addEventListener('change', () => turn(box.checked));
}

const acts = {
  j: () => step(1),
  k: () => step(-1),
  '?': () => help?.showModal(),
  escape: letGo,
};

/** In a field only what belongs to sending it counts. */
function inField({ ctrlKey, target }) {
  if (ctrlKey && pending?.field.form?.contains(target)) pending.button.click();
  // Enter in a line of text would press the first button of its form, which is the one that approves.
  else return target instanceof HTMLInputElement && Boolean(target.form?.querySelector('[data-key=a]'));
  return true;
}

/** Whether the key meant something. */
function press(key) {
  const digit = pending && panel?.querySelector(`[data-digit="${key}"]`);
  const named = /^[acqrn]$/.test(key) && keyed(key);
  if (digit) digit.click();
  else if (Object.hasOwn(acts, key)) acts[key]();
  else if (!named) return false;
  else if (named.dataset.reason) ask(named);
  else named.click();
  return true;
}

addEventListener('keydown', (event) => {
  const { ctrlKey, metaKey, altKey, target } = event;
  const key = event.key.toLowerCase();
  if (isTyping(target)) {
    if (key === 'enter' && inField(event)) event.preventDefault();
  } else if (!(ctrlKey || metaKey || altKey || help?.open) && isOn() && press(key)) event.preventDefault();
});

// Drafts of new products that were typed where there is no network wait on this machine, with their pictures, and are sent
// once there is one: each under a key of its own, so that the exchange makes one draft of it however often it is sent.
// Without this file the form is sent as any other.

const desk = document.querySelector('[data-account]');
const box = document.querySelector('[data-outbox]');
const form = document.querySelector('#editor');
const isNew = form?.action.endsWith('/moi') ?? false;
const prefix = /^\/(en|km)(?=\/)/.exec(location.pathname)?.[0] ?? '';
const newProduct = `${prefix}/ban-hang/san-pham/moi`;
const account = desk?.dataset.account;
const isOffline = () => !navigator.onLine || desk?.dataset.offline !== undefined;

navigator.serviceWorker
  ?.register('/ban-hang.sw.js', { scope: `${prefix}/ban-hang`, updateViaCache: 'none' })
  .catch(() => undefined);

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
let opened;
function open() {
  const request = indexedDB.open('desk', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('drafts', { keyPath: 'key' });
  opened ??= asked(request);
  return opened;
}
const store = async (mode) => (await open()).transaction('drafts', mode).objectStore('drafts');
const all = async () => (await asked((await store('readonly')).getAll())).filter((one) => one.account === account);
const find = async (key) => asked((await store('readonly')).get(key));
const put = async (draft) => asked((await store('readwrite')).put(draft));
const drop = async (key) => asked((await store('readwrite')).delete(key));

// The form: what is typed into it without a network is kept as it is typed.

const unkept = ['_csrf', 'idempotencyKey', 'do', 'pictures'];
let key = new URLSearchParams(location.hash.slice(1)).get('nhap') ?? undefined;

async function keepTyped() {
  key ??= crypto.randomUUID();
  const data = new FormData(form);
  const chosen = data.getAll('pictures').filter((file) => file.size > 0);
  const before = await find(key);
  await put({
    ...{ key, account, newProduct, state: 'kept', at: Date.now() },
    name: String(data.get('nameVi') ?? '').trim(),
    fields: [...data].filter(([name, value]) => !unkept.includes(name) && typeof value === 'string'),
    pictures: chosen.length > 0 ? chosen : (before?.pictures ?? []),
  });
  await show();
}

function fill({ fields }) {
  const left = [...fields];
  for (const control of form.elements) {
    if (!control.name || unkept.includes(control.name)) continue;
    const isBox = ['checkbox', 'radio'].includes(control.type);
    const at = left.findIndex(([name, value]) => name === control.name && (!isBox || value === control.value));
    if (isBox) control.checked = at !== -1;
    if (at === -1) continue;
    const [[, value]] = left.splice(at, 1);
    if (!isBox) control.value = value;
    for (let fold = control.closest('details'); fold; fold = fold.parentElement.closest('details'))
      fold.open ||= value !== '';
  }
}

const reachable = async () =>
  navigator.onLine &&
  (await fetch(newProduct, { method: 'HEAD', signal: AbortSignal.timeout(8000) }).then(
    () => true,
    () => false,
  ));

let waiting;
let isThrough = false;
if (isNew && account) {
  const draft = key && (await find(key).catch(() => undefined));
  if (draft?.account === account) fill(draft);
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    if (isOffline() || key) waiting = setTimeout(keepTyped, 700);
  });
  form.addEventListener('submit', async (event) => {
    if (isThrough || event.defaultPrevented) return;
    event.preventDefault();
    clearTimeout(waiting);
    const { submitter } = event;
    const isHere = await reachable();
    if (isHere && !key) {
      isThrough = true;
      form.requestSubmit(submitter);
      return;
    }
    await keepTyped();
    if (isHere) await flush();
    else say(box.dataset.kept);
  });
}

// Sending: one tab at a time, and only as the account that typed it.

async function send(draft) {
  const page = await fetch(draft.newProduct, { headers: { accept: 'text/html' } });
  const text = await page.text();
  if (!page.ok || !text.includes(`data-account="${draft.account}"`)) return undefined;
  const body = new FormData();
  body.set('_csrf', /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '');
  body.set('idempotencyKey', draft.key);
  for (const [name, value] of draft.fields) body.append(name, value);
  for (const file of draft.pictures) body.append('pictures', file, file.name);
  body.set('do', 'keep');
  const answer = await fetch(draft.newProduct, { method: 'POST', body });
  if (answer.ok) {
    await drop(draft.key);
    return answer.url;
  }
  if (answer.status >= 500 || [401, 408, 409, 429].includes(answer.status)) return undefined;
  const said = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main h1');
  await put({ ...draft, state: 'refused', why: said?.textContent.trim() ?? String(answer.status) });
  return undefined;
}

async function flushAlone() {
  const sent = [];
  for (const draft of await all()) {
    if (draft.state !== 'kept') continue;
    const url = await send(draft);
    if (url) sent.push({ ...draft, url });
  }
  if (sent.length === 0) return show();
  const own = sent.find((one) => one.key === key);
  if (own) location.href = own.url;
  else {
    await show();
    say(box.dataset.sent.replace('{name}', sent.map(({ name }) => name || box.dataset.unnamed).join(', ')));
  }
}
const flush = () =>
  navigator.locks
    ? navigator.locks.request('desk-outbox', { ifAvailable: true }, (lock) => lock && flushAlone())
    : flushAlone();

// What waits, with what can be done about it.

function say(words) {
  const line = box.querySelector('output');
  box.hidden = false;
  line.textContent = words;
}

const press = (label, work) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button quiet';
  button.textContent = label;
  button.addEventListener('click', work);
  return button;
};

function lineOf(draft) {
  const { kept: _kept, waiting: waits, refused, edit, drop: away, again, unnamed } = box.dataset;
  const line = document.createElement('li');
  const name = document.createElement('b');
  name.textContent = draft.name || unnamed;
  const state = document.createElement('p');
  state.className = 'small';
  const time = new Date(draft.at).toLocaleTimeString('vi-VN', { hour: '2-digit', minute: '2-digit' });
  state.textContent = draft.state === 'refused' ? refused.replace('{why}', draft.why) : waits.replace('{time}', time);
  const row = document.createElement('div');
  row.className = 'row';
  const go = document.createElement('a');
  go.className = 'button quiet';
  go.href = `${draft.newProduct}#nhap=${draft.key}`;
  go.textContent = edit;
  row.append(go);
  if (draft.state === 'refused') row.append(press(again, async () => put({ ...draft, state: 'kept' }).then(flush)));
  row.append(press(away, async () => drop(draft.key).then(show)));
  line.append(name, state, row);
  return line;
}

async function show() {
  const drafts = await all();
  box.querySelector('ul').replaceChildren(...drafts.map(lineOf));
  box.hidden = drafts.length === 0 && box.querySelector('output').textContent === '';
}

/** Signing out clears all that this browser keeps: what was not sent would go with it. */
async function leave(out) {
  try {
    const drafts = await all();
    if (drafts.length > 0 && !confirm(box.dataset.leave.replace('{count}', drafts.length))) return;
    for (const draft of drafts) await drop(draft.key);
    for (const name of await caches.keys()) if (name.startsWith('desk-')) await caches.delete(name);
  } catch {
    // A browser that keeps nothing has nothing to clear.
  }
  out.submit();
}

if (box && account && 'indexedDB' in globalThis) {
  await show().catch(() => undefined);
  // Another draft of the same page is opened by its address alone.
  addEventListener('hashchange', () => location.reload());
  addEventListener('online', async () => {
    if (isNew && key) await keepTyped();
    if (!isNew && isOffline()) location.reload();
    else await flush();
  });
  if (navigator.onLine) flush().catch(() => undefined);
  addEventListener('submit', async (event) => {
    if (!new URL(event.target.action).pathname.endsWith('/dang-xuat')) return;
    event.preventDefault();
    await leave(event.target);
  });
}

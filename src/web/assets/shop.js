// The shop works without this file. It saves taps: copying, waiting for a payment, choosing a ward.

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = said;
    }, 2000);
  });
}

// The deadline is the server's. The phone's clock may be wrong, so only the time that has passed is taken from it.
for (const place of document.querySelectorAll('[data-seconds]')) {
  const end = performance.now() + Number(place.dataset.seconds) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    place.textContent = `${String(Math.floor(left / 60)).padStart(2, '0')}:${String(left % 60).padStart(2, '0')}`;
    if (left > 0) setTimeout(tick, 1000);
    else if (place.dataset.after === 'reload') setTimeout(() => location.reload(), 2000);
  };
  tick();
}

// Any news about the payment is read from the page itself, so that there is one place that words it.
const watched = document.querySelector('[data-events]');
if (watched) {
  const poll = () => setInterval(() => location.reload(), 10_000);
  const feed = new EventSource(watched.dataset.events);
  const now = watched.dataset.status;
  const news = (event) => {
    const { status } = JSON.parse(event.data);
    if (status && status !== now) {
      feed.close();
      location.reload();
    }
  };
  feed.addEventListener('payment', news);
  feed.addEventListener('message', news);
  let failures = 0;
  feed.addEventListener('error', () => {
    failures += 1;
    if (feed.readyState === EventSource.CLOSED || failures === 5) {
      feed.close();
      poll();
    }
  });
}

// What goes on by itself is looked at again, unless somebody is reading elsewhere.
const again = document.querySelector('[data-reload]');
if (again) setInterval(() => document.hidden || location.reload(), Number(again.dataset.reload) * 1000);

// Suggestions while typing, in the browser's own list: keyboard and screen reader know it. The list hides what does not
// hold the typed letters, so each name carries them: "hanh" must offer "Hành tím". Heard at the document, because going
// back on a search page puts a new field in the place of the old one.
let waiting;
const suggest = async (field, q) => {
  const answer = await fetch(`/v1/search/suggestions?${new URLSearchParams({ q })}`);
  if (!answer.ok || field.value.trim() !== q) return;
  const { products = [], businesses = [], categories = [] } = await answer.json();
  const names = new Set([...categories, ...products, ...businesses].map(({ name }) => name));
  field.list?.replaceChildren(...[...names].map((name) => new Option(q, name)));
};
document.addEventListener('input', ({ target }) => {
  if (target.id !== 'q') return;
  clearTimeout(waiting);
  const q = target.value.trim();
  if (q.length > 1) waiting = setTimeout(() => suggest(target, q).catch(() => {}), 200);
});

const province = document.querySelector('select[data-wards]');
if (province) {
  const select = document.querySelector('#wardCode');
  const list = document.querySelector('[data-ward-list]');
  const next = document.querySelector('[data-ward-next]');
  const fill = async () => {
    const answer = await fetch(province.dataset.wards.replace('{code}', encodeURIComponent(province.value)));
    const { items = [] } = answer.ok ? await answer.json() : {};
    const first = select.options[0];
    select.replaceChildren(first, ...items.map((ward) => new Option(ward.fullName ?? ward.name, ward.code)));
    select.value = '';
    list.hidden = items.length === 0;
  };
  if (next) next.remove();
  province.addEventListener('change', () => fill().catch(() => {}));
}

// A form that is sent without a line is lost in the browser's own page of errors; here it waits for the line.
const offline = document.querySelector('#offline');
const tellLine = () => {
  offline.hidden = navigator.onLine;
};
addEventListener('offline', tellLine);
addEventListener('online', tellLine);
addEventListener('submit', (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  tellLine();
});

// The service worker of the sellers' desk, and of nothing else: a shop that shows yesterday's price is worse than one that
// says that it cannot be reached. It keeps the look of the desk, and the last sight of a few pages, to be read where there is
// no network; each such page says of when it is. Whatever is sent goes past it.
/* global shell, version */

const prefix = new URL(registration.scope).pathname.replace(/\/$/, '');
const shellName = `desk-shell ${prefix} ${version}`;
const seenName = `desk-seen ${prefix} ${version}`;
const offline = `${prefix}/ngoai-tuyen`;
const form = `${prefix}/san-pham/moi`;
/** What is worth reading a second time: the day, orders, what to take from the shelves, and the form of a new product. */
const kept = [prefix, `${prefix}/don-hang`, `${prefix}/nhat-hang`, form];

addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(shellName);
    await cache.addAll(shell);
    // Nobody's page: without the cookie it names nobody.
    await cache.put(offline, await fetch(offline, { credentials: 'omit' }));
    await skipWaiting();
  };
  event.waitUntil(fill());
});

addEventListener('activate', (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) {
      const [kind, of] = name.split(' ');
      const isOurs = kind.startsWith('desk-') && of === prefix;
      if (isOurs && name !== shellName && name !== seenName) await caches.delete(name);
    }
    await clients.claim();
  };
  event.waitUntil(clean());
});

const accountOf = (text) => /data-account="([\w-]+)"/.exec(text)?.[1];

/** Keeps the sight of a page for the one who saw it; what another saw before on this machine goes. */
async function keep(path, answer) {
  // Nobody is signed in any more, or the desk is closed to them.
  if (answer.status === 401 || (answer.status === 403 && path === prefix)) return caches.delete(seenName);
  if (!answer.ok || answer.redirected || !kept.includes(path)) return;
  const text = await answer.text();
  const account = accountOf(text);
  if (!account) return;
  const owner = await (await (await caches.open(seenName)).match('/who'))?.text();
  if (owner !== account) await caches.delete(seenName);
  const cache = await caches.open(seenName);
  await cache.put('/who', new Response(account));
  const headers = new Headers(answer.headers);
  headers.set('x-seen-at', String(Date.now()));
  await cache.put(path, new Response(text, { headers }));
  if (path !== form && !(await cache.match(form))) await keep(form, await fetch(form));
}

const two = (number) => String(number).padStart(2, '0');
function timeOf(at) {
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? time : `${time} ${two(at.getDate())}/${two(at.getMonth() + 1)}`;
}

/** The page as it was seen last: it says so, and nothing on it can be pressed that would have to be sent. */
async function lastSeen(path) {
  const hit = await (await caches.open(seenName)).match(path);
  if (!hit) return undefined;
  const time = timeOf(new Date(Number(hit.headers.get('x-seen-at'))));
  const text = (await hit.text())
    .replace('<div class="desk"', '<div class="desk" data-offline')
    .replace(/data-seen="([^"]*)" hidden>/, (_match, words) => `>${words.replace('{time}', time)}`);
  return new Response(text, { headers: hit.headers });
}

async function visit(event, path) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(keep(path, answer.clone()));
    return answer;
  } catch {
    return (await lastSeen(path)) ?? (await (await caches.open(shellName)).match(offline)) ?? Response.error();
  }
}

const fromShell = async (request) =>
  (await (await caches.open(shellName)).match(request, { ignoreVary: true })) ?? fetch(request);

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(fromShell(request));
  else if (request.mode === 'navigate') event.respondWith(visit(event, pathname.replace(/\/$/, '')));
});

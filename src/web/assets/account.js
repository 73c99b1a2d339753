// Accounts work without this file, by password and by code. It adds passkeys where the browser has them.

const can =
  'PublicKeyCredential' in window &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function' &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function';

const post = async (path, body) => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.status === 204 ? {} : answer.json();
};

const ceremonies = {
  'sign-in': async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await post('/v1/auth/passkeys/challenge', {}));
    const key = await navigator.credentials.get({ publicKey });
    await post('/v1/auth/passkeys/sign-in', { answer: key.toJSON() });
  },
  prove: async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
      await post('/v1/auth/factor/passkey-challenge', {}),
    );
    const key = await navigator.credentials.get({ publicKey });
    await post('/v1/auth/factor/passkey', { answer: key.toJSON() });
  },
  register: async (button) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await post('/v1/me/passkeys/challenge', {}));
    const key = await navigator.credentials.create({ publicKey });
    const name = document.querySelector('#keyName')?.value ?? '';
    const { recoveryCodes } = await post('/v1/me/passkeys', { name, answer: key.toJSON() });
    if (recoveryCodes.length === 0) return;
    // Shown once, here: they are in no page that can be loaded again.
    const shown = document.querySelector('[data-recovery]');
    shown
      .querySelector('ul')
      .replaceChildren(
        ...recoveryCodes.map((code) => Object.assign(document.createElement('li'), { textContent: code })),
      );
    shown.hidden = false;
    shown.querySelector('a').focus();
    button.hidden = true;
    return 'stay';
  },
};

for (const button of document.querySelectorAll('[data-passkey]')) {
  if (!can) continue;
  button.hidden = false;
  for (const other of document.querySelectorAll('[data-without-passkeys]')) other.hidden = true;
  button.addEventListener('click', async () => {
    const failed = document.querySelector('[data-passkey-failed]');
    if (failed) failed.hidden = true;
    button.disabled = true;
    try {
      if ((await ceremonies[button.dataset.passkey](button)) !== 'stay') location.assign(button.dataset.next);
    } catch {
      if (failed) failed.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}

// A form with pictures works without this file: they are then sent as the camera made them.

const taken = ['image/jpeg', 'image/png', 'image/webp'];
/** What is smaller than this is not worth a second of the phone. */
const smallEnough = 300_000;

const drawn = (bitmap, side) => {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext('2d');
  // JPEG knows no transparency and would make it black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const encoded = (canvas, type) => new Promise((resolve) => canvas.toBlob(resolve, type, 0.85));

/** The file as it is to be sent, and a canvas to show it; undefined where the browser cannot read it. */
const shrink = async (file, side) => {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const canvas = drawn(bitmap, side);
  const isLarge = file.size > smallEnough || Math.max(bitmap.width, bitmap.height) > side;
  bitmap.close();
  if (!isLarge) return { file, canvas };
  // Safari writes PNG where it is asked for WebP.
  let blob = await encoded(canvas, 'image/webp');
  if (blob?.type !== 'image/webp') blob = await encoded(canvas, 'image/jpeg');
  if (!blob || blob.size >= file.size) return { file, canvas };
  const name = `${file.name.replace(/\.[^.]*$/, '')}.${blob.type === 'image/webp' ? 'webp' : 'jpg'}`;
  return { file: new File([blob], name, { type: blob.type }), canvas };
};

const megabytes = (files) =>
  (files.reduce((sum, { size }) => sum + size, 0) / 1_000_000).toLocaleString(document.documentElement.lang, {
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
  });

for (const field of document.querySelectorAll('input[data-shrink]')) {
  const say = field.parentElement.querySelector('output');
  const place = field.parentElement.querySelector('[data-pictures]');
  const { working, ready, refused, shrink: side } = field.dataset;
  let busy;

  const prepare = async () => {
    const chosen = [...field.files];
    place.replaceChildren();
    const unknown = chosen.find(({ type }) => !taken.includes(type));
    field.setCustomValidity(unknown ? refused : '');
    if (chosen.length === 0 || unknown) {
      say.textContent = unknown ? refused : '';
      return;
    }
    say.textContent = working;
    const sent = new DataTransfer();
    for (const file of chosen) {
      const made = await shrink(file, Number(side)).catch(() => ({ file }));
      sent.items.add(made.file);
      if (made.canvas) place.append(made.canvas);
    }
    field.files = sent.files;
    say.textContent = ready.replace('{before}', megabytes(chosen)).replace('{after}', megabytes([...sent.files]));
  };
  field.addEventListener('change', () => {
    const mine = prepare().finally(() => {
      if (busy === mine) busy = undefined;
    });
    busy = mine;
  });
  // Whoever is quicker than their phone waits for it: what is sent is what was shrunk.
  field.form?.addEventListener('submit', (event) => {
    if (!busy) return;
    event.preventDefault();
    const { submitter } = event;
    busy.then(() => field.form.requestSubmit(submitter));
  });
}

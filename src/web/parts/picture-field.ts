import { assetUrl } from '../assets.ts';
import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

type PictureField = {
  readonly name: string;
  readonly label: string;
  readonly error?: string | undefined;
  readonly required?: boolean;
  readonly multiple?: boolean;
};

/** Pixels of the longer side: as many as the widest picture has on a screen with small dots, and a tenth of the bytes. */
const longestSide = 2_048;

/**
 * A place to choose or take pictures, in a form with `enctype="multipart/form-data"`. Where scripts run they are shown at
 * once and shrunk before they are sent: a photograph of 4 MB takes two minutes at the edge of a field, one of 200 KB six
 * seconds. Elsewhere they are sent as they are.
 */
export function pictureField(view: View, { name, label, error, required, multiple }: PictureField): SafeHtml {
  const { t } = view;
  const described = error ? `${name}-hint ${name}-error` : `${name}-hint`;
  return html`<div class="field"><label for="${name}">${label}</label>
<p class="hint" id="${name}-hint">${t('picture.hint')}</p>
<input id="${name}" name="${name}" type="file" accept="image/jpeg,image/png,image/webp"${multiple && html` multiple`}${required && html` required`}${error && html` aria-invalid="true"`} aria-describedby="${described}" data-shrink="${longestSide}" data-working="${t('picture.working')}" data-ready="${t('picture.ready')}" data-refused="${t('picture.refused')}">
<output class="hint" for="${name}"></output><div class="shown-pictures" data-pictures="${name}"></div>
${error && html`<p class="wrong" id="${name}-error">${error}</p>`}<script type="module" src="${assetUrl('picture-field.js')}"></script></div>`;
}

import { html, type SafeHtml } from '../html.ts';

export type Bar = { readonly label: string; readonly value: number; readonly shown: string };

/** Loaded with the first drawing: no start has to read it. */
const loadScale = async () => (await import('d3-scale')).scaleLinear;

/**
 * Lying bars, the longest first, each with its name and figure in words: text keeps its size on a phone, and a bar is read
 * without its colour. `name`: what it shows, where nothing above says so.
 */
export async function bars(name: string | undefined, all: readonly Bar[], most = 8): Promise<SafeHtml | false> {
  const shown = all
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value)
    .slice(0, most);
  const longest = shown[0]?.value;
  if (longest === undefined) return false;
  const scaleLinear = await loadScale();
  const width = scaleLinear().domain([0, longest]).range([0, 100]);
  return html`<figure class="chart">${name !== undefined && html`<figcaption>${name}</figcaption>`}<ul class="bars">${shown.map(
    (bar) =>
      html`<li><span>${bar.label}</span><b>${bar.shown}</b><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-rail" width="100" height="4"/><rect class="bar" width="${Math.max(0.6, width(bar.value)).toFixed(1)}" height="4"><title>${bar.label}: ${bar.shown}</title></rect></svg></li>`,
  )}</ul></figure>`;
}

const frame = { width: 320, height: 140, left: 44, bottom: 20, top: 10 } as const;

export type Columns = {
  /** What the drawing shows and says, in a sentence. */
  readonly name: string;
  /** In the order of time. */
  readonly values: readonly Bar[];
  /** How an amount stands beside its line. */
  readonly tick: (value: number) => string;
};

/** Standing columns over time, with lines of round numbers behind them. */
export async function columns({ name, values, tick }: Columns): Promise<SafeHtml | false> {
  const highest = Math.max(0, ...values.map(({ value }) => value));
  if (highest === 0) return false;
  const scaleLinear = await loadScale();
  const floor = frame.height - frame.bottom;
  const y = scaleLinear().domain([0, highest]).nice(3).range([floor, frame.top]);
  const step = (frame.width - frame.left) / values.length;
  const lines = y
    .ticks(3)
    .map(
      (value) =>
        html`<path class="chart-line" d="M${frame.left} ${y(value).toFixed(1)}H${frame.width}"/><text x="${frame.left - 4}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${tick(value)}</text>`,
    );
  const drawn = values.map(
    ({ label, value, shown }, index) =>
      html`<rect class="bar" x="${(frame.left + index * step + step * 0.15).toFixed(1)}" y="${y(value).toFixed(1)}" width="${(step * 0.7).toFixed(1)}" height="${(floor - y(value)).toFixed(1)}"><title>${label}: ${shown}</title></rect>`,
  );
  const edge = (bar: Bar | undefined, x: number, anchor: string): SafeHtml | undefined =>
    bar && html`<text x="${x}" y="${frame.height - 5}" text-anchor="${anchor}">${bar.label}</text>`;
  return html`<figure class="chart"><svg viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-label="${name}">${lines}${drawn}
${edge(values[0], frame.left, 'start')}${values.length > 1 && edge(values.at(-1), frame.width, 'end')}</svg></figure>`;
}

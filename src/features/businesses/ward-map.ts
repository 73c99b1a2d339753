import { html, type SafeHtml } from '#web/html.ts';
import type { WardPlace } from './views/public.ts';

type Place = { readonly latitude: number; readonly longitude: number };
export type Dot = Place & {
  readonly name: string;
  /** In the units of the drawing, 300 wide and 220 high. */
  readonly radius: number;
  readonly address?: string;
};

/** Wards of which somebody says where they are, as small dots. */
export const dotsOf = (wards: readonly WardPlace[]) =>
  wards.flatMap((ward) => {
    const { name, latitude, longitude } = ward;
    return latitude === null || longitude === null ? [] : [{ ward, name, latitude, longitude, radius: 4 }];
  });

const frame = { width: 300, height: 220, edge: 14 } as const;

/** A boat with its pole, two units wide: what leads to a ward's goods looks like what sells them. */
const boat = 'M-1 .1Q0 .5 1 .1L.7 .7Q0 .9-.7 .7ZM-.06-.9H.06V.3H-.06ZM.06-.8L.5-.55 .06-.3Z';

/** From degrees to the drawing: the province is small enough for straight lines. */
function scale(places: readonly Place[]) {
  const longitudes = places.map(({ longitude }) => longitude);
  const latitudes = places.map(({ latitude }) => latitude);
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const [across, down] = [frame.width - 2 * frame.edge, frame.height - 2 * frame.edge];
  return {
    x: (longitude: number): string => (frame.edge + (across * (longitude - west)) / (east - west || 1)).toFixed(1),
    y: (latitude: number): string => (frame.edge + (down * (north - latitude)) / (north - south || 1)).toFixed(1),
  };
}

/** Where things lie among the wards: dots from our own register, drawn here. No map of anybody else's is asked. */
export function wardMap(label: string, dots: readonly Dot[], here?: Place): SafeHtml {
  const { x, y } = scale(here ? [...dots, here] : dots);
  const dot = ({ latitude, longitude, radius, name, address }: Dot): SafeHtml =>
    address === undefined
      ? html`<circle cx="${x(longitude)}" cy="${y(latitude)}" r="${radius.toFixed(1)}"><title>${name}</title></circle>`
      : html`<a href="${address}" tabindex="-1"><path transform="translate(${x(longitude)} ${y(latitude)}) scale(${radius.toFixed(1)})" d="${boat}"><title>${name}</title></path></a>`;
  const leads = dots.some(({ address }) => address !== undefined);
  // Dots that lead somewhere save a tap; the list beside them is what keyboards and screen readers walk.
  const told = leads ? html`aria-hidden="true"` : html`role="img" aria-label="${label}"`;
  return html`<svg viewBox="0 0 ${frame.width} ${frame.height}" ${told}>
${dots.map(dot)}
${here && html`<circle class="here" cx="${x(here.longitude)}" cy="${y(here.latitude)}" r="8"/>`}</svg>`;
}

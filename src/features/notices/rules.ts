import { hourMs, localDate } from '#core/clock.ts';
import type { Id } from '#core/ids.ts';
import {
  CHANNELS,
  type Channel,
  type Language,
  type Settings,
  type Template,
  type Values,
  type Words,
} from './types.ts';

/** Vietnam's clock, which has no daylight saving. */
const offsetHours = 7;

/** A person, or a number or address without one. */
export type Reachable = {
  readonly accountId: Id<'Account'> | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly settings: Settings;
};
export type PlannedDelivery = { readonly channel: Channel; readonly address: string; readonly notBefore: Date };

const isQuiet = (hour: number, { quietFrom, quietUntil }: Settings): boolean =>
  quietFrom <= quietUntil ? hour >= quietFrom && hour < quietUntil : hour >= quietFrom || hour < quietUntil;

/** The first instant from `now` on that is not in somebody's quiet hours; `now` itself by day. */
export function awakeAt(now: Date, settings: Settings): Date {
  const local = new Date(now.getTime() + offsetHours * hourMs);
  if (!isQuiet(local.getUTCHours(), settings)) return now;
  const hours = (settings.quietUntil - local.getUTCHours() + 24) % 24;
  return new Date(Math.floor(now.getTime() / hourMs) * hourMs + hours * hourMs);
}

const addressOf = (channel: Channel, { accountId, phone, email }: Reachable): string | null => {
  if (channel === 'in-app') return accountId && '';
  return channel === 'email' ? email : phone;
};

/** Phones ring; a letter waits. */
const wakes = (channel: Channel): boolean => channel === 'sms' || channel === 'zalo';

/**
 * By which ways a person is told: in the app always where it makes sense, and by the first other way of the template
 * that reaches them and that they have not switched off. What is urgent is not to be switched off and does not wait
 * for the morning. Nobody is told the same by mail and by telephone.
 */
export function planDeliveries(
  template: Template,
  person: Reachable,
  now: Date,
  carried: readonly Channel[] = CHANNELS,
): PlannedDelivery[] {
  const { settings } = person;
  const open = template.channels.flatMap((channel) => {
    const address = addressOf(channel, person);
    const wanted = template.urgent || channel === 'in-app' || settings.channels.includes(channel);
    return address === null || !wanted ? [] : [{ channel, address }];
  });
  const ways = open.filter(({ channel }) => channel !== 'in-app');
  // With no carrier for any of them the first is planned all the same: it fails in the log, where staff see it.
  const outward = ways.find(({ channel }) => carried.includes(channel)) ?? ways[0];
  return [...open.filter(({ channel }) => channel === 'in-app'), ...(outward ? [outward] : [])].map((one) => ({
    ...one,
    notBefore: wakes(one.channel) && !template.urgent ? awakeAt(now, settings) : now,
  }));
}

/** A day or an instant as people of this country read it; other values as they are. */
const shown = (value: string | number): string => {
  const date = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) ? value : undefined;
  if (date === undefined) return String(value);
  const local = date.length > 10 ? localDate(new Date(date)) : date;
  return local.split('-').reverse().join('/');
};
const fill = (text: string, values: Values): string =>
  text.replace(/\{\{(\w+)\}\}(\.?)/g, (_hole, name: string, stop: string) => {
    const value = shown(values[name] ?? '');
    // A reason that ends with a full stop needs no second one.
    return /[.!?…]$/.test(value) ? value : value + stop;
  });

/** The template's words in a language, filled in. What fills in is text and stays text. */
export const wordsOf = (template: Template, language: Language, values: Values): Words => [
  fill(template[language][0], values).replace(/[\r\n]+/g, ' '),
  fill(template[language][1], values),
];

/** Milliseconds to the next try: a minute, doubling, at most six hours. After `maxAttempts` the message has failed. */
export const retryDelayMs = (attempts: number): number => Math.min(60_000 * 2 ** (attempts - 1), 6 * hourMs);
export const maxAttempts = 8;

/** `+84…678`, `nga…@thu.example`: enough for an officer to recognise, too little to write to. */
export const masked = (address: string): string => {
  const [name = '', host] = address.split('@');
  return host === undefined ? `${address.slice(0, 3)}…${address.slice(-3)}` : `${name.slice(0, 3)}…@${host}`;
};

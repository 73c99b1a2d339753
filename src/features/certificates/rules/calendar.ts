import { localDate } from '#core/clock.ts';
import { REMINDER_DAYS } from './reminders.ts';

/** How soon something ends, in words that an officer acts on. */
export const URGENCIES = ['7', '30', '90', '180', 'later'] as const;
export type Urgency = (typeof URGENCIES)[number];

export function urgencyOf(daysLeft: number): Urgency {
  const bound = REMINDER_DAYS.findLast((days) => daysLeft <= days);
  return bound === undefined ? 'later' : (String(bound) as Urgency);
}

/** `2026-12` of the last day on which it holds. */
export const monthOf = (validUntil: Date): string => localDate(new Date(validUntil.getTime() - 1)).slice(0, 7);

export type CalendarEntry = {
  readonly uid: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly lastDay: string;
  readonly summary: string;
  readonly description: string;
  readonly url: string;
};

const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');

/** RFC 5545: lines of at most 75 octets, the next begins with a space. Cut between letters, never inside one. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const letter of line) {
    if (Buffer.byteLength(part + letter) > 73) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return [...parts, part].join('\r\n ');
}

const compact = (day: string): string => day.replaceAll('-', '');
const stamp = (at: Date): string => `${at.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** A calendar that telephones and desks read: each end as a whole day. */
export function icsOf(name: string, entries: readonly CalendarEntry[], now: Date): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Cho Noi//Certificates//VI',
    `X-WR-CALNAME:${escaped(name)}`,
    ...entries.flatMap(({ uid, lastDay, summary, description, url }) => [
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${stamp(now)}`,
      `DTSTART;VALUE=DATE:${compact(lastDay)}`,
      `DTEND;VALUE=DATE:${compact(dayAfter(lastDay))}`,
      `SUMMARY:${escaped(summary)}`,
      `DESCRIPTION:${escaped(description)}`,
      `URL:${url}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

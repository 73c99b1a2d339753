import { messages } from '#web/i18n/messages.ts';
import { wordsOf } from './rules.ts';
import { templateOf } from './templates/all.ts';
import type { Language, Values, Words } from './types.ts';

/** Texts are called as their code is, or as programs write it: `criteria-lost`, `criteriaLost`. */
const keysOf = (prefix: string, code: string): readonly string[] => [
  prefix + code,
  prefix + code.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase()),
];

/** What a notice says to its reader: what was picked from a list is told in the reader's language. */
export function noticeWords(kind: string, language: Language, values: Values): Words {
  const template = templateOf(kind);
  const told = Object.entries(template.listed ?? {}).flatMap(([name, prefix]) => {
    const keys = keysOf(prefix, String(values[name] ?? ''));
    const text = keys.map((key) => messages[language][key] ?? messages.vi[key]).find((one) => one !== undefined);
    return text === undefined ? [] : [[name, text]];
  });
  return wordsOf(template, language, { ...values, ...Object.fromEntries(told) });
}

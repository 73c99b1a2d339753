/** Texts as people type them and as they should not: whatever runs, calls `canary`, which nobody else does. */

const run = 'canary()';

const inHtml = [
  `<script>${run}</script>`,
  `<ScRiPt >${run}</sCrIpT>`,
  `<script src=data:text/javascript,${run}></script>`,
  `</script><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `</textarea><script>${run}</script>`,
  `</style><script>${run}</script>`,
  `</noscript><script>${run}</script>`,
  `</select><script>${run}</script>`,
  `--><script>${run}</script>`,
  `]]><script>${run}</script>`,
  `<img src=x onerror=${run}>`,
  `<img src=x onerror="${run}"/>`,
  `<img/src=x/onerror=${run}>`,
  `<<img src=x onerror=${run}>>`,
  `<img src=x onerror=&#99;anary()>`,
  `<svg onload=${run}>`,
  `<svg><script>${run}</script></svg>`,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<math><mtext></p><img src=x onerror=${run}></mtext></math>`,
  `<body onload=${run}>`,
  `<iframe src="javascript:parent.${run}"></iframe>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<object data="javascript:${run}"></object>`,
  `<embed src="javascript:${run}">`,
  `<details open ontoggle=${run}>x</details>`,
  `<video><source onerror=${run}></video>`,
  `<input autofocus onfocus=${run}>`,
  `<marquee onstart=${run}>x</marquee>`,
  `<form><button formaction="javascript:${run}">x</button></form>`,
  `<link rel=stylesheet href="data:text/css,*{color:red}">`,
  `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  `<base href="//xau.example/">`,
  `<template><img src=x onerror=${run}></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `<x:script xmlns:x="http://www.w3.org/1999/xhtml">${run}</x:script>`,
  `<a href="java\tscript:${run}">x</a>`,
  `&lt;script&gt;${run}&lt;/script&gt;`,
  `&#60;script&#62;${run}&#60;/script&#62;`,
  `\u003cscript\u003e${run}\u003c/script\u003e`,
  `%3Cscript%3E${run}%3C/script%3E`,
  `＜script＞${run}＜/script＞`,
  `<style>@import 'javascript:${run}';</style>`,
  `<!--<img src="--><img src=x onerror=${run}>">`,
] as const;

const inAttributes = [
  `" onmouseover="${run}" x="`,
  `' onmouseover='${run}' x='`,
  `" autofocus onfocus=${run} x="`,
  `"><script>${run}</script>`,
  `'><script>${run}</script>`,
  '` onmouseover=`canary()` x=`',
  `" style="position:fixed;inset:0" onclick="${run}`,
  ` onload=${run} `,
  `x" hx-on:load="${run}`,
  `" hx-get="/dang-xuat" hx-trigger="load" x="`,
] as const;

const asAddresses = [
  `javascript:${run}`,
  `JaVaScRiPt:${run}`,
  ` javascript:${run}`,
  `java\tscript:${run}`,
  `javascript://x%0a${run}`,
  `data:text/html,<script>${run}</script>`,
  'data:text/html;base64,PHNjcmlwdD5jYW5hcnkoKTwvc2NyaXB0Pg==',
  `vbscript:${run}`,
  '//xau.example/',
  '\\\\xau.example\\x',
  'https://xau.example@san.example/',
] as const;

const inData = [
  `"};${run};//`,
  `'};${run};//`,
  `\\";${run};//`,
  `</script ><!--`,
  `<!--<script>`,
  `]]>`,
  `{"__proto__":{"x":1}}`,
  `${'{'}{constructor.constructor('${run}')()}}`,
  `${'$'}{${run}}`,
  `#{${run}}`,
  `<%= ${run} %>`,
  `{% raw %}{{ x }}{% endraw %}`,
  `{{name}} {{count}} $t(nav.cart)`,
  `*|MERGE|* [[x]] {0}`,
  `<item><title>x</title></item>`,
  `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`,
] as const;

const asStatements = [
  "' or '1'='1",
  "'; drop table products; --",
  '" or ""="',
  '1; select pg_sleep(9)',
  "%' or name like '%",
  "\\'; select 1; --",
  '$$; select 1; $$',
  'stock > 0 OR star EXISTS',
  '"a" OR NOT "b"',
  "=cmd|'/c calc'!A1",
  '+84912345678',
  '-2+3',
  '@SUM(1)',
  '../../../etc/passwd',
  '%2e%2e%2f',
  'a&b=c;d#e?f',
  'x\u0085y',
] as const;

/** What must come through unharmed. */
const asPeopleType = [
  'Bánh pía kim sa “Đặc Biệt” – 4 lòng đỏ & sầu riêng',
  'Bánh pía'.normalize('NFD'),
  'ÁÀẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÊỀẾỂỄỆÔỒỐỔỖỘƠỜỚỞỠỢƯỪỨỬỮỰ',
  'នំអន្សម និងត្រីងៀត',
  'ផ្លែឈើ​ស្រស់',
  '越南粽子',
  'مرحبا بالعالم',
  'שלום',
  'abc\u202edcba',
  '\u2066abc\u2069',
  'a\u200bb\u200cc\u200dd',
  'x\u2028y\u2029z',
  '👨‍👩‍👧‍👦🥭🇻🇳',
  'e\u0301\u0301\u0301\u0301\u0301\u0301',
  '𝕭𝖆́𝖓𝖍 𝖕𝖎́𝖆',
  'ﷺ',
  '\ufeffđầu',
  'a\u00a0b\u3000c',
  'ＡＢＣ１２３',
  "O'Brien & “Sons” <3",
  '5 < 6 > 4 && x',
  '100% “nguyên chất”, 1/2 kg; giá: 125.000đ',
  'null',
  'undefined',
  'NaN',
  'true',
  '0',
  '-1',
  '1e400',
  '[object Object]',
  'a\\b\\\\c',
] as const;

export const hostileTexts: readonly string[] = [
  ...inHtml,
  ...inAttributes,
  ...asAddresses,
  ...inData,
  ...asStatements,
  ...asPeopleType,
];

/** All of them in pieces of at most so many letters; one that is longer alone is left out. */
export function inPieces(most: number): readonly string[] {
  const pieces: string[] = [];
  for (const one of hostileTexts) {
    if (one.length > most) continue;
    const last = pieces.at(-1);
    if (last !== undefined && last.length + 1 + one.length <= most) pieces[pieces.length - 1] = `${last} ${one}`;
    else pieces.push(one);
  }
  return pieces;
}

/** Words in an SVG: their width, estimated since the reader's own font draws them, and their escaping. */

/** Widths in em of DejaVu Sans, the widest font of the stack, rounded up. */
const widths: readonly (readonly [letters: RegExp, em: number])[] = [
  [/[ijlIJ'|]/, 0.3],
  [/[ ,.:;/\\f·-]/, 0.37],
  [/[()[\]t!r"]/, 0.47],
  [/[*_`szc?–]/, 0.56],
  [/[MmwW@%…—]/, 1],
  [/[#+<=>^~×→OQDGNHU&]/, 0.85],
];

const emOf = (letter: string): number => {
  const code = letter.codePointAt(0) ?? 0;
  if (code > 0x2e80) return code > 0xffff ? 1.4 : 1.05;
  return widths.find(([letters]) => letters.test(letter))?.[1] ?? (/[A-Z]/.test(letter) ? 0.71 : code > 0x24f ? 0.9 : 0.65);
};

const pixels = (em: number, fontSize: number, weight: 'normal' | 'bold'): number => em * fontSize * (weight === 'bold' ? 1.13 : 1);

/** A cautious estimate in pixels: wide scripts count double. `bold` is for headings. */
export function textWidth(text: string, fontSize: number, weight: 'normal' | 'bold' = 'normal'): number {
  let em = 0;
  for (const letter of text) em += emOf(letter);
  return pixels(em, fontSize, weight);
}

/** The longest beginning that fits, with an ellipsis where something is missing. */
export function clipText(text: string, most: number, fontSize: number, weight: 'normal' | 'bold' = 'normal'): string {
  let em = 0;
  let kept = '';
  for (const letter of text) {
    em += emOf(letter);
    if (pixels(em, fontSize, weight) > most) return `${kept.trimEnd()}…`;
    if (pixels(em + 1, fontSize, weight) <= most) kept += letter;
  }
  return text;
}

/** For text and attributes. What XML 1.0 has no place for, even escaped, is left out: control codes, halves of surrogate pairs. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A coordinate with two decimals at most. */
export const round = (n: number): number => Math.round(n * 100) / 100;

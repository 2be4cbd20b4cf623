/** Numbers as people read them in looks.md: `.412`, `3,670`, `0:08`, `197 M`. Machine output never goes through here. */

/** At most `digits` significant digits, no leading zero: .4123 → `.412`, 12.3456 → `12.3`; NaN and infinities by name. */
export function short(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'infinite' : '-infinite';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(digits - 1).replace(/\.?0*e\+?/, 'e').replace('e-0', 'e-');
  const text = size >= 10 ** digits ? Math.round(value).toString() : Number(value.toPrecision(digits)).toString();
  return text.replace(/^(-?)0\./, '$1.');
}

/** Three decimals, no leading zero, always as wide for values below 10: .5 → `.500`, 1 → `1.000`. For columns of losses and rates. */
export function fixed(value: number, decimals = 3): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e6) return short(value);
  return value.toFixed(decimals).replace(/^(-?)0\./, '$1.');
}

/** 3670 → `3,670`. */
export const count = (n: number): string => Math.round(n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** 197_000_000 → `197 M`. */
export function large(n: number): string {
  for (const [size, letter] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as const) if (n >= size) return `${short(n / size)} ${letter}`;
  return count(n);
}

/** Bytes → `240 MB` (decimal units, as disks and task managers show them). */
export const bytes = (n: number): string => (n < 1000 ? `${n} bytes` : `${large(n)}B`);

/** 8.4 → `0:08`, 3700 → `1:01:40`. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** `1 picture`, `2 pictures`. */
export const plural = (n: number, word: string): string => `${count(n)} ${word}${n === 1 ? '' : 's'}`;

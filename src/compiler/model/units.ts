/** Numbers as people read them: bytes, counts, times. */

export const thousands = (n: number): string => n.toLocaleString('en-US');

/** 1.5 MB, 240 kB. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const unit = n < 1e6 ? 'kB' : n < 1e9 ? 'MB' : 'GB';
  return `${digits(n / { kB: 1e3, MB: 1e6, GB: 1e9 }[unit])} ${unit}`;
}

/** 850, 36.9 k, 2.36 M, 15.5 G: three digits. */
export function count(n: number): string {
  if (n < 1000) return String(n);
  const power = n < 999_500 ? 1 : n < 999_500_000 ? 2 : 3;
  const value = n / 1000 ** power;
  return `${value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : Math.round(value)} ${['k', 'M', 'G'][power - 1]}`;
}

/** Of milliseconds: 3.2 ms, 240 ms, 1.5 s, 2.3 min. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${digits(milliseconds)} ms`;
  return milliseconds < 100_000 ? `${digits(milliseconds / 1000)} s` : `${digits(milliseconds / 60_000)} min`;
}

const digits = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

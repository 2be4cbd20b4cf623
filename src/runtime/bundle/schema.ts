/** Small checks of untrusted JSON, put together like the types they stand for. A check throws `SchemaError` naming the place. */
export class SchemaError extends Error {}

export type Check = (value: unknown, path: string) => void;

const wrong = (path: string, expected: string): never => {
  throw new SchemaError(`${path || 'it'} is not ${expected}`);
};

export const text: Check = (v, path) => void ((typeof v === 'string' && v.length <= 10_000) || wrong(path, 'a text'));
export const flag: Check = (v, path) => void (typeof v === 'boolean' || wrong(path, 'true or false'));
export const finite: Check = (v, path) => void (Number.isFinite(v) || wrong(path, 'a number'));
export const whole = (low: number, high: number): Check => (v, path) =>
  void ((Number.isSafeInteger(v) && (v as number) >= low && (v as number) <= high) || wrong(path, `a whole number from ${low} to ${high}`));
export const fraction: Check = (v, path) => void ((typeof v === 'number' && v >= 0 && v <= 1) || wrong(path, 'a fraction'));
export const oneOf = (...values: readonly (string | number | null)[]): Check => (v, path) => void (values.includes(v as string) || wrong(path, `one of ${values.join(', ')}`));
export const orNull = (check: Check): Check => (v, path) => void (v === null || check(v, path));
/** Absent, or as the check says. */
export const optional = (check: Check): Check => (v, path) => void (v === undefined || check(v, path));
export const list = (check: Check, low = 0, high = 100_000): Check => (v, path) => {
  if (!Array.isArray(v) || v.length < low || v.length > high) wrong(path, `a list of ${low} to ${high}`);
  (v as unknown[]).forEach((item, i) => check(item, `${path}[${i}]`));
};
export const pair = (check: Check): Check => list(check, 2, 2);

/** Every field named, no others. */
export const record = (fields: Readonly<Record<string, Check>>): Check => (v, path) => {
  const r = asRecord(v, path);
  for (const name of Object.keys(r)) if (!Object.hasOwn(fields, name)) wrong(`${path}.${name}`, 'known');
  for (const [name, check] of Object.entries(fields)) check(Object.hasOwn(r, name) ? r[name] : undefined, path ? `${path}.${name}` : name);
};

/** By the text in field `key`. */
export const choice = (key: string, cases: Readonly<Record<string, Check>>): Check => (v, path) => {
  const kind = asRecord(v, path)[key];
  if (typeof kind !== 'string' || !Object.hasOwn(cases, kind)) return wrong(`${path}.${key}`, 'known');
  cases[kind](v, path);
};

export function asRecord(v: unknown, path: string): Record<string, unknown> {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) return wrong(path, 'a record');
  return v as Record<string, unknown>;
}

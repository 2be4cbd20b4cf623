/** A setting that is on by standing there: `horizontal_flip`, `shuffle off`. */
import type { Group, Word } from '../types.ts';
import { param } from '../params.ts';

export const switchSetting = (
  group: Group,
  section: string,
  word: string,
  doc: string,
  more: { readonly keras?: readonly string[]; readonly source?: string; readonly default?: string; readonly details?: string } = {},
): Word => ({
  word,
  group,
  doc,
  ...(more.details ? { details: more.details } : {}),
  ...(more.keras ? { keras: more.keras } : {}),
  params: [param('on', { kind: 'switch' }, 'Whether it is on.', { position: 0, value: true, ...(more.default ? { default: more.default } : {}) })],
  in: [section],
  example: word,
  ...(more.source ? { source: more.source } : {}),
});

/** Settings of `budget`: limits that are checked before anything trains. */
import type { ParamType, Word } from '../types.ts';
import { param } from '../params.ts';

const limit = (word: string, doc: string, type: ParamType, example: string): Word => ({
  word,
  group: 'budget',
  doc,
  params: [param('limit', type, 'At most this much.', { position: 0, required: true, default: 'no limit' })],
  in: ['budget'],
  example,
});

const count: ParamType = { kind: 'integer', min: 1 };
const amount: ParamType = { kind: 'bytes' };

export const budgetSettings: readonly Word[] = [
  limit('params', 'How many parameters the network may have, those that are not trained included.', count, 'params 1M'),
  limit('macs', 'How many multiply-adds one picture may take.', count, 'macs 500M'),
  limit('memory', 'How much memory training may take, as `cnnc summary` estimates it: all processes together, on the engine that takes more.', amount, 'memory 2GB'),
  limit('size', 'How large the weights of the trained model may be, four bytes a parameter.', amount, 'size 10MB'),
];

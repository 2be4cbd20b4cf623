/** What an optimizer works with: one weight at a time. */
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';

export interface UpdateContext {
  readonly g: Builder;
  readonly weight: Value;
  readonly gradient: Value;
  /** Values of the slots by their short names: `m`, `v`. */
  readonly slot: (name: string) => Value;
  /** float32 [] */
  readonly rate: Value;
  /** float32 [], from 1. */
  readonly step: Value;
}

/** New values: of the weight, and of every slot by its short name. */
export interface Updated {
  readonly weight: Value;
  readonly slots: Readonly<Record<string, Value>>;
}

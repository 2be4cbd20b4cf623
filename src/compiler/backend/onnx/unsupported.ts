/** What this backend cannot do, as data: a code for tables and messages, and the reason in words. */
export type UnsupportedCode = 'host-input';

export class Unsupported extends Error {
  constructor(
    readonly code: UnsupportedCode,
    readonly reason: string,
  ) {
    super(`onnx: ${reason}`);
    this.name = 'Unsupported';
  }
}

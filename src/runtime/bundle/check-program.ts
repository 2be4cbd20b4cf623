/** JSON from outside → Program, or a reason why not: its form first, then that everything in it fits together. */
import type { Program } from '../../compiler/model/program.ts';
import { verify } from '../../compiler/model/verify.ts';
import { programSchema } from './program-schema.ts';
import { SchemaError } from './schema.ts';

/** Throws SchemaError. */
export function checkProgram(raw: unknown): Program {
  programSchema(raw, '');
  const program = raw as Program;
  const [problem] = verify(program);
  if (problem) throw new SchemaError(`its program does not fit together: ${problem}`);
  const { meanStd } = program.preprocess;
  const channels = program.input[2];
  if (meanStd && (meanStd.mean.length !== channels || meanStd.std.length !== channels)) throw new SchemaError('mean and std are not one number a channel');
  return program;
}

/** JSON from outside → Program, or a reason why not. */
import type { Program } from '../../compiler/model/program.ts';
import { checkShapes } from './check-shapes.ts';
import { programSchema } from './program-schema.ts';

/** Throws SchemaError. */
export function checkProgram(raw: unknown): Program {
  programSchema(raw, '');
  const program = raw as Program;
  checkShapes(program);
  return program;
}

/** Errors that end a run, as diagnostics with a way to go on. */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Program } from '../../compiler/model/program.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import { EngineDied, type Engine } from '../engine/engine.ts';
import { EngineRefused } from './guard.ts';
import { NotFinite } from './loop.ts';
import { explainNotFinite } from './nan.ts';
import { reasonOf } from './reason.ts';
import { CannotWrite } from './store.ts';

/** Where the run was: the newest checkpoint in words (null: none), and what was under way. */
export interface Place {
  readonly saved: string | null;
  readonly during: string;
}

/** null for what is no fault of training but one of ours. */
export async function faultOf(error: unknown, program: Program, engine: Engine, place: Place, resume: string): Promise<DiagnosticError | null> {
  const nowhere = fileSpan('');
  const { saved, during } = place;
  if (error instanceof DiagnosticError) return error;
  if (error instanceof NotFinite) return new DiagnosticError([await explainNotFinite(error, program, engine)]);
  if (error instanceof EngineDied) return new DiagnosticError([diagnostic('CNN5002', nowhere, { reason: error.reason, during, saved, resume, batch: program.fit.batch })]);
  if (error instanceof EngineRefused) return new DiagnosticError([diagnostic('CNN5007', nowhere, { reason: error.message, during, saved, resume })]);
  if (error instanceof CannotWrite) {
    const { code } = error.cause as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    return new DiagnosticError([diagnostic('CNN5003', nowhere, { what: error.what, path: error.path, reason: reasonOf(error.cause), full, saved, resume })]);
  }
  return null;
}

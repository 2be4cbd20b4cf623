/** Troubles with engines as messages: none has a place in a program. */
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import type { Code, Facts } from '../../../compiler/diagnostics/catalogue.ts';
import { fileSpan } from '../../../compiler/source/source.ts';

export const problem = <C extends Code>(code: C, facts: Facts<C>): DiagnosticError => new DiagnosticError([diagnostic(code, fileSpan(''), facts)]);
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

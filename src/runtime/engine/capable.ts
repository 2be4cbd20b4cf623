/** Refuses, before anything is loaded, what an engine cannot run: at the word that asks for it. */
import { missingType, missingTypes, refusals, tables } from '../../compiler/backend/capabilities.ts';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { TrainingGraph } from '../../compiler/graph/types.ts';
import type { Program } from '../../compiler/model/program.ts';
import type { Span } from '../../compiler/source/source.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import type { EngineKind } from './engine.ts';

/**
 * Throws DiagnosticError CNN6005, one for each word, or CNN5041. `program` is where the graph came from; without `spans` its text is not at hand.
 * `byKind`: the backends' tables; tests have their own.
 */
export function mustRun(kind: EngineKind, graph: TrainingGraph, program: Program, { spans = true, byKind = tables as Readonly<Record<EngineKind, Parameters<typeof refusals>[0]>> } = {}): void {
  const type = missingType(kind, graph);
  if (type !== undefined) throw new DiagnosticError([diagnostic('CNN5041', fileSpan(''), { reason: missingTypes[kind][type]!.reason })]);
  const refused = refusals(byKind[kind], graph);
  if (refused.length === 0) return;
  const otherKind: EngineKind = kind === 'onnx' ? 'tensorflow' : 'onnx';
  const other = refusals(byKind[otherKind], graph).length === 0 ? otherKind : null;
  const found = new Map<string, { readonly what: string; readonly reason: string; readonly span: Span }>();
  for (const { unsupported, label } of refused) {
    const parts = label.split('/');
    const layer = program.layers.find(({ name }) => parts.includes(name));
    const what = layer?.word ?? parts.find((part) => part !== 'gradient') ?? label;
    const span = !spans ? fileSpan('') : (layer?.origin ?? fileSpan(program.network.origin.file));
    const key = `${unsupported.code} ${span.file} ${span.start} ${what}`;
    if (!found.has(key)) found.set(key, { what, reason: unsupported.reason, span });
  }
  throw new DiagnosticError([...found.values()].map(({ what, reason, span }) => diagnostic('CNN6005', span, { engine: kind, what, reason, other })));
}

/** check: everything that must agree, section by section; each answer is a part of the Program. */
import type { Augment, Budget, Compile, DataFacts, Fit, Plot, Preprocess } from '../model/program.ts';
import type { Span } from '../source/source.ts';
import type { Bound } from '../bind/bound.ts';
import type { Report } from '../bind/report.ts';
import { checkAugment } from './augment.ts';
import type { Context } from './context.ts';
import { checkBudget } from './budget.ts';
import { checkData } from './data.ts';
import type { CheckedData } from './data.ts';
import { checkFit } from './fit.ts';
import { checkHead } from './head.ts';
import type { CheckedHead } from './head.ts';
import { nameLayers } from './names.ts';
import { checkNetwork } from './network.ts';
import type { CheckedNetwork } from './network.ts';
import { checkPlots } from './plots.ts';
import { checkPreprocess } from './preprocess.ts';
import { rules } from './rules/index.ts';
import type { Checked } from './rules/rule.ts';
import { spotsOf } from './rules/spots.ts';
import { tailOf } from './tail.ts';
import { checkTraining } from './training.ts';
import type { CheckedTraining } from './training.ts';

export interface Checks {
  readonly data: CheckedData;
  readonly preprocess: Preprocess;
  readonly augment: Augment;
  readonly network: CheckedNetwork;
  readonly training: CheckedTraining;
  readonly head: CheckedHead;
  /** One for each layer of the walk. */
  readonly names: readonly string[];
  readonly compile: Compile | null;
  readonly fit: Fit;
  readonly plots: readonly Plot[];
  readonly budget: Budget | null;
}

export function check(bound: Bound, facts: DataFacts | null, text: (span: Span) => string, comments: boolean, report: Report): Checks {
  const context: Context = { report, facts, text };
  if (bound.empty) report.add('CNN1201', { file: bound.file, start: 0, end: 0 }, { comments });
  const data = checkData(bound, context);
  const preprocess = checkPreprocess(bound, data, context);
  const augment = checkAugment(bound, data, context);
  const network = checkNetwork(bound, data, context);
  const training = checkTraining(bound, data, context);
  const names = nameLayers(network.walk?.layers ?? [], context);
  const head = checkHead(bound, data, network, training, context);
  const fit = checkFit(bound, training, data, context);
  const plots = checkPlots(bound, training, data.validates, context);
  const tail = bound.network ? tailOf(bound.network.cell) : null;
  const checked: Checked = { bound, data, preprocess, augment, spots: spotsOf(network.walk), complete: network.complete, tail, training, headSound: head.sound };
  for (const rule of rules) rule(checked, context);
  return { data, preprocess, augment, network, training, head, names, compile: training.compile, fit, plots, budget: checkBudget(bound) };
}

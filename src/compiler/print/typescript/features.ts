/** What a program uses, so that generated code has no options that nothing sets. */
import { asLayer, changesPictures, weighsSamples } from '../../model/program.ts';
import type { LayerWord, Program } from '../../model/program.ts';
import { addsCosts, drawsNumbers } from './layers.ts';

/** Whether every, some or no layer of a word has something. */
export type Presence = 'all' | 'some' | 'none';

export interface Features {
  readonly convBias: Presence;
  readonly denseBias: Presence;
  readonly normScale: Presence;
  readonly normCenter: Presence;
  readonly dilation: boolean;
  readonly stride: boolean;
  readonly same: boolean;
  readonly batchNorm: boolean;
  readonly dropout: boolean;
  /** Layers run otherwise in training. */
  readonly mode: boolean;
  readonly augment: boolean;
  /** Pictures are mixed with others. */
  readonly mix: boolean;
  /** A step of training draws random numbers. */
  readonly random: boolean;
  /** What layers give costs something. */
  readonly costs: boolean;
  /** Samples have weights. */
  readonly weighted: boolean;
  readonly metrics: boolean;
  /** Featurewise statistics are arguments. */
  readonly statistics: boolean;
  /** Labels are class numbers. */
  readonly classes: boolean;
}

export function featuresOf(program: Program): Features {
  const of = <W extends LayerWord>(word: W) => program.layers.filter((layer) => layer.word === word).map((layer) => asLayer(layer, word));
  const presence = (flags: readonly boolean[]): Presence => (flags.every(Boolean) ? 'all' : flags.some(Boolean) ? 'some' : 'none');
  const convs = of('conv');
  const norms = of('batch_norm');
  const dropout = program.layers.some(drawsNumbers);
  const augment = changesPictures(program.augment);
  return {
    convBias: presence(convs.map((layer) => layer.args.bias)),
    denseBias: presence(of('dense').map((layer) => layer.args.bias)),
    normScale: presence(norms.map((layer) => layer.args.scale)),
    normCenter: presence(norms.map((layer) => layer.args.center)),
    dilation: convs.filter(({ args }) => args.groups === 1).some((layer) => layer.args.dilation.some((d) => d !== 1)),
    stride: convs.filter(({ args }) => args.groups === 1).some((layer) => layer.args.stride.some((s) => s !== 1)),
    same: convs.filter(({ args }) => args.groups === 1).some((layer) => layer.args.padding === 'same'),
    batchNorm: norms.length > 0,
    dropout,
    mode: dropout || norms.length > 0,
    augment,
    mix: program.augment.mix !== null,
    random: dropout || augment || program.augment.mix !== null,
    costs: program.layers.some(addsCosts),
    weighted: weighsSamples(program),
    metrics: program.compile.metrics.length > 0,
    statistics: program.preprocess.featurewiseCenter || program.preprocess.featurewiseStd || program.preprocess.zca !== undefined,
    classes: program.labels.kind === 'categorical' || program.labels.kind === 'sparse',
  };
}

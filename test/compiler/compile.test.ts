/** compile as a whole: the programs of the language page, what is missing without data, one cause one error, and never an exception. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noAugment } from '../../src/compiler/model/program.ts';
import { compile } from '../../src/compiler/compile.ts';
import { verify } from '../../src/compiler/model/verify.ts';
import { summarise } from '../../src/compiler/model/summary.ts';
import { renderText } from '../../src/compiler/diagnostics/render/text.ts';
import { arrayFacts, folderFacts } from './facts.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/programs/${name}.cnn`, import.meta.url), 'utf8');
const five = folderFacts(['daisy', 'dandelion', 'rose', 'sunflower', 'tulip']);
const codes = (text: string, options: Partial<Parameters<typeof compile>[1]> = {}): readonly string[] => compile(text, { path: 'x.cnn', ...options }).diagnostics.map((d) => d.code);

describe('the complete example', () => {
  const result = compile(fixture('flowers'), { path: 'flowers.cnn', facts: five });

  it('compiles as it stands', () => {
    expect(result.diagnostics).toEqual([]);
    expect(verify(result.program!)).toEqual([]);
  });

  it('has the numbers of the style guide', () => {
    const summary = summarise(result.program!);
    expect(summary.layers).toHaveLength(17);
    expect(summary.params.total).toBe(514_885);
    expect(Math.round(summary.macs / 1e6)).toBe(197);
  });

  it('means what it says', () => {
    const { program } = result;
    expect(program).toMatchObject({
      schema: 1,
      name: 'Flowers',
      input: [150, 150, 3],
      labels: { kind: 'categorical', count: 5, names: five.classes },
      data: { source: { kind: 'folder', path: 'flowers' }, labels: 'auto', classes: null, split: { test: 0.2, validation: 0.25, by: 'stratified', seed: 0, duplicates: 'together' }, onCorrupt: 'error', limit: null, cache: true },
      preprocess: { scale: 1 / 255, offset: 0, featurewiseCenter: true, featurewiseStd: true, samplewiseCenter: false, samplewiseStd: false, meanStd: null },
      augment: { ...noAugment, rotation: 20, widthShift: { amount: 0.2, unit: 'fraction' }, heightShift: { amount: 0.2, unit: 'fraction' }, horizontalFlip: true },
      compile: {
        optimizer: { kind: 'adam', lr: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false },
        loss: { kind: 'categorical_crossentropy', from_logits: false, label_smoothing: 0 },
        metrics: [{ kind: 'accuracy', name: 'accuracy', form: 'categorical' }, { kind: 'mae', name: 'mae' }, { kind: 'mse', name: 'mse' }],
      },
      fit: { epochs: 50, batch: 16, seed: 0, shuffle: true, stepsPerEpoch: null, classWeight: null, sampling: null, earlyStopping: { monitor: 'val_loss', mode: 'min', patience: 5, minDelta: 0, restoreBest: true, startFromEpoch: 0 }, reduceLr: null, checkpoint: null, csvLog: null, tensorboard: false, stopOnNan: true },
      plots: [{ metrics: ['loss'], file: 'loss', title: 'Model Loss', xlabel: 'Epochs', ylabel: 'Loss', legend: { labels: ['Train', 'Test'], at: 'upper_right' } }],
    });
    expect(program!.network.nodes[0]).toMatchObject({ kind: 'repeat', count: 3, cells: 1 });
    expect(program!.layers.map((l) => l.name).slice(0, 6)).toEqual(['conv_1', 'pool_1', 'relu_1', 'dropout_1', 'conv_2', 'pool_2']);
  });

  it('survives JSON', () => {
    expect(verify(JSON.parse(JSON.stringify(result.program)))).toEqual([]);
  });

  it('needs its data to be seen, and nothing else', () => {
    const blind = compile(fixture('flowers'), { path: 'flowers.cnn' });
    expect(blind).toMatchObject({ program: null, needsData: true, diagnostics: [], data: { source: { kind: 'folder', path: 'flowers' }, image: { height: 150, width: 150, channels: 3 } } });
  });

  it('compiles in a few milliseconds once warm', () => {
    const text = fixture('flowers');
    const times = Array.from({ length: 15 }, () => {
      const start = performance.now();
      compile(text, { path: 'flowers.cnn', facts: five });
      return performance.now() - start;
    }).sort((a, b) => a - b);
    // Well under 20 ms alone on a machine; the bound leaves room for neighbours.
    expect(times[3]).toBeLessThan(60);
  });
});

describe('the smallest program', () => {
  const { program, diagnostics } = compile(fixture('smallest'), { path: 'pictures/smallest.cnn', facts: five });

  it('has every default', () => {
    expect(diagnostics).toEqual([]);
    expect(verify(program!)).toEqual([]);
    expect(program).toMatchObject({
      name: 'smallest',
      preprocess: { scale: 1 / 255, featurewiseCenter: false },
      compile: { optimizer: { kind: 'adam' }, loss: { kind: 'categorical_crossentropy' }, metrics: [{ name: 'accuracy' }] },
      fit: { epochs: 10, batch: 32, seed: 0 },
      data: { split: { test: 0.2, validation: 0.25 } },
    });
    expect(program!.plots).toEqual([
      { metrics: ['loss'], file: 'loss', title: 'Model loss', xlabel: 'Epoch', ylabel: 'Loss', legend: { labels: ['Train', 'Validation'], at: 'best' } },
      { metrics: ['accuracy'], file: 'accuracy', title: 'Model accuracy', xlabel: 'Epoch', ylabel: 'Accuracy', legend: { labels: ['Train', 'Validation'], at: 'best' } },
    ]);
  });

  it('gets the head that follows from its labels', () => {
    expect(program!.layers.at(-1)).toMatchObject({ word: 'softmax', name: 'softmax_1', inferred: true, output: [5] });
    expect(program!.layers.filter((l) => l.inferred)).toHaveLength(1);
  });
});

describe('one cause, one error', () => {
  it.each([
    ['a missing closer', 'data { folder "x"; image 64x64\nnetwork < conv 16; flatten; dense classes >\nfit { epocs 3 }', ['CNN1110', 'CNN1001']],
    ['a wrong number', 'data { folder "x"; image 64x64 }\nnetwork < conv 5x5x; flatten; dense classes >\nfit { epocs 3 }', ['CNN1104', 'CNN1001']],
    ['an unknown layer', 'data { synthetic }\nnetwork < conv 16; max_poling 2; conv 500 40x40; flatten; dense classes >', ['CNN1001']],
    ['an unknown section', 'dta { folder "x" }\nnetwork < conv 16; flatten; dense classes >', ['CNN1001']],
    ['a broken source', 'data { folder; image 64x64 }\nnetwork < conv 16; flatten; dense classes >', ['CNN1010']],
    ['a source in the wrong place', 'folder "x"\nnetwork < conv 16; flatten; dense classes >', ['CNN1004']],
    ['a slip in a cell that is used twice', 'cell stage(filters) < conv filters siize=3 >\ndata { synthetic }\nnetwork < stage 32; stage 16; flatten; dense classes >', ['CNN1006']],
    ['a value that does not fit, used twice', 'let width=0\ndata { synthetic }\nnetwork < conv width; conv 8; flatten; dense classes >', ['CNN1009']],
    ['cells of a file that cannot be read', 'import "cells.cnn"\ndata { synthetic }\nnetwork < stage 32; flatten; dense classes >', ['CNN1230']],
    ['a broken count of classes', 'input 8x8x3\nclasses many\nnetwork < flatten; dense classes >', ['CNN1008']],
    ['a metric that is not known does not hide the plot of another', 'data { synthetic }\nnetwork < flatten; dense classes >\ncompile { metrics acuracy }\nplot accuracy', ['CNN1001']],
    ['half of a test part', 'data { idx "a" "b" test_images="c" }\nnetwork < flatten; dense classes >', ['CNN1010']],
    ['brackets nested too deeply', `let a=${'('.repeat(70)}1${')'.repeat(70)}\ndata { synthetic }\nnetwork < conv a; flatten; dense classes >`, ['CNN1113']],
    ['a call of Keras with its quotes', "data { synthetic }\nnetwork < conv 8\nConv2D(32, (3, 3), activation='relu')\nflatten; dense classes >", ['CNN1121']],
    ['a cell that runs into a layer', 'cell stage(n) < conv n >\ndata { synthetic }\nnetwork < conv 32 stage 64; flatten; dense classes >', ['CNN1013']],
    ['settings that run into each other', 'data { synthetic }\nnetwork < flatten; dense classes >\nfit { epochs 10 batch 0 }', ['CNN1013']],
    ['a section under the name of another', 'plot { synthetic shapes 600 classes=4; image 64x64 }\nnetwork < conv 500 90x90; flatten; dense classes >', ['CNN1140', 'CNN3004']],
    ['an unknown layer, often', 'data { synthetic }\nnetwork < qwertz; conv 8; qwertz; qwertz; flatten; dense classes >', ['CNN1001']],
    ['a network without its opening bracket', 'data { synthetic }\nnetwork\n  conv 16 stide=2\n  flatten; dense classes\n>\nfit { epochs 0 }', ['CNN1138', 'CNN1006', 'CNN1009']],
    ['nothing at all', '', ['CNN1201']],
    ['blanks and comments', '\n  # nothing\n\n', ['CNN1201']],
  ] as const)('%s', (_, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it('all sections are checked, whatever is wrong in one', () => {
    const text = 'data { folder "x"; imge 64x64 }\npreprocess { scale 255 }\naugment { rotation 500 }\nnetwork < conv; flatten; dense classes >\ncompile { optimizer adem }\nfit { epochs 0 }\nplot accuracie';
    expect(codes(text)).toEqual(['CNN1001', 'CNN4003', 'CNN1009', 'CNN1010', 'CNN1001', 'CNN1009', 'CNN2203']);
  });
});

describe('what only the data knows', () => {
  it('whether colours can be changed: CNN4099 for numbers that are no pixels', () => {
    const text = 'data { npz "d.npz" }\naugment { brightness .5..1.5 }\nnetwork < flatten; dense classes >';
    const found = (pixelType: 'float32' | 'uint8') => compile(text, { path: 'x.cnn', facts: arrayFacts([8, 8, 3], 4, { pixelType }) }).diagnostics.map((d) => d.code);
    expect(found('float32')).toContain('CNN4099');
    expect(found('uint8')).not.toContain('CNN4099');
  });

  it('gives arrays their size, channels and classes', () => {
    const text = 'data { npz "digits.npz" }\nnetwork < conv 8; flatten; dense classes >';
    expect(compile(text, { path: 'x.cnn' })).toMatchObject({ needsData: true, data: { image: { height: 0, width: 0 } } });
    const { program } = compile(text, { path: 'x.cnn', facts: arrayFacts([28, 28, 1], 10) });
    expect(program).toMatchObject({ input: [28, 28, 1], labels: { kind: 'sparse', count: 10 }, data: { image: { height: 28, width: 28, channels: 1 } }, compile: { loss: { kind: 'sparse_categorical_crossentropy' } } });
  });

  it('resizes arrays where the program says another size, and keeps their channels', () => {
    const { program } = compile('data { npz "d.npz"; image 14x14 }\nnetwork < flatten; dense classes >', { path: 'x.cnn', facts: arrayFacts([28, 28, 1], 10) });
    expect(program?.input).toEqual([14, 14, 1]);
  });

  it('does not scale floats', () => {
    const { program } = compile('data { npz "d.npz" }\nnetwork < flatten; dense classes >', { path: 'x.cnn', facts: arrayFacts([8, 8, 3], 4, { pixelType: 'float32' }) });
    expect(program?.preprocess.scale).toBe(1);
  });

  it('takes the parts that the data brings', () => {
    const facts = { ...five, parts: { test: true, validation: true } };
    expect(compile(fixture('smallest'), { path: 'x.cnn', facts }).program?.data.split).toMatchObject({ test: null, validation: null });
    expect(codes(fixture('flowers'), { facts })).toEqual(['CNN1210', 'CNN1209']);
    expect(compile(`${fixture('smallest')}\nfit { early_stopping patience=3 }`, { path: 'x.cnn', facts }).program?.fit.earlyStopping?.monitor).toBe('val_loss');
  });

  it('checks a stated number of classes', () => {
    expect(codes(`classes 3\n${fixture('smallest')}`, { facts: five })).toEqual(['CNN2104']);
    expect(compile(`classes 3\n${fixture('smallest')}`, { path: 'x.cnn' }).program?.labels).toEqual({ kind: 'categorical', count: 3, names: null });
  });
});

describe('hostile texts', () => {
  const pieces = ['data', 'network', '{', '}', '<', '>', ';', '\n', 'conv', '16', '5x5', '=', 'repeat', '3', '"x"', '"', '#', '(', ')', '[', ']', ',', '25%', '1/255', '.5', 'classes', 'dense', 'flatten', 'fit', 'epochs', 'plot', 'loss', 'legend', 'metrics', 'top_k', 'as', 'i', 'on', 'input', '150x150x3', 'image', 'synthetic', 'split', 'test', 'relu', 'same', '10px', '.8..1.2', '1M', '-', '\u{1F600}', '\0'];
  const runs = process.env.CNNC_SOAK ? 5000 : 150;
  const check = (text: string): void => {
    const { diagnostics, program, sources } = compile(text, { path: 'x.cnn', facts: five });
    for (const { span } of diagnostics) expect(span.start <= span.end && span.end <= (sources.get(span.file)?.text.length ?? -1)).toBe(true);
    renderText(diagnostics, sources);
    expect(program === null || verify(program).length === 0).toBe(true);
    if (program === null) expect(diagnostics.some((d) => d.severity === 'error')).toBe(true);
  };

  it('words in any order', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (words) => check(words.join(' '))), { numRuns: runs });
  });

  it('the example with a stretch cut out, doubled or replaced', () => {
    const text = fixture('flowers');
    const at = fc.integer({ min: 0, max: text.length });
    fc.assert(
      fc.property(at, fc.integer({ min: 0, max: 40 }), fc.constantFrom('', ...pieces), (start, length, piece) => check(text.slice(0, start) + piece + text.slice(start + length))),
      { numRuns: runs },
    );
  });

  it('the same through --set', () => {
    fc.assert(
      fc.property(fc.constantFrom('fit.batch', 'fit.early_stopping.patience', 'compile.loss', 'data.image', 'data', 'plot.title', 'compile.metrics', '', 'x.y.z.w', 'classes'), fc.array(fc.constantFrom(...pieces), { maxLength: 4 }), (key, words) => {
        const { diagnostics, sources } = compile(fixture('flowers'), { path: 'x.cnn', facts: five, set: { [key]: words.join(' ') } });
        renderText(diagnostics, sources);
      }),
      { numRuns: runs },
    );
  });

  it('many layers, quickly', () => {
    const deep = `data { synthetic }\nnetwork < ${'repeat 2 < '.repeat(40)}relu${' >'.repeat(40)}; flatten; dense classes >`;
    const start = performance.now();
    expect(codes(deep)).toContain('CNN1207');
    expect(codes(`data { synthetic }\nnetwork < ${'repeat 9999 < '.repeat(20)}${' > < >'.repeat(20)}; flatten; dense classes >`)).toContain('CNN1206');
    expect(codes('data { synthetic }\nnetwork < repeat 4000 < relu >; conv 3 50x50; flatten; dense classes >')).toContain('CNN3004');
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

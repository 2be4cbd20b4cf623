/** Every way out of CNN3004 is tried on the program it is suggested for: what the message says must work. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';

const runs = process.env.CNNC_SOAK ? 3000 : 200;
const side = fc.integer({ min: 4, max: 90 });
const layer = fc.oneof(
  fc.tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 1, max: 2 })).map(([size, stride]) => `conv 4 ${size}x${size} stride=${stride}`),
  fc.integer({ min: 2, max: 4 }).map((size) => `pool ${size}`),
  fc.constantFrom('relu', 'dropout .25', 'conv 4 3x3 same'),
);

interface Case {
  readonly height: number;
  readonly width: number;
  readonly count: number;
  readonly inside: readonly string[];
  readonly behind: readonly string[];
}

const cases: fc.Arbitrary<Case> = fc.record({ height: side, width: side, count: fc.integer({ min: 1, max: 8 }), inside: fc.array(layer, { minLength: 1, maxLength: 3 }), behind: fc.array(layer, { maxLength: 2 }) });

const write = ({ height, width, count, inside, behind }: Case): string =>
  `input ${height}x${width}x3\nclasses 2\nnetwork < repeat ${count} < ${inside.join('; ')} >; ${[...behind, 'flatten', 'dense classes'].join('; ')} >`;

const problems = (text: string) => compile(text, { path: 'x.cnn' }).diagnostics.filter((d) => d.code === 'CNN3004');

it('fewer repeats, same, a larger image: each works, and no smaller image does', () => {
  let seen = 0;
  fc.assert(
    fc.property(cases, (made) => {
      const [problem] = problems(write(made));
      if (!problem) return;
      seen++;
      const help = problem.help.join('\n');
      const fewer = /repeat (\d+) < … >/.exec(help);
      if (fewer) expect(problems(write({ ...made, count: Number(fewer[1]) }))).toEqual([]);
      const larger = /input (\d+)x(\d+)x3/.exec(help);
      if (larger) {
        const [height, width] = [Number(larger[1]), Number(larger[2])];
        expect(problems(write({ ...made, height, width }))).toEqual([]);
        if (height > made.height) expect(problems(write({ ...made, height: height - 1, width }))).not.toEqual([]);
        if (width > made.width) expect(problems(write({ ...made, height, width: width - 1 }))).not.toEqual([]);
      }
      const same = (list: readonly string[]): readonly string[] => list.map((text) => (text.startsWith('conv') && !text.endsWith('same') ? `${text} same` : text));
      const kept = /in each convolution:.*same(?: \(then (\w+) fits?\))?/.exec(help);
      if (kept) {
        const count = kept[1] === undefined ? made.count : ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'].indexOf(kept[1]);
        expect(problems(write({ ...made, count, inside: same(made.inside), behind: same(made.behind) }))).toEqual([]);
      }
    }),
    { numRuns: runs },
  );
  expect(seen).toBeGreaterThan(runs / 10);
});

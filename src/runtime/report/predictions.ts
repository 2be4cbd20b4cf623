/** predictions.csv of a run folder: every picture of the test part beside what was answered (RFC 4180, lines end in a line feed). */
import type { Answers } from './answers.ts';
import { csvField, shortest } from './csv.ts';

/**
 * One class a picture: `picture,actual,predicted,probability,actual_probability`. Several labels: a column `actual_NAME` and one
 * `predicted_NAME` for each, 0 or 1 and a probability; values alike.
 */
export function* predictionsCsv(answers: Answers, threshold: number): Generator<string> {
  const line = (cells: readonly (string | number)[]): string => `${cells.map((cell) => csvField(typeof cell === 'number' ? shortest(cell) : cell)).join(',')}\n`;
  const { count, names, describe } = answers;
  if (answers.kind === 'classes' || answers.kind === 'binary') {
    yield line(['picture', 'actual', 'predicted', 'probability', 'actual_probability']);
    for (let row = 0; row < count; row++) {
      const [is, said, probability, ofActual] = answers.kind === 'classes' ? [answers.actual[row], answers.predicted[row], answers.probability[row], answers.ofActual[row]] : decided(answers.actual[row], answers.outputs[row], threshold);
      yield line([describe(row), names[is], names[said], probability, ofActual]);
    }
    return;
  }
  yield line(['picture', ...names.map((name) => `actual_${name}`), ...names.map((name) => `predicted_${name}`)]);
  const width = names.length;
  for (let row = 0; row < count; row++) yield line([describe(row), ...answers.actual.subarray(row * width, (row + 1) * width), ...answers.outputs.subarray(row * width, (row + 1) * width)]);
}

/** Right class, answer, probability of each; `yes` is the probability of the second class. */
function decided(actual: number, yes: number, threshold: number): [number, number, number, number] {
  const said = yes > Math.fround(threshold) ? 1 : 0;
  return [actual, said, said === 1 ? yes : 1 - yes, actual === 1 ? yes : 1 - yes];
}

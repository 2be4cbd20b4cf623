/** `cnnc explain` as a process. */
import { expect, it } from 'vitest';
import { cnnc } from '../support/cnnc.ts';

it('shows the page of a code', async () => {
  for (const topic of ['CNN1110', 'cnn1110', '1110']) {
    const { code, stdout } = await cnnc(['explain', topic]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# CNN1110: bracket not closed\n/);
  }
});

it('shows the page of a word, in its own and in old spellings', async () => {
  for (const topic of ['conv', 'Conv2D', 'CONV2D']) expect((await cnnc(['explain', topic])).stdout).toMatch(/^# `conv` \(layer\)\n/);
});

it('shows every meaning of a word that has several', async () => {
  expect((await cnnc(['explain', 'mse'])).stdout.match(/^# `mse` \(\w+\)/gm)).toEqual(['# `mse` (loss)', '# `mse` (metric)']);
});

it('lists the words of a group, each with its sentence', async () => {
  const { code, stdout } = await cnnc(['explain', 'optimizers']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^adam +Steps scaled by running means/m);
  expect((await cnnc(['explain', 'budget'])).stdout).toMatch(/^# `budget` \(section\)\n/);
});

it('suggests, and exits with 2', async () => {
  expect(await cnnc(['explain', 'dorpout'])).toMatchObject({ code: 2, stdout: '', stderr: 'There is no word `dorpout` in the language; did you mean `dropout`?\n' });
  expect(await cnnc(['explain', 'CNN9999'])).toMatchObject({ code: 2, stdout: '' });
});

it('lists words and codes', async () => {
  const { code, stdout } = await cnnc(['explain']);
  expect(code).toBe(0);
  expect(stdout).toContain('\nlayer       conv ');
  expect(stdout).toContain('\nCNN1110     bracket not closed\n');
});

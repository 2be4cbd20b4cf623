import { expect, it } from 'vitest';
import { appendEpoch, emptyHistory, historyCsv, historyJson, logsOf, parseHistory } from '../../../src/runtime/train/history.ts';

const history = appendEpoch(appendEpoch(emptyHistory, { loss: 0.5, val_loss: NaN }), { loss: 0.25, val_loss: 1 });

it('writes Keras names, null where there is no number', () => {
  expect(JSON.parse(historyJson(history))).toEqual({ epoch: [0, 1], loss: [0.5, 0.25], val_loss: [null, 1] });
  expect(historyCsv(history)).toBe('epoch,loss,val_loss\n0,0.5,NA\n1,0.25,1\n');
});

it('reads itself back', () => {
  expect(parseHistory(historyJson(history))).toEqual(history);
  expect(logsOf(history, 1)).toEqual({ loss: 0.25, val_loss: 1 });
  expect(() => parseHistory('{"epoch":[0],"loss":[]}')).toThrow();
  expect(() => parseHistory('[]')).toThrow();
});

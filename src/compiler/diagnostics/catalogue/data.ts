/** CNN4001-4049: ranges of values on their way into the network. Sources stand in data-sources.ts. */
import { entry } from './entry.ts';

export const dataCodes = {
  CNN4001: entry('warning', 'scaled twice', (f: { mean: number; high: number }) => ({
    message: `mean_std is given for pixels of 0 to 255 (mean ${f.mean}), but scale has brought them to 0 to ${f.high}`,
    label: 'after scaling, these are far too large',
    help: ['leave scale out, or divide the numbers by 255'],
  })),
  CNN4002: entry('warning', 'not scaled', (f: { low: string; high: string }) => ({
    message: `the network receives pixels of ${f.low} to ${f.high}`,
    label: `${f.low} to ${f.high}`,
    notes: ['networks learn slowly or not at all from values far from 0; usual are 0 to 1 or -1 to 1'],
    help: ['write scale 1/255, or leave it out: that is the default'],
  })),
  CNN4003: entry('error', 'scale multiplies', (f: { factor: string; high: string }) => ({
    message: `scale ${f.factor} multiplies: pixels would reach ${f.high}`,
    label: `did you mean 1/${f.factor}?`,
  })),
  CNN4004: entry('warning', 'statistics of scaled pixels', (f: { mean: number; /** Where they are instead; null: not scaled at all. */ low: string | null; high: string | null }) => ({
    message: `mean_std is given for pixels of 0 to 1 (mean ${f.mean}), but ${f.low === null ? 'nothing scales them: they are 0 to 255' : `they are ${f.low} to ${f.high}`}`,
    label: f.low === null ? 'these are for scaled pixels' : 'these are for pixels of 0 to 1',
    help: [f.low === null ? 'add scale 1/255' : 'bring pixels to 0 to 1 before it: scale 1/255, and no offset'],
  })),
  CNN4005: entry('error', 'statistics unlike the channels', (f: { which: 'mean' | 'std'; given: number; channels: number; zero: boolean }) => ({
    message: f.zero ? 'a deviation of mean_std is not above 0: nothing can be divided by it' : `mean_std gives ${f.given} ${f.which === 'mean' ? 'mean' : 'deviation'}${f.given === 1 ? '' : 's'}, but pictures have ${f.channels} channel${f.channels === 1 ? '' : 's'}`,
  })),
  CNN4006: entry('error', 'channels', (f: { channels: number; where: 'input' | 'data' }) => ({
    message: `${f.where === 'input' ? 'an input' : 'the data'} of ${f.channels} channel${f.channels === 1 ? '' : 's'} is not possible: pictures have 1 (gray) or 3 (rgb)`,
    label: `${f.channels} channel${f.channels === 1 ? '' : 's'}`,
    help: f.where === 'input' ? ['for example: input 64x64x3'] : ['bring the pictures to one of them: image 64x64 rgb'],
  })),
  CNN4007: entry('error', 'normalised twice', (f: { other: string }) => ({
    message: `mean_std and ${f.other} both normalise each channel`,
    label: 'a second time',
    help: ['keep one of them'],
  })),
  CNN4009: entry('warning', 'almost nothing left', (f: { low: string; high: string }) => ({
    message: `after scaling, pixels lie between ${f.low} and ${f.high}: black and white are almost the same`,
    label: `${f.low} to ${f.high}`,
    notes: ['pixels come as 0 to 255; scaled twice, they all but vanish, and a network learns very slowly from them'],
    help: ['write scale 1/255, or leave it out: that is the default'],
  })),
  CNN4010: entry('warning', 'no pixel above zero', (f: { low: string; high: string; scaled: boolean }) => ({
    message: `the network receives pixels of ${f.low} to ${f.high}: none is above zero`,
    label: f.scaled ? 'moves them all below zero' : 'moves them all below zero: scale is 1/255 unless it is given',
    help: ['for pixels of -1 to 1: scale 1/127.5; offset -1'],
  })),
  CNN4008: entry('warning', 'mirrored labels', (f: { flip: string; labels: string }) => ({
    message: `${f.flip} mirrors pictures, but ${f.labels} are not the same in a mirror`,
    label: 'changes what the picture shows',
    help: [`leave ${f.flip} out`],
  })),
  CNN4012: entry('error', 'labels in one column and in several', () => ({
    message: '`label=` names one column of labels, `columns=` names several',
    label: 'and several here',
    help: ['keep one of them'],
  })),
  CNN4014: entry('error', 'colours of gray pictures', (f: { word: string }) => ({
    message: `${f.word} changes colours, but the pictures are gray`,
    help: [`leave ${f.word} out`, 'or take the colours of the pictures: image … rgb'],
  })),
  CNN4015: entry('error', 'a range the wrong way round', (f: { least: number; most: number }) => ({
    message: `erase covers at least ${Math.round(f.least * 100)} % and at most ${Math.round(f.most * 100)} % of a picture: that is the wrong way round`,
    help: [`write erase ${Math.round(f.least * 100)}% least=${Math.round(f.most * 100)}%`],
  })),
  CNN4016: entry('error', 'two mixtures', () => ({
    message: '`mixup` and `cutmix` both mix a picture with another one',
    label: 'and another here',
    help: ['keep one of them'],
  })),
};

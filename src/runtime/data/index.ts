/** The data room's doors. */
export { fillBatch } from './batch.ts';
export type { Batch } from './batch.ts';
export type { Dataset, OpenOptions, PartName, Statistics } from './dataset.ts';
export { decodeImage, ImageError } from './decode.ts';
export { probe } from './find.ts';
export { openDataset } from './open.ts';
export { surveyData } from './survey.ts';
export type { Survey } from './survey.ts';
export { featurewiseStatistics } from './statistics.ts';

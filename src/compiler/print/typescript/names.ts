/** Names of the functions and types that named cells become, apart from everything else in `model.ts` and beside it in `index.ts`. */
import { identifier } from './emit.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Names that mean something in `model.ts`, and types that another module of the generated code exports. First letters are small throughout. */
const reserved: ReadonlySet<string> = new Set([
  ...words('tf x features images logits parameters mode variables variable weights values name shape random seed i y shortcut inner'),
  ...words('forward probabilities newModel modelWith makeModel newParameters seededRandom inference outputs'),
  ...words('conv dense batchNorm dropout flatten globalAveragePool globalMaxPool averagePoolSame elu selu gelu silu hardSigmoid softsign newConv newDense newBatchNorm'),
  ...words('depthwise depthwiseConv separable separableConv groupedConv transposed convTranspose norm layerNorm groupNorm slopes prelu'),
  ...words('upsample upsampleBilinear spatialDropout gaussianDropout gaussianNoise sharedDropout boundedRelu seeded ownNumbers orthogonal identity varianceScaling'),
  ...words('zeros ones constant glorotUniform glorotNormal heUniform heNormal lecunUniform lecunNormal randomNormal truncatedNormal randomUniform'),
  ...words('step logs fit fitOptions trainingSamples costs penalized behind mixed mix tally addBatch measures samples'),
  ...words('model initializer variableFactory className batch trainOptions measures optimizer statistics guess weightsManifest seededRandom warp'),
  ...words('map set error number string object array promise symbol function boolean record partial readonlyMap'),
  ...words('arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for if implements import in instanceof interface'),
  ...words('let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield async of'),
]);

/** `stage`; `batchCell` where the plain name means something else already; `stage2` where it is taken. It is added to `taken`. */
export function functionName(cell: string, taken: Set<string>): string {
  const plain = identifier(cell, new Set());
  // Functions and entries of loops are called so.
  const ofLoops = /^(run(Block|Iteration)|iteration)/.test(plain);
  return identifier(reserved.has(plain) || ofLoops ? `${cell} cell` : cell, taken);
}

/** `bottleneck` → `bottlenecks`: a property that holds several. */
export const plural = (cell: string): string => (/s$/i.test(cell) ? `${cell} list` : `${cell}s`);

export const typeNameOf = (name: string): string => name[0].toUpperCase() + name.slice(1);

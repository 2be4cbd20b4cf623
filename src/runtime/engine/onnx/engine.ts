/**
 * The ONNX engine: each function of the training graph is an ONNX model that onnxruntime-node runs in a child process
 * (onnx-child.cjs), which holds the variables in two sets of buffers: a step reads one and writes the other.
 */
import { variableLayouts } from '../../../compiler/backend/onnx/variables.ts';
import type { Layouts } from '../../../compiler/backend/onnx/variables.ts';
import { fromStored, PLAIN, storedShape, toStored } from '../../../compiler/backend/onnx/layout.ts';
import { toOnnx } from '../../../compiler/backend/onnx/model.ts';
import type { OnnxFunction } from '../../../compiler/backend/onnx/model.ts';
import { blockOf, blockProbe } from '../../../compiler/backend/onnx/probe.ts';
import type { GraphFunction, TensorType, TrainingGraph } from '../../../compiler/graph/types.ts';
import { owned, startEngineProcess } from '../child-process.ts';
import type { Engine, Tensor, Tensors } from '../engine.ts';
import { checkFeeds, checkTensors } from '../feeds.ts';
import { childPath } from './locate.ts';

export interface OnnxOptions {
  /** What `require` finds: the entry of onnxruntime-node. */
  readonly runtimePath: string;
  readonly threads: number;
  /** ONNX's own operators only, as where the runtime has no blocked convolutions. */
  readonly portable?: boolean;
}

interface Loaded {
  readonly functions: Readonly<Record<GraphFunction['name'], OnnxFunction>>;
  readonly types: Readonly<Record<string, TensorType>>;
  readonly layouts: Layouts;
}

export async function openOnnx({ runtimePath, threads, portable = false }: OnnxOptions): Promise<Engine> {
  const child = startEngineProcess(childPath());
  let loaded: Loaded | undefined;
  const graphOf = (): Loaded => {
    if (!loaded) throw new Error('no graph is loaded');
    return loaded;
  };

  let opened: { readonly version: string; readonly probe: { readonly order: Float32Array; readonly difference: number } | null };
  try {
    opened = await child.ask('open', { runtimePath, threads, probe: blockProbe() });
  } catch (error) {
    child.kill();
    throw error;
  }

  const block = portable || !opened.probe ? null : blockOf(opened.probe.order, opened.probe.difference);

  return {
    info: { kind: 'onnx', version: opened.version, threads },
    async load(graph: TrainingGraph) {
      const layouts = variableLayouts(graph);
      const model = (fn: GraphFunction): OnnxFunction => toOnnx(fn, layouts, { block });
      const functions = { train: model(graph.train), evaluate: model(graph.evaluate), predict: model(graph.predict) };
      const types = Object.fromEntries(graph.variables.map(({ name, type }) => [name, type]));
      loaded = undefined;
      const storedShapes = Object.fromEntries(graph.variables.map(({ name, type }) => [name, storedShape(type.shape, layouts.get(name) ?? PLAIN)]));
      await child.ask('load', { functions, variables: types, storedShapes });
      loaded = { functions, types, layouts };
    },
    async restore(values: Tensors) {
      const { types, layouts } = graphOf();
      checkTensors(types, values);
      const stored = Object.entries(values).map(([name, tensor]) => [name, toStored(tensor.data, tensor.shape, layouts.get(name) ?? PLAIN)] as const);
      await child.ask('restore', { values: Object.fromEntries(stored) });
    },
    async state(names) {
      const { types, layouts } = graphOf();
      const wanted = names ?? Object.keys(types);
      const unknown = wanted.find((name) => !types[name]);
      if (unknown !== undefined) throw new Error(`there is no state of ${unknown}`);
      const data = await child.ask<Record<string, Tensor['data']>>('state', { names: wanted });
      return Object.fromEntries(
        wanted.map((name): [string, Tensor] => {
          const { dtype, shape } = types[name];
          return [name, { dtype, shape, data: fromStored(data[name].slice(), shape, layouts.get(name) ?? PLAIN) }];
        }),
      );
    },
    async run(fn, feeds) {
      checkFeeds(graphOf().functions[fn].inputs, feeds);
      return owned(await child.ask<Tensors>('run', { fn, feeds }));
    },
    memory: () => child.ask<number>('memory'),
    seconds: () => child.ask<number>('seconds'),
    close: child.close,
  };
}

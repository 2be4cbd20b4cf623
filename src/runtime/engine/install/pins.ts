/**
 * What is fetched for each platform, pinned: nothing else than these bytes is ever loaded. The wheel of tensorflow-cpu and
 * the Maven artifact of TensorFlow for Java hold the same libraries.
 */
import { ONNX_VERSION, TENSORFLOW_VERSION } from './places.ts';

export interface Library {
  readonly name: string;
  readonly sha256: string;
  /** Bytes unpacked. */
  readonly size: number;
}

export interface PlatformPins {
  /** `pip download NAME==2.21.0`, for Python 3.12 whatever Python is there. */
  readonly wheel: { readonly project: string; readonly platform: string; readonly size: number };
  /** Classifier of org.tensorflow:tensorflow-core-native. */
  readonly maven: { readonly classifier: string; readonly size: number } | null;
  readonly libraries: readonly Library[];
}

/** Keyed by platform and processor, as Node names them. */
export const pins: Readonly<Record<string, PlatformPins>> = {
  'linux-x64': {
    wheel: { project: 'tensorflow-cpu', platform: 'manylinux_2_27_x86_64', size: 274_000_871 },
    maven: { classifier: 'linux-x86_64', size: 192_265_303 },
    libraries: [
      { name: 'libtensorflow_cc.so.2', sha256: '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e', size: 788_086_608 },
      { name: 'libtensorflow_framework.so.2', sha256: 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b', size: 65_222_328 },
    ],
  },
  'linux-arm64': {
    wheel: { project: 'tensorflow', platform: 'manylinux_2_27_aarch64', size: 281_946_471 },
    maven: null,
    libraries: [
      { name: 'libtensorflow_cc.so.2', sha256: '5f7de6ba6478ed7b83767a6e661e3e6e6931b05c64db14ba98250e52316a007c', size: 814_885_544 },
      { name: 'libtensorflow_framework.so.2', sha256: 'deade33b9ab90ff468fd1d1f8f6079bec5a3a507cf2d13c3218aa8beec28aeb3', size: 68_176_664 },
    ],
  },
  'darwin-arm64': {
    wheel: { project: 'tensorflow', platform: 'macosx_12_0_arm64', size: 223_488_205 },
    maven: null,
    libraries: [
      { name: 'libtensorflow_cc.2.dylib', sha256: 'e003ba85c57343137691f436beed1b13fe93e9dbe54acdbcc285fe2d8090f6c5', size: 691_352_648 },
      { name: 'libtensorflow_framework.2.dylib', sha256: '34f4b7baabc727dbd85e67741df3f4ce4f07e21b7ab57b9f818a3701d99b1287', size: 49_452_976 },
    ],
  },
};

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** What `npm pack` calls it. */
  readonly archive: string;
  /** npm's, of the archive: it covers every file in it. */
  readonly integrity: string;
  /** Bytes of the archive. */
  readonly size: number;
}

/** The addon's sources. */
export const bindingPackage: NpmPackage = {
  name: '@tensorflow/tfjs-node',
  version: '4.22.0',
  archive: 'tensorflow-tfjs-node-4.22.0.tgz',
  integrity: 'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  size: 228_166,
};

/** What the ONNX engine is made of. The first holds the binaries of all platforms, of which one is taken. */
export const onnxPackages: readonly NpmPackage[] = [
  {
    name: 'onnxruntime-node',
    version: ONNX_VERSION,
    archive: `onnxruntime-node-${ONNX_VERSION}.tgz`,
    integrity: 'sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw==',
    size: 113_507_888,
  },
  {
    name: 'onnxruntime-common',
    version: ONNX_VERSION,
    archive: `onnxruntime-common-${ONNX_VERSION}.tgz`,
    integrity: 'sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA==',
    size: 66_795,
  },
];

/** The libraries of a platform in onnxruntime-node, by the names of Node. Those for graphics cards are left where they are. */
export const onnxLibraries: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'linux-x64': { 'libonnxruntime.so.1': 45_828_512, 'onnxruntime_binding.node': 389_488 },
  'linux-arm64': { 'libonnxruntime.so.1': 25_135_496, 'onnxruntime_binding.node': 394_648 },
  'win32-x64': { 'onnxruntime.dll': 28_754_232, 'onnxruntime_binding.node': 298_848 },
  'win32-arm64': { 'onnxruntime.dll': 29_815_136, 'onnxruntime_binding.node': 422_200 },
  'darwin-arm64': { 'libonnxruntime.1.dylib': 44_589_928, 'onnxruntime_binding.node': 266_840 },
};

export const mavenArtifact = { group: 'org.tensorflow', name: 'tensorflow-core-native', version: '1.2.0' } as const;

/** tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl */
export const wheelName = ({ wheel }: PlatformPins): string => `${wheel.project.replace('-', '_')}-${TENSORFLOW_VERSION}-cp312-cp312-${wheel.platform}.whl`;

export const jarName = (classifier: string): string => `${mavenArtifact.name}-${mavenArtifact.version}-${classifier}.jar`;

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // The compiler, TensorFlow.js and sharp are loaded once a worker, not once a file: a third of the time of all tests.
    // So a test puts back what it changes (environment, simulated faults), and no file counts on fresh modules.
    isolate: false,
    // Full counts take as long as they take.
    testTimeout: process.env.CNNC_SOAK ? 3_600_000 : 60_000,
    hookTimeout: 120_000,
  },
});

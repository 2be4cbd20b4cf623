import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Full counts take as long as they take.
    testTimeout: process.env.CNNC_SOAK ? 3_600_000 : 60_000,
    hookTimeout: 120_000,
  },
});

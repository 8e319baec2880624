import { defineConfig } from 'vitest/config'
import { coverage } from './scripts/test/coverage.ts'
import { summaryReporter } from './scripts/test/summary-reporter.ts'

// Not `import`: vitest passes these on to Node, where it would make `require` load ES modules, too.
const conditions = ['@exprsn/source', 'node']
const resultFile = process.env.EXPRSN_TEST_RESULT

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Where vitest loads the global setup: without it the set-up finds built packages only, and a fresh clone has none.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    include: ['{packages,examples}/*/{src,test}/**/*.test.ts', '{scripts,testing}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['testing/src/global-setup.ts'],
    setupFiles: ['testing/src/property-seed.ts'],
    // What tests start by themselves, such as workers, must find the sources as well.
    execArgv: ['--conditions=@exprsn/source'],
    reporters: resultFile === undefined ? ['default'] : ['default', summaryReporter(resultFile)],
    coverage,
    isolate: false,
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

// `npm test`: installs what tests need, runs them, and ends with one line that says how it went.
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installFailureVariable } from '../../testing/src/oracles.ts'
import { installOracles } from '../test/install-oracles.ts'
import { runGuarded } from '../test/run-guarded.ts'
import { summarise, type TestResult } from '../test/summary.ts'

const help = `
npm test [-- filters and options]

Runs the tests, or those whose path contains one of the filters. The options are vitest's, among them:

  --coverage        measure coverage, and fail when it is below what scripts/test/coverage.ts demands
  -t <text>         only tests whose name matches
  --help            this text

With CI=true a skipped test fails the run.
`

const root = join(import.meta.dirname, '..', '..')
const resultFile = 'result.json'

const words = process.argv.slice(2)
if (words.includes('--help')) console.log(help.trim())
else await test()

async function test(): Promise<void> {
  const notInstalled = installOracles()
  let result: TestResult | undefined
  const { exit, leftovers } = await runGuarded({
    program: process.execPath,
    programArguments: [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...words],
    cwd: root,
    environment: (folder) => ({
      ...process.env,
      EXPRSN_TEST_RESULT: join(folder, resultFile),
      EXPRSN_TEST_BINARIES: tmpdir(),
      ...(notInstalled === undefined ? {} : { [installFailureVariable]: notInstalled }),
    }),
    onEnd(folder) {
      const file = join(folder, resultFile)
      if (existsSync(file)) result = JSON.parse(readFileSync(file, 'utf8'))
    },
  })
  const left = leftovers.filter((name) => name !== resultFile)
  if (left.length > 0) console.log(`\nTemporary files that tests left behind (now removed): ${left.join(', ')}`)
  const { lines, exitCode } = summarise(result, exit, { strict: process.env.CI === 'true' })
  console.log(lines.join('\n'))
  process.exitCode = exitCode
}

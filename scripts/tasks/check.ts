import { join } from 'node:path'
import { areaPackages, areasOf } from '../check/areas.ts'
import { checkSteps } from '../check/check-steps.ts'
import { passedBefore } from '../check/passed-before.ts'
import { describeStep, runSteps } from '../check/run-steps.ts'
import { trackedTextFiles, withLockfile } from '../check/tracked-files.ts'
import { root } from '../lib/packages.ts'
import { runTask, TaskFailure } from '../lib/task.ts'

const names = checkSteps.map(({ name }) => name).join(', ')

await runTask({
  name: 'check',
  help: `
npm run check [-- options]

Everything that can be said about the repository without running its tests. All steps run, also when one fails.

What takes long (lint, the execution of snippets) is done for the packages in which something changed since it passed.

  --only <step>   one step: ${names}
  --all           also what passed and did not change
  --help          this text
`,
  options: { only: { type: 'string' }, all: { type: 'boolean', default: false } },
  async run({ values: { only, all } }) {
    const steps = checkSteps.filter(({ name }) => only === undefined || name === only)
    if (steps.length === 0) throw new TaskFailure(`There is no step "${only}". Steps: ${names}.`)
    const started = performance.now()
    const files = await trackedTextFiles()
    const context = {
      files,
      areas: areasOf(withLockfile(files), areaPackages()),
      passed: passedBefore(join(root, 'node_modules/.cache/check/passed.json'), { forget: all }),
    }
    const results = await runSteps(steps, context, (result) => console.log(describeStep(result)))
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    const failed = results.filter(({ problems }) => problems.length > 0).map(({ name }) => name)
    const summary = `check: ${results.length - failed.length} passed, ${failed.length} failed in ${seconds} s`
    if (failed.length > 0) throw new TaskFailure(`${summary} (${failed.join(', ')})`)
    console.log(summary)
  },
})

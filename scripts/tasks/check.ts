import { checkSteps } from '../check/check-steps.ts'
import { describeStep, runSteps } from '../check/run-steps.ts'
import { runTask, TaskFailure } from '../lib/task.ts'

const names = checkSteps.map(({ name }) => name).join(', ')

await runTask({
  name: 'check',
  help: `
npm run check [-- options]

Everything that can be said about the repository without running its tests. All steps run, also when one fails.

  --only <step>   one step: ${names}
  --help          this text
`,
  options: { only: { type: 'string' } },
  async run({ values: { only } }) {
    const steps = checkSteps.filter(({ name }) => only === undefined || name === only)
    if (steps.length === 0) throw new TaskFailure(`There is no step "${only}". Steps: ${names}.`)
    const started = performance.now()
    const results = await runSteps(steps, (result) => console.log(describeStep(result)))
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    const failed = results.filter(({ problems }) => problems.length > 0).map(({ name }) => name)
    const summary = `check: ${results.length - failed.length} passed, ${failed.length} failed in ${seconds} s`
    if (failed.length > 0) throw new TaskFailure(`${summary} (${failed.join(', ')})`)
    console.log(summary)
  },
})

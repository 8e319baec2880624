import { systemClock } from '@exprsn/core'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { progressBar, type BarOutput } from './console/progress-bar.ts'
import { failureLine } from './failure.ts'
import type { Step, StepContext, StepOutcome } from './step.ts'

/** How a step ended. */
export interface StepResult {
  readonly step: Step
  readonly seconds: number
  readonly outcome: StepOutcome | undefined
  /** One line, when the step failed. */
  readonly failure: string | undefined
}

/** What the tour gives to every step. */
export interface StepEnvironment {
  readonly parentFolder: string
  readonly signal: AbortSignal
  readonly postgresUrl: string | undefined
  readonly realPds: boolean
  readonly output: BarOutput
}

/** Runs one step in a folder of its own and cleans up behind it, however it ends. */
export async function runStep(step: Step, environment: StepEnvironment): Promise<StepResult> {
  const { parentFolder, signal, postgresUrl, realPds, output } = environment
  const startedAt = systemClock.monotonic()
  const cleanUps: (() => Promise<unknown>)[] = []
  const failures: unknown[] = []
  let outcome: StepOutcome | undefined
  output.write(`\n${step.title}\n`)
  try {
    const folder = await makeTemporaryFolder(systemDisk, { within: parentFolder, prefix: 'exprsn-tour-' })
    cleanUps.push(() => removeTree(systemDisk, folder))
    // Run by root, a server under another user has to pass through to a folder of its own inside.
    await systemDisk.setMode(folder, 0o711)
    const context: StepContext = {
      folder,
      signal,
      postgresUrl,
      realPds,
      say: (line) => void output.write(`  ${line}\n`),
      progress: (label, unit) => progressBar(label, unit, output),
      defer: (cleanUp) => void cleanUps.push(cleanUp),
    }
    outcome = await step.run(context)
  } catch (error) {
    failures.push(error)
  }
  for (const cleanUp of cleanUps.reverse()) await cleanUp().catch((error: unknown) => failures.push(error))
  const seconds = (systemClock.monotonic() - startedAt) / 1_000
  return { step, seconds, outcome, failure: failures.length > 0 ? failureLine(failures[0]) : undefined }
}

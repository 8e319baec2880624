import { runStep } from '../run-step.ts'
import { apartSteps } from '../steps/apart-steps.ts'
import type { Beginning, Report } from './messages.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
// Without whom it works for, it cleans up and ends.
process.once('disconnect', () => stop.abort(new Error('the tour ended')))
process.once('message', (beginning: Beginning) => void work(beginning))

async function work(beginning: Beginning): Promise<void> {
  for (const step of apartSteps) {
    if (stop.signal.aborted) break
    const { name } = step
    const output = { write: (text: string) => tell({ step: name, text }) }
    const { seconds, outcome, failure } = await runStep(step, { ...beginning, signal: stop.signal, output })
    tell({ step: name, result: { seconds, outcome, failure } })
  }
  if (process.connected) process.disconnect()
}

/** Nobody listens where the tour was killed: then there is still cleaning up to do. */
function tell(report: Report): void {
  if (process.connected) process.send!(report, () => {})
}

import { availableParallelism, tmpdir } from 'node:os'
import { systemClock } from '@exprsn/core'
import { startApart } from './apart/start-apart.ts'
import { failureLine } from './failure.ts'
import { parseTourOptions, usage } from './options.ts'
import { runStep, type StepResult } from './run-step.ts'
import { serveStatusPage, type StatusPage } from './status/status-page.ts'
import { apartSteps } from './steps/apart-steps.ts'
import { steps } from './steps/steps.ts'
import { summary } from './summary.ts'

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`tour: ${failureLine(error)}`)
  return 1
})

/** Runs the tour; the result is the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseTourOptions(
    args,
    steps.map(({ name }) => name),
  )
  if (options.help) return print(usage)
  if (options.list) return print(steps.map(({ name, title }) => `${name}  ${title}`).join('\n'))

  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)))

  const results: StepResult[] = []
  const { postgresUrl, realPds } = options
  const place = { parentFolder: options.folder ?? tmpdir(), postgresUrl, realPds }
  // The page's port is taken before the work begins, so that a taken port is told at once.
  const page = options.once ? undefined : await serveStatusPage({ port: options.port, results: () => results })
  if (page) print(`Status page: ${page.url}`)
  const startedAt = systemClock.monotonic()
  const twoCores = options.only === undefined && availableParallelism() > 1
  const apart = twoCores ? startApart(place, stop.signal) : undefined
  try {
    for (const step of steps.filter(({ name }) => options.only === undefined || name === options.only)) {
      if (stop.signal.aborted) break
      const result =
        apart !== undefined && apartSteps.includes(step)
          ? await apart.result(step, process.stdout)
          : await runStep(step, { ...place, signal: stop.signal, output: process.stdout })
      if (result.failure !== undefined) console.error(`tour: ${step.name}: ${result.failure}`)
      results.push(result)
    }
    print(summary(results, (systemClock.monotonic() - startedAt) / 1_000))
    if (page) await untilStopped(page, stop.signal)
  } finally {
    await apart?.close()
    await page?.close()
  }
  return results.length > 0 && results.every(({ failure }) => failure === undefined) ? 0 : 1
}

function print(text: string): 0 {
  console.log(text)
  return 0
}

async function untilStopped(page: StatusPage, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  print(`\nThe status page stays up at ${page.url} – Ctrl-C ends it.`)
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

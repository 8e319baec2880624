import { systemClock } from '@exprsn/core'
import { createMetrics } from '@exprsn/core/metrics'
import { bulkhead, circuitBreaker, policy, retry, timeout } from '@exprsn/core/resilience'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { startUpstream } from './upstream.ts'

/** An upstream that fails a quarter of the time, and callers that do not notice. */
export const flakyUpstream: Step = {
  name: 'flaky-upstream',
  title: 'Resilience: an upstream that fails a quarter of the time, tamed by a policy and shown by metrics',
  run: callFlakyUpstream,
}

const calls = 600

async function callFlakyUpstream({ defer, progress, signal }: StepContext): Promise<StepOutcome> {
  const upstream = await startUpstream(7)
  defer(() => upstream.close())
  const metrics = createMetrics({ prefix: 'tour' })
  const outcomes = metrics.counter({ name: 'calls', help: 'Calls by how they ended', labels: ['outcome'] })
  const retries = metrics.counter({ name: 'retries', help: 'Attempts after the first' })
  const duration = metrics.histogram({ name: 'call_duration', unit: 'seconds', help: 'Whole calls, retries included' })
  const resilient = policy(
    bulkhead({ limit: 20, queue: calls }),
    // A quarter to the twelfth: with fewer attempts one tour in a hundred would fail by chance alone.
    retry({ attempts: 12, initial: '5ms', budget: false, onRetry: () => retries.add(1) }),
    timeout('250ms'),
    circuitBreaker({ failureRate: 0.9 }),
  )
  const call = async (): Promise<void> => {
    const startedAt = systemClock.monotonic()
    const outcome = await resilient((attempt) => ask(upstream.url, attempt.signal), { signal }).then(
      () => 'answered',
      () => 'failed',
    )
    duration.observe((systemClock.monotonic() - startedAt) / 1_000)
    outcomes.add(1, { outcome })
    bar.update(++done, calls)
  }
  let done = 0
  const bar = progress('calling', 'calls')
  await Promise.all(Array.from({ length: calls }, call))
  bar.end(`${calls} calls`)
  signal.throwIfAborted()
  const shown = await exposition(metrics.text())
  const answered = Number(/calls_total\{outcome="answered"\} (\d+)/.exec(shown)?.[1] ?? 0)
  if (answered !== calls) throw new Error(`${calls - answered} of ${calls} calls failed.`)
  const late = duration.bind().quantile(0.99) ?? 0
  return {
    facts: [
      { label: 'calls answered', value: `${answered} of ${calls}` },
      { label: 'upstream', value: `${upstream.failed()} of ${upstream.requests()} requests failed or came too late` },
      { label: 'retries', value: /retries_total (\d+)/.exec(shown)?.[1] ?? '0' },
      { label: '99th percentile', value: `${Math.round(late * 1_000)} ms, retries included` },
    ],
  }
}

async function ask(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal })
  const text = await response.text()
  if (!response.ok)
    throw Object.assign(new Error(`The upstream answered ${response.status}.`), { status: response.status })
  return text
}

async function exposition(text: AsyncIterable<string>): Promise<string> {
  const parts: string[] = []
  for await (const part of text) parts.push(part)
  return parts.join('')
}

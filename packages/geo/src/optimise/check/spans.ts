import type { PlanStep } from '../plan/plan.ts'

/** A span of time and what the driver did in it. */
export interface Span {
  readonly kind: 'driving' | 'work' | 'free'
  readonly from: number
  readonly to: number
}

/** What lies between steps is driving, handling is work, breaks, rests and waiting are free; neighbours of a kind are one span. */
export function spansOf(steps: readonly PlanStep[]): Span[] {
  const spans: Span[] = []
  const add = (kind: Span['kind'], from: number, to: number): void => {
    if (to - from <= 1e-9) return
    const last = spans.at(-1)
    if (last?.kind === kind) spans[spans.length - 1] = { kind, from: last.from, to }
    else spans.push({ kind, from, to })
  }
  for (const [at, { type, arrival, begin, end }] of steps.entries()) {
    if (at > 0) add('driving', steps[at - 1]!.end, arrival)
    add('free', arrival, begin)
    add(type === 'break' || type === 'rest' ? 'free' : 'work', begin, end)
  }
  return spans
}

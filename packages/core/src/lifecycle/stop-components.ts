import type { Clock } from '../clock/clock.ts'
import { formatDuration, milliseconds, type Duration } from '../duration/duration.ts'
import type { LifecycleComponent } from './component.ts'
import { lifecycleErrors } from './errors.ts'
import { within } from './within.ts'

/** How long stopping may take. */
export interface StopLimits {
  readonly clock: Clock
  /** For everything. */
  readonly total: Duration
  /** For a component that names none. */
  readonly each: Duration
}

/** Why a component did not stop cleanly. */
export interface StopProblem {
  readonly name: string
  readonly error: unknown
}

/**
 * Drains and stops components given in the order they started in, each after those that depend on it, and goes on whatever fails or takes too long.
 * Every component's `stop` is called, even when the time is up by then.
 */
export async function stopComponents(
  started: readonly LifecycleComponent[],
  { clock, total, each }: StopLimits,
): Promise<StopProblem[]> {
  const problems: StopProblem[] = []
  const end = clock.monotonic() + milliseconds(total)
  const steps = new Map<string, Promise<void>>()
  const stopOne = async (component: LifecycleComponent): Promise<void> => {
    const dependents = started.filter(({ dependsOn = [] }) => dependsOn.includes(component.name))
    await Promise.all(dependents.map(({ name }) => steps.get(name)!))
    const ownEnd = Math.min(end, clock.monotonic() + milliseconds(component.deadline ?? each))
    for (const phase of ['drain', 'stop'] as const) {
      const error = await runPhase(component, phase, clock, ownEnd)
      if (error !== undefined) problems.push({ name: component.name, error })
    }
  }
  // What started later comes first, so that the steps a component waits for are there already.
  for (const component of started.toReversed()) steps.set(component.name, stopOne(component))
  await Promise.all(steps.values())
  return problems
}

async function runPhase(
  component: LifecycleComponent,
  phase: 'drain' | 'stop',
  clock: Clock,
  end: number,
): Promise<unknown> {
  const step = component[phase]
  if (step === undefined) return undefined
  const begun = clock.monotonic()
  try {
    const outcome = await within(clock, Math.max(0, end - begun), (signal) => step.call(component, { signal }))
    if (outcome === 'done') return undefined
    const deadline = formatDuration(Math.max(0, clock.monotonic() - begun))
    return lifecycleErrors.CORE_LIFECYCLE_STOP_TIMEOUT({ name: component.name, phase, deadline })
  } catch (error) {
    return error ?? lifecycleErrors.CORE_LIFECYCLE_STOP_FAILED({ names: component.name })
  }
}

import type { Subject } from './check-route.ts'
import { tolerance, type Report } from './violation.ts'

/** Each break is taken once if it is due, begins in one of its windows and is as long as it must be. */
export function checkBreaks({ vehicle, route }: Subject, report: Report): void {
  const { steps } = route
  const { breaks = [] } = vehicle
  const [begin, finish] = [steps[0]!.begin, steps.at(-1)!.end]
  for (const { id, windows, duration } of breaks) {
    const taken = steps.filter((step) => step.type === 'break' && step.id === id)
    const opens = Math.min(...windows.map(([from]) => from))
    const closes = Math.max(...windows.map(([, to]) => to))
    const isDue = begin <= opens - tolerance && finish > closes + tolerance
    if (taken.length > 1 || (isDue && taken.length === 0)) report('break', `It is taken ${taken.length} times.`, id)
    for (const step of taken) {
      const isOpen = windows.some(([from, to]) => step.begin >= from - tolerance && step.begin <= to + tolerance)
      if (!isOpen) report('break', `It begins at ${step.begin}, outside its windows.`, id)
      if (step.end - step.begin < duration - tolerance)
        report('break', `It lasts ${step.end - step.begin} seconds.`, id)
    }
  }
  for (const { type, id } of steps)
    if (type === 'break' && id !== undefined && breaks.every((pause) => pause.id !== id))
      report('break', 'There is none.', id)
}

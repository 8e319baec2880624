import { problemOf, type Position } from '../../coordinates/position.ts'
import { fenceErrors } from '../errors.ts'
import type { Fix } from '../fence-event.ts'
import type { PlainFix } from './tracker.ts'

/** A fix from outside, checked. @throws `GEO_FIX_INVALID` */
export function plainFix({ id, position, time, accuracy = 0 }: Fix): PlainFix {
  if (typeof id !== 'string' || id === '') throw badFix(String(id), 'its id is not a text')
  if (!Array.isArray(position)) throw badFix(id, 'its position is not a list of two numbers')
  const [x, y] = position as unknown as Position
  const problem = problemOf(x, y)
  if (problem !== undefined) throw badFix(id, problem)
  const at = Number(time)
  if (!Number.isFinite(at)) throw badFix(id, `its time is ${String(time)}`)
  if (!(accuracy >= 0 && accuracy < Infinity)) throw badFix(id, `its accuracy is ${accuracy}`)
  return { id, x, y, time: at, accuracy }
}

function badFix(id: string, reason: string) {
  return fenceErrors.GEO_FIX_INVALID({ id, reason })
}

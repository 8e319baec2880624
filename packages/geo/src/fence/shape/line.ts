import { checkPosition, isPosition } from '../../coordinates/position.ts'
import { fenceErrors } from '../errors.ts'

/** A line as longitude and latitude in turn, its longitudes continuous: past the antimeridian they go on beyond 180. */
export type Line = number[]

/** Reads positions; two neighbours more than half the earth apart lie on both sides of the antimeridian. */
export function readLine(value: unknown, where: string): Line {
  if (!Array.isArray(value)) throw invalid(where, 'it is not a list of positions')
  // A list that grows is copied on the way and keeps room that it does not need.
  const line: Line = new Array<number>(value.length > 1_000_000 ? 0 : value.length * 2)
  let before = Number.NaN
  let turn = 0
  for (let index = 0; index < value.length; index++) {
    const member: unknown = value[index]
    // A name for every position of every fence would take longer than all the rest.
    const [longitude, latitude] = isPosition(member) ? member : checkPosition(member, `${where}[${index}]`)
    const step = longitude + turn - before
    if (step > 180) turn -= 360
    else if (step < -180) turn += 360
    before = longitude + turn
    line[index * 2] = before
    line[index * 2 + 1] = latitude
  }
  return line
}

function invalid(where: string, reason: string) {
  return fenceErrors.GEO_FENCE_INVALID({ where, reason })
}

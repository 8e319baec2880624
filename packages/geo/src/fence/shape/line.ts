import { checkPosition } from '../../coordinates/position.ts'
import { fenceErrors } from '../errors.ts'

/** A line as longitude and latitude in turn, its longitudes continuous: past the antimeridian they go on beyond 180. */
export type Line = number[]

/** Reads positions; two neighbours more than half the earth apart lie on both sides of the antimeridian. */
export function readLine(value: unknown, where: string): Line {
  if (!Array.isArray(value)) throw invalid(where, 'it is not a list of positions')
  const line: Line = []
  let turn = 0
  value.forEach((member: unknown, index) => {
    const [longitude, latitude] = checkPosition(member, `${where}[${index}]`)
    const before = line.at(-2)
    if (before !== undefined) {
      const step = longitude + turn - before
      if (step > 180) turn -= 360
      else if (step < -180) turn += 360
    }
    line.push(longitude + turn, latitude)
  })
  return line
}

function invalid(where: string, reason: string) {
  return fenceErrors.GEO_FENCE_INVALID({ where, reason })
}

import { checkPosition } from '../../coordinates/position.ts'
import { routingErrors } from '../errors.ts'
import type { PointToSnap } from '../snap/snap-points.ts'
import type { RoutePoint, SnapRequest } from './router.ts'

const defaultRadius = 1_000

/**
 * Checks the points of a request.
 *
 * @throws `GEO_POSITION_INVALID` or `GEO_ROUTE_INVALID`, naming the point
 */
export function checkPoints(points: unknown, where: string, radius: number | undefined): PointToSnap[] {
  if (!Array.isArray(points)) throw invalid(where, 'it is not a list of points')
  checkNumber(radius, 'radius', { least: 0, most: 1e6 })
  return (points as readonly RoutePoint[]).map((point, index) => checkPoint(point, `${where}[${index}]`, radius))
}

/** @throws `GEO_ROUTE_INVALID` */
export function checkNumber(
  value: unknown,
  where: string,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (value === undefined) return
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw invalid(where, `it is no number from ${least} to ${most}`)
}

export function invalid(where: string, reason: string) {
  return routingErrors.GEO_ROUTE_INVALID({ where, reason })
}

function checkPoint(point: RoutePoint, where: string, radius: number | undefined): PointToSnap {
  const request = isPosition(point) ? { position: point } : point
  if (typeof request !== 'object' || request === null) throw invalid(where, 'it is no point')
  const { bearing, tolerance, radius: own }: SnapRequest = request
  checkNumber(bearing, `${where}.bearing`, { least: 0, most: 360 })
  checkNumber(tolerance, `${where}.tolerance`, { least: 0, most: 180 })
  checkNumber(own, `${where}.radius`, { least: 0, most: 1e6 })
  return {
    position: checkPosition(request.position, isPosition(point) ? where : `${where}.position`),
    rules: { radius: own ?? radius ?? defaultRadius, bearing, tolerance },
  }
}

function isPosition(point: RoutePoint): point is Exclude<RoutePoint, SnapRequest> {
  return Array.isArray(point)
}

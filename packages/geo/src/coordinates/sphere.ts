/** Mean radius of the earth in metres (IUGG, R1). */
export const earthRadius = 6_371_008.8
/** Radians in a degree. */
export const radians = Math.PI / 180
/** Metres in a degree along a meridian. */
export const metresPerDegree = earthRadius * radians

/** The great-circle distance of two places in metres (haversine on a sphere: up to 0.5 % off the ellipsoid). */
export function metresBetween(ax: number, ay: number, bx: number, by: number): number {
  const sinY = Math.sin(((by - ay) * radians) / 2)
  const sinX = Math.sin(((bx - ax) * radians) / 2)
  const h = sinY * sinY + Math.cos(ay * radians) * Math.cos(by * radians) * sinX * sinX
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * Metres from a place to the line from a to b, straight in longitude and latitude. Exact to 0.1 % up to some 50 km from the
 * line, for the map is flattened around the place. A line without length is a point, measured on the sphere.
 */
export function metresToSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  if (ax === bx && ay === by) return metresBetween(x, y, ax, ay)
  const scale = Math.cos(y * radians)
  const fromX = (ax - x) * scale
  const fromY = ay - y
  const alongX = (bx - ax) * scale
  const alongY = by - ay
  const length = alongX * alongX + alongY * alongY
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, -(fromX * alongX + fromY * alongY) / length))
  const nearX = fromX + share * alongX
  const nearY = fromY + share * alongY
  return Math.sqrt(nearX * nearX + nearY * nearY) * metresPerDegree
}

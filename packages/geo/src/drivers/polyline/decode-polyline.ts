import type { Position } from '../../coordinates/position.ts'

/** Places of the encoded polyline format; `digits` behind the point: six in Valhalla, five or six in OSRM. */
export function decodePolyline(text: string, digits: number): Position[] {
  const scale = 10 ** digits
  const positions: Position[] = []
  let at = 0
  let [x, y] = [0, 0]
  const next = () => {
    let value = 0
    for (let shift = 0; ; shift += 5) {
      const bits = text.charCodeAt(at++) - 63
      value |= (bits & 31) << shift
      // A text that is cut off ends here, too: NaN has no bit.
      if ((bits & 32) === 0) return (value >>> 1) ^ -(value & 1)
    }
  }
  while (at < text.length) {
    y += next()
    x += next()
    positions.push([x / scale, y / scale])
  }
  return positions
}

/** Longitude and latitude in degrees. */
export type Place = readonly [number, number]

/** Where a lorry is every few seconds on the great circle between two places. */
export function* journey(from: Place, to: Place, metresPerFix: number): IterableIterator<Place> {
  const a = vector(from)
  const b = vector(to)
  const angle = Math.acos(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])
  const count = Math.ceil((angle * earthRadius) / metresPerFix)
  for (let index = 0; index <= count; index++) {
    const [near, far] = [Math.sin((1 - index / count) * angle), Math.sin((index / count) * angle)]
    const [x, y, z] = [0, 1, 2].map((axis) => (near * a[axis]! + far * b[axis]!) / Math.sin(angle)) as Vector
    yield [Math.atan2(y, x) / radians, Math.atan2(z, Math.hypot(x, y)) / radians]
  }
}

const earthRadius = 6_371_008.8
const radians = Math.PI / 180

type Vector = [number, number, number]

function vector([longitude, latitude]: Place): Vector {
  const [x, y] = [longitude * radians, latitude * radians]
  return [Math.cos(y) * Math.cos(x), Math.cos(y) * Math.sin(x), Math.sin(y)]
}

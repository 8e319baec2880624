import type { Position } from '@exprsn/geo/coordinates'

/** Where the town begins; its blocks are some 300 m long. */
const corner: Position = [9.5, 47.1]
const block = [0.004, 0.0027] as const

/** A crossing of the town, counted from the south-west. */
export function crossing(street: number, avenue: number): Position {
  return [corner[0] + avenue * block[0], corner[1] + street * block[1]]
}

/** A made-up town of so many streets and avenues as road lines in GeoJSON, for those who have no extract at hand. */
export function practiceTown(size: number): Uint8Array {
  const line = (name: string, highway: string, places: readonly Position[]) => ({
    type: 'Feature',
    properties: { name, highway },
    geometry: { type: 'LineString', coordinates: places },
  })
  const numbers = [...Array(size).keys()]
  const features = numbers.flatMap((at) => [
    line(
      `Street ${at}`,
      at % 4 === 0 ? 'secondary' : 'residential',
      numbers.map((avenue) => crossing(at, avenue)),
    ),
    line(
      `Avenue ${at}`,
      'residential',
      numbers.map((street) => crossing(street, at)),
    ),
  ])
  return new TextEncoder().encode(JSON.stringify({ type: 'FeatureCollection', features }))
}

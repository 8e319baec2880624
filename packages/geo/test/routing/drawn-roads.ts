import { metresBetween } from '@exprsn/geo/coordinates'
import { roadClasses, textTable, type RoadClass, type RoadGraph } from '@exprsn/geo/graph'

/** A road of a hand-drawn network. */
export interface DrawnRoad {
  /** Longitudes and latitudes in units of 1e-7 degrees; roads whose ends are equal meet there. */
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly forward?: boolean
  readonly backward?: boolean
  readonly name?: string
  readonly roadClass?: RoadClass
  readonly flags?: number
  /** Metres a second. */
  readonly speed?: number
}

/** A graph of drawn roads, without rules for turns and all in one component. */
export function drawRoads(roads: readonly DrawnRoad[]): RoadGraph {
  const places = new Map<string, number>()
  const nodeAt = (point: readonly [number, number]) => {
    const key = point.join()
    if (!places.has(key)) places.set(key, places.size)
    return places.get(key)!
  }
  const ends = roads.map(({ points }) => [nodeAt(points[0]!), nodeAt(points.at(-1)!)] as const)
  const at = [...places.keys()].map((key) => key.split(',').map(Number))
  const lengths = roads.map(({ points }) => centimetres(points))
  const all = roads
    .flatMap(({ forward = true, backward = true }, road) => {
      const [tail, head] = ends[road]!
      return [
        ...(forward ? [{ tail, head, directed: road * 2 }] : []),
        ...(backward ? [{ tail: head, head: tail, directed: road * 2 + 1 }] : []),
      ]
    })
    .sort((a, b) => a.tail - b.tail)
  const edgeOf = (directed: number) => all.findIndex((edge) => edge.directed === directed)
  const first = new Int32Array(places.size + 1)
  for (const { tail } of all) first[tail + 1]!++
  for (let node = 0; node < places.size; node++) first[node + 1]! += first[node]!
  const firstPoint = new Int32Array(roads.length + 1)
  roads.forEach(({ points }, road) => (firstPoint[road + 1] = firstPoint[road]! + points.length))
  const texts = ['', ...new Set(roads.map(({ name = '' }) => name))]
  const weightOf = (road: number) => Math.round((lengths[road]! * 10) / (roads[road]!.speed ?? 10))
  return {
    profile: 'drawn',
    attribution: 'made up',
    nodes: {
      longitudes: Int32Array.from(at, ([x]) => x!),
      latitudes: Int32Array.from(at, ([, y]) => y!),
    },
    roads: {
      firstPoint,
      points: Int32Array.from(roads.flatMap(({ points }) => points.flat())),
      lengths: Int32Array.from(lengths),
      names: Int32Array.from(roads, ({ name = '' }) => texts.indexOf(name)),
      references: new Int32Array(roads.length),
      classes: Uint8Array.from(roads, ({ roadClass = 'residential' }) => roadClasses.indexOf(roadClass)),
      flags: Uint8Array.from(roads, ({ flags = 0 }) => flags),
      forward: Int32Array.from(roads, (_, road) => edgeOf(road * 2)),
      backward: Int32Array.from(roads, (_, road) => edgeOf(road * 2 + 1)),
    },
    edges: {
      first,
      tails: Int32Array.from(all, ({ tail }) => tail),
      heads: Int32Array.from(all, ({ head }) => head),
      weights: Int32Array.from(all, ({ directed }) => weightOf(directed >> 1)),
      roads: Int32Array.from(all, ({ directed }) => directed),
      components: new Int32Array(all.length),
    },
    turns: undefined,
    texts: textTable(texts),
  }
}

function centimetres(points: DrawnRoad['points']): number {
  let metres = 0
  for (let at = 1; at < points.length; at++)
    metres += metresBetween(
      points[at - 1]![0] / 1e7,
      points[at - 1]![1] / 1e7,
      points[at]![0] / 1e7,
      points[at]![1] / 1e7,
    )
  return Math.round(metres * 100)
}

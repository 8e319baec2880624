import { createHash } from 'node:crypto'
import { createFences, type FenceFeature } from '@exprsn/geo/fence'
import { booleanPointInPolygon } from '@turf/turf'
import Flatbush from 'flatbush'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../../core/resilience/compare-calls.ts'
import { places, stars, type Star } from './stars.ts'

/** Says in which fences a place is. */
type Locate = (place: [number, number]) => readonly (string | number)[]

/** Turf alone asks every fence; with flatbush those whose box contains the place. */
export const turf = { ...npmPeer('@turf/turf'), name: 'turf' }
export const flatbushAndTurf = { ...npmPeer('flatbush'), name: 'flatbush + turf' }

const subjects: Readonly<Record<string, (features: readonly Star[]) => Locate>> = {
  [ours]: (features) => {
    const fences = createFences({ features: features as readonly FenceFeature[] })
    return (place) => fences.locate(place)
  },
  [turf.name]: (features) => (place) =>
    features.filter((feature) => booleanPointInPolygon(place, feature.geometry as never)).map(({ id }) => id!),
  [flatbushAndTurf.name]: (features) => {
    const boxes = new Flatbush(features.length)
    for (const { geometry } of features) {
      const [ring] = geometry.coordinates as unknown as [number, number][][]
      const xs = ring!.map(([x]) => x)
      const ys = ring!.map(([, y]) => y)
      boxes.add(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys))
    }
    boxes.finish()
    return (place) => {
      const [x, y] = place
      return boxes
        .search(x, y, x, y)
        .filter((index) => booleanPointInPolygon(place, features[index]!.geometry as never))
        .map((index) => features[index]!.id!)
    }
  },
}

interface LocateBenchmark {
  readonly name: string
  readonly target: number
  readonly peers: Benchmark['peers']
  readonly fences: number
  /** Degrees. */
  readonly radius: number
  readonly places: Readonly<Record<string, number>>
}

const compared = 2_000

/** Millions of places a second of CPU time, in fences of 32 corners; the index is built before. */
export function compareLocate({ fences, radius, places: counts, ...benchmark }: LocateBenchmark): Benchmark {
  return {
    ...benchmark,
    unit: 'M/s',
    measure: 'cpu',
    better: 'higher',
    async prepare({ quick }) {
      const features = stars(fences, radius)
      const all = places(1_000_000)
      const ready = new Map<string, Locate>()
      return {
        async run(name) {
          const locate = ready.get(name) ?? subjects[name]!(features)
          ready.set(name, locate)
          const count = Math.ceil(counts[name]! / (quick ? 4 : 1))
          const before = process.cpuUsage()
          for (let index = 0; index < count; index++) locate(all[index]!)
          const { user, system } = process.cpuUsage(before)
          return { value: count / (user + system), hash: answerOf(locate, all) }
        },
        async close() {},
      }
    },
  }
}

function answerOf(locate: Locate, all: readonly [number, number][]): string {
  const hash = createHash('sha256')
  for (const place of all.slice(0, compared))
    hash.update(
      `${locate(place)
        .map(Number)
        .sort((a, b) => a - b)
        .join()}\n`,
    )
  return hash.digest('hex')
}

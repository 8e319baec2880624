import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { metresBetween } from '@exprsn/geo/coordinates'
import { createFences, type FenceEvent, type FenceFeature } from '@exprsn/geo/fence'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { readCities, type City } from '../cities.ts'
import { drawJourney } from './draw-journey.ts'
import { journey, type Place } from './journey.ts'

/** A lorry across Europe, through fences around real towns. */
export const geofences: Step = {
  name: 'geofences',
  title: 'Geo: a lorry from Lisbon to Warsaw through fences around 20,000 towns, each told once',
  run: drive,
}

const count = 20_000
const lisbon: Place = [-9.139, 38.722]
const warsaw: Place = [21.012, 52.23]
const metresPerFix = 100
/** Of a fix, in metres. */
const noise = 15
const margin = 40

async function drive({ progress, say, signal }: StepContext): Promise<StepOutcome> {
  const cities = readCities()
    .toSorted((a, b) => b.population - a.population)
    .slice(0, count)
  const radii = new Map(cities.map((city) => [String(city.cityId), radiusOf(city)]))
  const features = cities.map((city): FenceFeature => ({
    ...{ type: 'Feature', id: city.cityId, geometry: { type: 'Point', coordinates: city.loc.coordinates } },
    properties: { radius: radiusOf(city), name: city.name },
  }))
  const builtFrom = performance.now()
  const fences = createFences({ features, margin, exitAfter: 2 })
  const builtIn = performance.now() - builtFrom
  say(`${count.toLocaleString('en')} circles, ${(fences.statistics().indexBytes / 1e6).toFixed(1)} MB of index`)

  const way = [...journey(lisbon, warsaw, metresPerFix)]
  const random = new SeededRandom('lorry')
  const bar = progress('driving', 'fixes')
  const events: FenceEvent[] = []
  let spent = 0
  for (const [index, place] of way.entries()) {
    const fix = { id: 'lorry', position: shaken(place, random), time: index * 4_000 + 1 }
    const before = performance.now()
    events.push(...fences.update(fix))
    spent += performance.now() - before
    if (index % 2_000 > 0) continue
    signal.throwIfAborted()
    bar.update(index, way.length)
    await new Promise((resolve) => setImmediate(resolve))
  }
  bar.end(`${way.length.toLocaleString('en')} fixes`)

  const passed = new Set(events.map(({ fence }) => fence))
  for (const city of cities) check(city, radii.get(String(city.cityId))!, way, events)
  const towns = cities.map(({ cityId, name, population, loc }) => ({
    ...{ name, population, place: loc.coordinates, passed: passed.has(String(cityId)) },
  }))
  return {
    facts: [
      { label: 'towns passed through', value: `${passed.size}, each entered and left once, as plain distances say` },
      { label: 'fixes', value: `${way.length.toLocaleString('en')}, up to ${noise} m off` },
      { label: 'index built in', value: `${builtIn.toFixed(0)} ms` },
      { label: 'per fix', value: `${((spent * 1_000) / way.length).toFixed(2)} µs` },
    ],
    picture: drawJourney(
      towns,
      way.filter((_, index) => index % 100 === 0),
    ),
  }
}

/** Half a kilometre for a village, twelve for a metropolis. */
function radiusOf({ population }: City): number {
  return Math.min(12_000, 500 + Math.sqrt(population) * 4)
}

function shaken([longitude, latitude]: Place, random: SeededRandom): Place {
  const off = (): number => ((randomFraction(random) * 2 - 1) * noise) / Math.SQRT2 / 111_195
  return [longitude + off() / Math.cos((latitude * Math.PI) / 180), latitude + off()]
}

/** Compares what was told with how near the lorry really came. */
function check(city: City, radius: number, way: readonly Place[], events: readonly FenceEvent[]): void {
  const [x, y] = city.loc.coordinates
  if (y < 36 || y > 56 || x < -12 || x > 24) return
  let nearest = Infinity
  for (const [longitude, latitude] of way) {
    if (Math.abs(latitude - y) > 0.3) continue
    nearest = Math.min(nearest, metresBetween(x, y, longitude, latitude))
  }
  const told = events.filter(({ fence }) => fence === String(city.cityId)).map(({ type }) => type)
  const unclear = Math.abs(nearest - radius) < margin + noise
  const startsOrEnds = [way[0]!, way.at(-1)!].some(([a, b]) => metresBetween(x, y, a, b) < radius + margin + noise)
  const expected = nearest < radius ? (startsOrEnds ? told : ['enter', 'exit']) : []
  if (!unclear && told.join() !== expected.join())
    throw new Error(
      `${city.name} is ${nearest.toFixed(0)} m away at best, but the fences told: ${told.join() || 'nothing'}.`,
    )
}

import { metresBetween, type Position } from '@exprsn/geo/coordinates'
import { createFences, type FenceFeature } from '@exprsn/geo/fence'
import { buildGraph, openRouter, profiles, readOsm, type RouteFound } from '@exprsn/geo/routing'
import { drawMap } from '@exprsn/geo/picture'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { drive, shaken } from './drive.ts'
import { gothenburg } from './gothenburg.ts'

/** A van through a real city: its route, what fences tell, and the way recovered from its inexact positions. */
export const routing: Step = {
  name: 'routing',
  title: 'Geo: a van across Gothenburg: route, fences on the way, and its way recovered from inexact positions',
  run,
}

const start: Position = [11.93, 57.68]
const end: Position = [12.0, 57.735]
const metresPerFix = 40
/** Of a fix, in metres. */
const noise = 12

async function run({ say, signal }: StepContext): Promise<StepOutcome> {
  const builtFrom = performance.now()
  const graph = await buildGraph(readOsm(await gothenburg()), { profile: profiles.car, signal })
  await using router = await openRouter(graph)
  say(
    `${graph.edges.heads.length.toLocaleString('en')} edges, ready in ${(performance.now() - builtFrom).toFixed(0)} ms`,
  )

  const route = await router.route({ points: [start, end], signal })
  if (!route.found) throw new Error(`No route: ${route.reason}.`)
  compareWithTable(route, (await router.matrix({ sources: [start], targets: [end], signal })).durations[0]!)
  const times: number[] = []
  for (let round = 0; round < 300; round++) {
    const begin = performance.now()
    await router.route({ points: [start, end] })
    times.push(performance.now() - begin)
  }

  const way = drive(route.geometry, metresPerFix)
  const fixes = shaken(way, noise)
  const stops = [0.2, 0.5, 0.8].map((share, index): FenceFeature => ({
    ...{ type: 'Feature', id: `stop ${index + 1}` },
    geometry: { type: 'Point', coordinates: way[Math.floor(way.length * share)]! },
    properties: { radius: 150 },
  }))
  const told = followFences(stops, fixes)
  const { parts } = await router.match({ fixes, accuracy: noise, signal })
  const [matched] = parts
  if (parts.length !== 1 || matched === undefined || Math.abs(matched.distance / route.distance - 1) > 0.05)
    throw new Error(`The way was recovered in ${parts.length} parts, ${matched?.distance ?? 0} of ${route.distance} m.`)
  times.sort((a, b) => a - b)
  return {
    facts: [
      {
        label: 'route',
        value: `${(route.distance / 1_000).toFixed(1)} km, ${(route.duration / 60).toFixed(0)} minutes`,
      },
      { label: 'asked again, with instructions', value: `${(times[150]! * 1_000).toFixed(0)} µs` },
      { label: 'second instruction', value: route.instructions[1]?.text ?? '' },
      { label: 'fences', value: told },
      {
        label: 'recovered',
        value: `${fixes.length} fixes up to ${noise} m off: ${(matched.distance / 1_000).toFixed(1)} km`,
      },
    ],
    picture: picture(route, { stops, fixes }),
  }
}

function compareWithTable(route: RouteFound, seconds: number): void {
  if (Math.abs(route.duration - seconds) > 0.001)
    throw new Error(`The route takes ${route.duration} s, but the table says ${seconds} s.`)
}

/** Each fence must tell one enter and one exit. */
function followFences(stops: readonly FenceFeature[], fixes: readonly Position[]): string {
  const fences = createFences({ features: stops, margin: 2 * noise, exitAfter: 2 })
  const events = fixes.flatMap((position, index) => fences.update({ id: 'van', position, time: index * 3_000 + 1 }))
  for (const { id } of stops) {
    const types = events.filter(({ fence }) => fence === id).map(({ type }) => type)
    if (types.join() !== 'enter,exit') throw new Error(`${id} told: ${types.join() || 'nothing'}.`)
  }
  return `${stops.length} passed, ${events.length} events, each once`
}

function picture(
  route: RouteFound,
  { stops, fixes }: { readonly stops: readonly FenceFeature[]; readonly fixes: readonly Position[] },
): string {
  const near = fixes.filter((fix, index) => index === 0 || metresBetween(...fix, ...fixes[index - 1]!) > 20)
  return drawMap(
    [
      ...stops.map((stop) => ({ ...stop, properties: { ...stop.properties, title: String(stop.id) } })),
      {
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: route.geometry },
        properties: { stroke: '#1d4ed8' },
      },
      { type: 'Feature', geometry: { type: 'LineString', coordinates: near }, properties: { stroke: '#c2410c' } },
    ],
    { title: `Gothenburg, ${route.attribution}` },
  )
}

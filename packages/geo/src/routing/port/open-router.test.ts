import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openGraph, saveGraph } from '../../graph/index.ts'
import { origin, randomRoads } from '../../../test/routing/random-roads.ts'
import { openRouter, saveRouter } from './open-router.ts'

const folder = mkdtempSync(join(tmpdir(), 'exprsn-router-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const points = [
  [origin[0] + 0.001, origin[1] + 0.001],
  [origin[0] + 0.003, origin[1] + 0.004],
] as const

describe('a router in a file', () => {
  it.each([true, false])('answers as the one over the graph (with rules for turns: %s)', async (turns) => {
    const graph = randomRoads('file', { turns })
    const path = join(folder, `${turns}.graph`)
    await saveRouter(graph, path)
    const [ours, opened] = [await openRouter(graph), await openRouter(path)]
    const route = await opened.route({ points })
    expect(route.found).toBe(true)
    expect(route).toEqual(await ours.route({ points }))
    expect(await opened.matrix({ sources: points })).toEqual(await ours.matrix({ sources: points }))
  })

  it('is made of a file that holds only a graph', async () => {
    const graph = randomRoads('file', { turns: true })
    const path = join(folder, 'only.graph')
    await saveGraph(graph, path)
    expect(await (await openRouter(path)).route({ points })).toEqual(await (await openRouter(graph)).route({ points }))
  })

  it('comes to an end when its shortcuts stand for edges that are not there', async () => {
    const graph = randomRoads('hollow', { turns: true })
    const path = join(folder, 'hollow.graph')
    await saveRouter(graph, path)
    const { sections } = await openGraph(path)
    const [first, between] = [
      sections.get('hierarchy.first') as Int32Array,
      sections.get('hierarchy.between') as Int32Array,
    ]
    const last = first.length - 2
    const hollow = between.map((place, edge) => (place >= 0 && edge < first[last]! ? last : place))
    const own = new Map([...sections].filter(([key]) => /^(hierarchy|states)\./.test(key)))
    await saveGraph(graph, path, { sections: own.set('hierarchy.between', hollow) })
    const router = await openRouter(path)
    const ways = [points, points.toReversed()].map((way) => router.route({ points: way }))
    const ends = await Promise.allSettled(ways)
    expect(ends.some(({ status }) => status === 'rejected')).toBe(true)
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'GEO_GRAPH_INVALID' })
  })

  it.each([
    'hierarchy.places',
    'hierarchy.first',
    'hierarchy.edges',
    'hierarchy.between',
    'states.first',
    'states.heads',
    'states.origins',
  ])('is refused when its %s does not fit', async (name) => {
    const graph = randomRoads('damaged', { turns: true })
    const path = join(folder, 'damaged.graph')
    await saveRouter(graph, path)
    const { sections } = await openGraph(path)
    const list = sections.get(name) as Int32Array
    const last = list.length - 1
    const bad = [list.slice(1), list.with(last, 2 ** 30), new Float64Array(list), undefined]
    for (const [index, section] of bad.entries()) {
      const own = new Map([...sections].filter(([key]) => /^(hierarchy|states)\./.test(key)))
      if (section === undefined) own.delete(name)
      else own.set(name, section)
      await saveGraph(graph, path, { sections: own })
      // Without its first list it is a graph alone.
      if (section === undefined && name === 'hierarchy.places') await openRouter(path)
      // The last arcs of the heaviest weights and the farthest place between are bounded by their type or by the next check.
      else if (index === 1 && name === 'hierarchy.edges') continue
      else await expect(openRouter(path), `${name} ${index}`).rejects.toMatchObject({ code: 'GEO_GRAPH_FILE_INVALID' })
    }
  })
})

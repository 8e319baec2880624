import { describe, expect, it } from 'vitest'
import { edgeLines, handDrawn, nameOf, routeOf } from '../../test/graph/hand-drawn.ts'
import { blockOf, type OsmItems } from '../../test/osm/osm-items.ts'
import { writePbf } from '../../test/osm/write-pbf.ts'
import { readOsm } from '../osm/index.ts'
import { buildGraph, type BuildGraphOptions, type BuildProgress } from './build-graph.ts'
import { profiles } from './profile/profiles.ts'
import { roadFlags } from './road-class.ts'
import { stateGraph } from './state-graph.ts'

const build = (items: OsmItems, options: Partial<BuildGraphOptions> = {}) =>
  buildGraph([blockOf(items)], { profile: profiles.car, ...options })

async function route(
  text: string,
  from: string,
  to: string,
  options: Partial<BuildGraphOptions> = {},
): Promise<string> {
  const items = handDrawn(text)
  return routeOf(await build(items, options), items, from, to)
}

/** A crossing x with four arms, and a block around it so that there is another way everywhere. */
const crossing = `
  x 0 0
  n 0 1
  e 1 0
  s 0 -1
  w -1 0
  s x : highway=residential
  x n : highway=residential
  x e : highway=residential
  w x : highway=residential
  n e : highway=residential
  e s : highway=residential
  s w : highway=residential
  w n : highway=residential
`

describe('turn restrictions over a node', () => {
  it.each([
    ['nothing', '', 'sxw', 'sxe', 'sxn'],
    ['no_left_turn', 'no_left_turn 1 x 4', 'sxnw', 'sxe', 'sxn'],
    ['no_right_turn', 'no_right_turn 1 x 3', 'sxw', 'sxne', 'sxn'],
    ['no_straight_on', 'no_straight_on 1 x 2', 'sxw', 'sxe', 'sxen'],
    ['only_straight_on', 'only_straight_on 1 x 2', 'sxnw', 'sxne', 'sxn'],
    ['only_left_turn', 'only_left_turn 1 x 4', 'sxw', 'sxwne', 'sxwn'],
    ['no_entry from two ways', 'no_entry 1,3 x 4', 'sxnw', 'sxe', 'sxn'],
    ['no_exit to two ways', 'no_exit 1 x 2,4', 'sxenw', 'sxe', 'sxen'],
    ['only_* to two ways', 'only_straight_on 1 x 2,3', 'sxnw', 'sxe', 'sxn'],
    ['no_turn_on_red', 'no_turn_on_red 1 x 4', 'sxw', 'sxe', 'sxn'],
    ['no_left_turn except cars', 'no_left_turn 1 x 4 except=psv;motorcar', 'sxw', 'sxe', 'sxn'],
    ['no_left_turn except bicycles', 'no_left_turn 1 x 4 except=bicycle', 'sxnw', 'sxe', 'sxn'],
    ['restriction:hgv', '- 1 x 4 restriction:hgv=no_left_turn', 'sxw', 'sxe', 'sxn'],
    ['restriction:motorcar', '- 1 x 4 restriction:motorcar=no_left_turn', 'sxnw', 'sxe', 'sxn'],
  ])('%s', async (_, restriction, left, right, straight) => {
    const text = `${crossing}\n${restriction}`.trim()
    const items = handDrawn(text)
    const graph = await build(items)
    // The only way to an arm that does not come from the block: the last two letters say by which road.
    const ends = {
      left: shortest(graph, items, 'w'),
      right: shortest(graph, items, 'e'),
      straight: shortest(graph, items, 'n'),
    }
    expect(ends).toEqual({ left, right, straight })
  })

  function shortest(graph: Parameters<typeof routeOf>[0], items: OsmItems, arm: string): string {
    const routes = 'xnesw'
      .split('')
      .filter((before) => before !== arm)
      .map((before) => routeOf(graph, items, 'sx', `${before}${arm}`))
    return routes.filter((found) => found.startsWith('s')).sort((a, b) => a.length - b.length)[0]!
  }

  it('binds lorries by restriction:hgv', async () => {
    const text = `${crossing}\n- 1 x 4 restriction:hgv=no_left_turn`
    expect(await route(text, 'sx', 'xw', { profile: profiles.truck })).not.toBe('sxw')
    expect(await route(text, 'sx', 'xw')).toBe('sxw')
  })

  it('is reported when it cannot be used', async () => {
    const report = async (restriction: string) =>
      (await build(handDrawn(`${crossing}\n${restriction}`))).report.restrictions
    expect(await report('no_left_turn 1 x 4')).toEqual({ applied: 1, unusable: [] })
    expect(await report('no_left_turn 1 n 4')).toEqual({ applied: 0, unusable: [1] })
    expect(await report('no_left_turn 1 x 99')).toEqual({ applied: 0, unusable: [1] })
    expect(await report('no_left_turn 1 2 6')).toEqual({ applied: 0, unusable: [1] })
    expect(await report('- 1 x 4')).toEqual({ applied: 0, unusable: [] })
  })

  it('is left aside when a way goes on beyond the junction, so that either half may be meant', async () => {
    const text =
      'a 0 0\nb 1 0\nc 2 0\nd 1 1\na b c : highway=residential\nb d : highway=residential\nno_left_turn 1 b 2'
    expect((await build(handDrawn(text))).report.restrictions.unusable).toEqual([1])
  })
})

describe('conditional restrictions', () => {
  const rule = '- 1 x 4 restriction:conditional=no_left_turn~@~(Mo-Fr~07:00-09:00,16:00-18:00;~Sa~10:00-12:00)'
  it.each([
    ['any time', undefined, 'sxnw'],
    ['Monday at eight', '2026-11-23T08:00', 'sxnw'],
    ['Monday at nine', '2026-11-23T09:00', 'sxw'],
    ['Friday at half past five', '2026-11-27T17:30:00', 'sxnw'],
    ['Saturday at eight', '2026-11-28T08:00', 'sxw'],
    ['Saturday at eleven', '2026-11-28T11:00', 'sxnw'],
    ['Sunday at eight', '2026-11-29T08:00', 'sxw'],
  ])('%s', async (_, at, expected) => {
    const found = await Promise.all(['xw', 'nw'].map((end) => route(`${crossing}\n${rule}`, 'sx', end, { at })))
    expect(found.sort((a, b) => a.length - b.length)[0]).toBe(expected)
  })

  it('refuses a time that is none', async () => {
    await expect(build(handDrawn(crossing), { at: 'Monday' })).rejects.toMatchObject({
      code: 'GEO_GRAPH_OPTION_INVALID',
    })
  })
})

/** Two carriageways with a link between, as at a turning place: a to b eastwards, d to c westwards, b to d the link. */
const carriageways = `
  a 0 0
  b 2 0
  c 0 1
  d 2 1
  f 4 0
  g 4 1
  h 6 0.5
  a b : highway=primary oneway=yes
  b f : highway=primary oneway=yes
  g d : highway=primary oneway=yes
  d c : highway=primary oneway=yes
  b d : highway=service
  f h : highway=primary oneway=yes
  h g : highway=primary oneway=yes
  c a : highway=service
`

describe('turn restrictions over ways', () => {
  it.each([
    ['nothing', '', 'abdc'],
    ['no_u_turn over the link', 'no_u_turn 1 5 4', 'abfhgdc'],
    ['no_u_turn over two ways in the wrong order', 'no_u_turn 2 7,6 3', 'abdc'],
    ['one that begins elsewhere', 'no_u_turn 3 5 2', 'abdc'],
    ['only_straight_on over the way', 'only_straight_on 1 2 6', 'abdc'],
    ['only_* over the link back to where it came from', 'only_left_turn 1 5 4', 'abdc'],
  ])('%s', async (_, restriction, expected) => {
    expect(await route(`${carriageways}\n${restriction}`.trim(), 'ab', 'dc')).toBe(expected)
  })

  it('does not bind those who come from elsewhere, or start on its way', async () => {
    const text = `${carriageways}\nno_u_turn 1 5 4`
    expect(await route(text, 'bd', 'dc')).toBe('bdc')
    expect(await route(text, 'bf', 'dc')).toBe('bfhgdc')
  })

  it('binds every way of several, in the order given or the other', async () => {
    const around = (via: string) => route(`${carriageways}\nno_u_turn 1 5 4\nno_u_turn 1 ${via} 4`, 'ab', 'dc')
    expect(await around('2,6,7,3')).toBe('abfhgdbfhgdc')
    expect(await around('3,7,6,2')).toBe(await around('2,6,7,3'))
  })
})

describe('places without another way out', () => {
  it('lets one turn round at a dead end, and nowhere else', async () => {
    const text =
      'a 0 0\nb 1 0\nc 2 0\nd 1 1\na b : highway=residential\nb c : highway=residential\nb d : highway=residential'
    expect(await route(text, 'ab', 'ba')).toMatch(/^ab[cd]ba$/)
    expect(await route(text, 'bc', 'cb')).toBe('bcb')
    expect(await route(`${text}\nno_u_turn 2 c 2`, 'bc', 'cb')).toBe('none')
  })

  it('takes 10 seconds for it, and for turns what their angle costs', async () => {
    const items = handDrawn(`${crossing}\nd 0 -2\ns d : highway=residential`)
    const graph = await build(items)
    const lines = edgeLines(graph, items)
    const { turns } = graph
    const cost = (from: string, to: string): number | undefined => {
      const state = lines.indexOf(from)
      for (let arc = turns!.first[state]!; arc < turns!.first[state + 1]!; arc++)
        if (lines[turns!.edges[turns!.heads[arc]!]!] === to) return turns!.costs[arc]
      return undefined
    }
    expect([cost('sx', 'xn'), cost('sx', 'xe'), cost('we', 'es'), cost('ds', 'sx')]).toEqual([0, 4_000, undefined, 0])
    expect([cost('ne', 'es'), cost('sd', 'ds'), cost('sx', 'xs')]).toEqual([4_000, 10_000, undefined])
  })

  it('names islands and one-way traps by component', async () => {
    const items = handDrawn(`
      a 0 0
      b 1 0
      c 1 1
      t 3 0
      k 9 9
      l 9 8
      d 0 1
      a b c d a : highway=residential
      a c : highway=residential
      b t : highway=residential oneway=yes
      k l : highway=residential`)
    const graph = await build(items)
    const lines = edgeLines(graph, items)
    const component = (line: string): number =>
      graph.edges.components[lines.findIndex((found) => found.startsWith(line))]!
    expect([component('bc'), component('bt'), component('kl'), component('lk')]).toEqual([0, -1, 1, 1])
    const walk = await build(items, { profile: profiles.foot })
    expect([...walk.edges.components.toSorted()]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    const ride = await build(items, { profile: profiles.bike })
    expect([...ride.edges.components.toSorted()]).toEqual([-1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
  })
})

describe('roads that may not be passed through', () => {
  const text = `
    a 0 0
    b 1 0
    c 2 0
    d 3 0
    e 1 2
    f 2 2
    a b : highway=residential
    b c : highway=residential access=private
    c d : highway=residential
    b e f c : highway=residential`
  it('are no short cut, but a start and an end', async () => {
    expect(await route(text, 'ab', 'cd')).toBe('abefcd')
    expect(await route(text, 'ab', 'bc')).toBe('abc')
    expect(await route(text, 'bc', 'cd')).toBe('bcd')
  })

  it('are in the components of what surrounds them', async () => {
    const graph = await build(handDrawn(text))
    expect(new Set(graph.edges.components)).toEqual(new Set([0]))
    expect(graph.roads.flags.filter((flags) => (flags & roadFlags.noThrough) !== 0)).toHaveLength(1)
  })

  it('hide no streets behind them, and those are no short cut either', async () => {
    const estate = `
      a 0 0
      b 1 0
      c 2 0
      d 3 0
      g 1 1
      h 2 1
      z 1 -9
      y 2 -9
      a b : highway=residential
      b g : highway=service access=private
      g h : highway=residential
      h c : highway=service access=private
      c d : highway=residential
      b z y c : highway=residential`
    expect(await route(estate, 'ab', 'gh')).toBe('abgh')
    expect(await route(estate, 'gh', 'cd')).toBe('ghcd')
    expect(await route(estate, 'ab', 'cd')).toBe('abzycd')
    const graph = await build(handDrawn(estate))
    expect(graph.roads.flags.filter((flags) => (flags & roadFlags.noThrough) !== 0)).toHaveLength(2)
  })
})

describe('barriers, ferries, limits', () => {
  it('passes no bollard, but walks around it', async () => {
    const text = (tags: string) => `
      a 0 0
      b 1 0 ${tags}
      c 2 0
      a b c : highway=residential`
    expect(await route(text(''), 'ab', 'bc')).toBe('abc')
    expect(await route(text('barrier=gate'), 'ab', 'bc')).toBe('abc')
    expect(await route(text('barrier=bollard'), 'ab', 'bc')).toBe('none')
    const walk = await build(handDrawn(text('barrier=bollard')), { profile: profiles.foot })
    expect(walk.edges.weights).toHaveLength(2)
    const ride = await build(handDrawn(text('barrier=fence')), { profile: profiles.bike })
    expect([ride.nodes.longitudes.length, ride.edges.weights.length]).toEqual([4, 4])
  })

  it('takes as long for a ferry as it says', async () => {
    const graph = await build(handDrawn('a 0 0\nb 50 0\nc 90 9\na b c : route=ferry duration=01:30'))
    expect(graph.edges.weights[0]! / 1_000).toBeCloseTo(5_400, 0)
  })

  it('keeps a lorry from low bridges, not a car', async () => {
    const text = 'a 0 0\nb 1 0\nc 2 0\na b : highway=primary\nb c : highway=primary maxheight=3.5'
    expect(await route(text, 'ab', 'bc')).toBe('abc')
    expect(await route(text, 'ab', 'bc', { profile: profiles.truck })).toBe('no such edge')
  })
})

describe('roads', () => {
  it('are joined where only the way changes, not what is known of it', async () => {
    const items = handDrawn(`
      a 0 0
      b 1 0
      c 2 0
      d 3 0
      e 4 0
      f 5 0
      a b : highway=residential name=Landstrasse
      c b : highway=residential name=Landstrasse
      c d : highway=residential name=Feldweg
      d e : highway=residential name=Feldweg maxspeed=30
      e f : highway=residential name=Feldweg maxspeed=30 ref=B~4`)
    const graph = await build(items)
    const lines = edgeLines(graph, items)
    expect([...lines].sort()).toEqual(['abc', 'cba', 'cd', 'dc', 'de', 'ed', 'ef', 'fe'])
    expect(lines.map((_, edge) => nameOf(graph, edge)).sort()).toEqual([
      ...Array(6).fill('Feldweg'),
      'Landstrasse',
      'Landstrasse',
    ])
    const abc = lines.indexOf('abc')
    expect(graph.roads.lengths[graph.edges.roads[abc]! >> 1]! / 100).toBeCloseTo(200, -1)
    expect(graph.edges.weights[abc]! / 1_000).toBeCloseTo((200 / 28) * 3.6, 0)
  })

  it('keeps rings, parallel roads, and roads without length', async () => {
    const items = handDrawn(`
      a 0 0
      b 1 0
      c 0.5 1
      d 0.5 -1
      e 1 0
      f 0 3
      a f : highway=residential
      a c b : highway=residential
      a d b : highway=residential
      b e : highway=residential
      e e : highway=residential`)
    const graph = await build(items)
    expect(graph.roads.lengths).toHaveLength(4)
    expect(Math.min(...graph.edges.weights)).toBe(0)
    const ring = await build(
      handDrawn('a 0 0\nb 1 0\nc 0 1\na b : highway=residential\nb c : highway=residential\nc a : highway=residential'),
    )
    expect([ring.roads.lengths.length, ring.nodes.longitudes.length]).toEqual([1, 1])
    expect(stateGraph(ring).heads).toHaveLength(0)
  })

  it('end where the data ends, and say so', async () => {
    const items = handDrawn(
      'a 0 0\nb 1 0\nc 2 0\nd 3 0\nx 9 9\na b y c d : highway=residential\ny z : highway=residential',
    )
    const graph = await build(items)
    expect(edgeLines(graph, items).sort()).toEqual(['ab', 'ba', 'cd', 'dc'])
    expect(graph.report.missingNodes).toBe(2)
  })
})

describe('buildGraph', () => {
  it('takes items in any order and any number of blocks', async () => {
    const items = handDrawn(`${crossing}\nno_left_turn 1 x 4`)
    const { nodes, ways, relations } = items
    const none = { nodes: [], ways: [], relations: [] }
    const parts = [
      { ...none, relations },
      { ...none, ways: [...ways] },
      ...nodes.toReversed().map((node) => ({ ...none, nodes: [node] })),
    ]
    const whole = await build(items)
    expect(await buildGraph(parts.map(blockOf), { profile: profiles.car })).toEqual(whole)
  })

  it.each<[string, (id: number) => number]>([
    ['ids in no order', (id) => (id * 7) % 101],
    ['negative ids, as JOSM gives what it has not uploaded yet', (id) => -id],
    ['ids beyond 2^32', (id) => 2 ** 32 + id * 3],
    ['ids that differ by 2^32 only', (id) => id * 2 ** 32 + 5],
    ['ids of both signs', (id) => (id % 2 === 0 ? id : -id - 2 ** 40)],
  ])('takes a PBF file with %s', async (_, renumber) => {
    const items = handDrawn(`${crossing}\nno_left_turn 1 x 4`)
    const others: OsmItems = {
      nodes: items.nodes.map((node) => ({ ...node, id: renumber(node.id) })),
      ways: items.ways.map((way) => ({ ...way, id: renumber(way.id), nodes: way.nodes.map(renumber) })).toReversed(),
      relations: items.relations.map(({ id, members, tags }) => ({
        ...{ id: renumber(id), tags },
        members: members.map((member) => ({ ...member, id: renumber(member.id) })),
      })),
    }
    for (const dense of [true, false]) {
      const graph = await buildGraph(readOsm(writePbf(others, { dense })), { profile: profiles.car })
      expect(graph.report).toMatchObject({ missingNodes: 0, restrictions: { applied: 1, unusable: [] } })
      expect(edgeLines(graph, items).sort()).toEqual(edgeLines(await build(items), items).sort())
      expect(routeOf(graph, items, 'sx', 'nw')).toBe('sxnw')
    }
  })

  it('tells how far it is, and ends with the signal', async () => {
    const items = handDrawn(crossing)
    const seen: BuildProgress[] = []
    await build(items, { onProgress: (progress) => seen.push(progress) })
    expect(seen).toEqual(['read', 'roads', 'turns'].map((phase) => ({ phase, nodes: 5, ways: 8 })))
    await expect(build(items, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  it('refuses data without roads, and a profile that is wrong', async () => {
    await expect(build(handDrawn('a 0 0\nb 1 0\na b : building=yes'))).rejects.toMatchObject({
      code: 'GEO_GRAPH_EMPTY',
    })
    await expect(buildGraph([], { profile: profiles.foot })).rejects.toMatchObject({ code: 'GEO_GRAPH_EMPTY' })
    await expect(buildGraph([], { profile: { ...profiles.foot, topSpeed: -1 } })).rejects.toMatchObject({
      code: 'GEO_PROFILE_INVALID',
    })
  })

  it('keeps attribution', async () => {
    expect((await build(handDrawn(crossing))).attribution).toBe('© OpenStreetMap contributors')
    expect((await build(handDrawn(crossing), { attribution: '© A town' })).attribution).toBe('© A town')
  })
})

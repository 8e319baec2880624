import { randomBelow, randomItem, type Random } from '@exprsn/core'
import type { Member } from '../../src/osm/index.ts'
import type { ItemNode, ItemRelation, ItemWay, OsmItems, Tags } from '../osm/osm-items.ts'

type Draft<Item> = { -readonly [Key in keyof Item]: Item[Key] }

/** A network drawn by chance, with every kind of trouble in it. */
export interface DrawnRoads {
  readonly items: OsmItems
  /** How often each kind of trouble was put in. */
  readonly troubles: Record<string, number>
}

const spacing = 15_000

/** Draws a crooked grid of ways, most from junction to junction, and restrictions between those. */
export function drawRoads(random: Random): DrawnRoads {
  const drawing = new Drawing(random)
  drawing.drawGrid(3 + randomBelow(random, 3), 3 + randomBelow(random, 3))
  drawing.addDeadEnds()
  drawing.addLoop()
  drawing.addThroughWay()
  drawing.addBarriers()
  addRestrictions(drawing.items, random, { count: 2 + randomBelow(random, 8), troubles: drawing.troubles })
  return drawing
}

class Drawing implements DrawnRoads {
  readonly items = { nodes: [] as Draft<ItemNode>[], ways: [] as Draft<ItemWay>[], relations: [] as ItemRelation[] }
  readonly troubles: Record<string, number> = {}
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  drawGrid(columns: number, rows: number): void {
    const node = (column: number, row: number): number => row * columns + column + 1
    for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) this.#addNode(column, row)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        if (column + 1 < columns) this.#addRoad(node(column, row), node(column + 1, row))
        if (row + 1 < rows) this.#addRoad(node(column, row), node(column, row + 1))
      }
  }

  addDeadEnds(): void {
    for (let count = this.#below(3); count > 0; count--) {
      const [x, y] = [this.#below(5) + 0.5, this.#below(5) + 0.5]
      this.#addWay([this.#anyEnd(), this.#addNode(x, y)])
      this.#count('dead-end')
    }
  }

  addLoop(): void {
    if (this.#below(3) > 0) return
    const end = this.#anyEnd()
    this.#addWay([end, this.#addNode(this.#below(4) + 0.3, 4.3), this.#addNode(this.#below(4) + 0.6, 4.6), end])
    this.#count('loop')
  }

  /** A way that passes junctions; restrictions leave it alone. */
  addThroughWay(): void {
    const ends = new Set([this.#anyEnd(), this.#anyEnd(), this.#anyEnd()])
    if (ends.size === 3) this.#addWay([...ends], [['through', 'yes']])
  }

  addBarriers(): void {
    for (const node of this.items.nodes) {
      const chance = this.#below(30)
      if (chance === 0) node.tags = [['barrier', randomItem(this.#random, ['bollard', 'fence'])]]
      else if (chance === 1) node.tags = [['highway', 'traffic_signals']]
      else if (chance === 2) node.tags = [['barrier', 'gate']]
      if (chance === 0) this.#count('barrier')
      else if (chance < 3) this.#count('delay')
    }
  }

  #addRoad(from: number, to: number): void {
    if (this.#below(7) === 0) return
    const between = Array.from({ length: this.#below(3) }, () => this.#between(from, to))
    const line = this.#below(2) === 0 ? [from, ...between, to] : [to, ...between.toReversed(), from]
    // Some roads are two ways one after the other, alike or not.
    if (between.length === 0 || this.#below(3) > 0) return this.#addWay(line)
    const tags = this.#tags()
    this.#addEitherWay(line.slice(0, 2), tags)
    this.#addEitherWay(line.slice(1), this.#below(3) > 0 ? tags : this.#tags())
    this.#count('two-ways')
  }

  /** As it is, or drawn from the other end: that makes no difference, unless its one way is not turned with it. */
  #addEitherWay(nodes: number[], tags: Tags): void {
    const chance = this.#below(6)
    if (chance < 2) return this.#addWay(nodes, [], tags)
    if (chance === 2) return this.#addWay(nodes.toReversed(), [], tags)
    const turned = tags.map(
      ([key, value]) => [key, key === 'oneway' ? (value === 'yes' ? '-1' : 'yes') : value] as const,
    )
    this.#addWay(nodes.toReversed(), [], turned)
  }

  #addWay(nodes: number[], more: Tags = [], tags: Tags = this.#tags()): void {
    this.items.ways.push({ id: this.items.ways.length + 101, nodes, tags: [...tags, ...more] })
  }

  #tags(): Tags {
    const tags: [string, string][] = [['highway', randomItem(this.#random, ['residential', 'secondary', 'service'])]]
    if (this.#below(4) === 0) {
      tags.push(['oneway', randomItem(this.#random, ['yes', '-1'])])
      this.#count('one-way')
    }
    if (this.#below(8) === 0) {
      tags.push(['access', randomItem(this.#random, ['private', 'destination'])])
      this.#count('no-through')
    }
    if (this.#below(5) === 0) tags.push(['maxspeed', randomItem(this.#random, ['30', '50'])])
    return tags
  }

  #addNode(x: number, y: number): number {
    const jitter = (): number => this.#below(6_001) - 3_000
    const longitude = 95_000_000 + Math.round(x * spacing) + jitter()
    const latitude = 471_000_000 + Math.round(y * spacing * 0.68) + jitter()
    return this.items.nodes.push({ id: this.items.nodes.length + 1, longitude, latitude, tags: [] })
  }

  #between(from: number, to: number): number {
    const [a, b] = [this.items.nodes[from - 1]!, this.items.nodes[to - 1]!]
    const x = ((a.longitude + b.longitude) / 2 - 95_000_000) / spacing
    return this.#addNode(x, ((a.latitude + b.latitude) / 2 - 471_000_000) / (spacing * 0.68))
  }

  #anyEnd(): number {
    const way = randomItem(this.#random, this.items.ways)
    return way.nodes[0]!
  }

  #below(bound: number): number {
    return randomBelow(this.#random, bound)
  }

  #count(trouble: string): void {
    this.troubles[trouble] = (this.troubles[trouble] ?? 0) + 1
  }
}

/** How restrictions are drawn. */
export interface AddRestrictionsOptions {
  readonly count: number
  readonly troubles?: Record<string, number> | undefined
}

/** Adds restrictions along walks over ways that begin and end at junctions and pass none. */
export function addRestrictions(
  items: { readonly ways: readonly ItemWay[]; readonly relations: ItemRelation[] },
  random: Random,
  { count, troubles = {} }: AddRestrictionsOptions,
): void {
  const whole = wholeWays(items.ways)
  const byEnd = new Map<number, ItemWay[]>()
  for (const way of whole)
    for (const end of [way.nodes[0]!, way.nodes.at(-1)!]) byEnd.set(end, [...(byEnd.get(end) ?? []), way])
  for (let tries = 0, drawn = 0; drawn < count && tries < count * 20; tries++) {
    const walk = drawWalk(randomItem(random, whole), byEnd, random)
    if (walk === undefined) continue
    add(walk)
    const inner = walk.slice(1, 2 + randomBelow(random, walk.length))
    if (randomBelow(random, 2) === 0 && inner.length > 1) add(inner)
    const other = inner.slice(0, -1).concat(randomItem(random, byEnd.get(endOf(inner))!))
    if (randomBelow(random, 2) === 0 && new Set(other).size > 1) add([...new Set(other)])
    drawn++
  }

  function add(ways: readonly ItemWay[]): void {
    // Ways that meet at both their ends would leave open where one goes over from one to the other.
    if (ways.some((way, at) => at > 0 && endsOf(way).filter((end) => endsOf(ways[at - 1]!).includes(end)).length !== 1))
      return
    const kind = randomBelow(random, 3) === 0 ? 'only_straight_on' : 'no_left_turn'
    const members: Member[] = ways.map((way, at) => {
      const role = at === 0 ? 'from' : at === ways.length - 1 ? 'to' : 'via'
      return { type: 'way', id: way.id, role }
    })
    const via = ways[0]!.nodes.find((node) => ways[1]!.nodes.includes(node))!
    if (ways.length === 2) members.push({ type: 'node', id: via, role: 'via' })
    items.relations.push({
      id: items.relations.length + 1,
      members,
      tags: [
        ['type', 'restriction'],
        ['restriction', kind],
      ],
    })
    const trouble = `${kind.startsWith('no') ? 'no' : 'only'}/${ways.length === 2 ? 'node' : `${ways.length - 2} ways`}`
    troubles[trouble] = (troubles[trouble] ?? 0) + 1
  }
}

function endsOf({ nodes }: ItemWay): readonly number[] {
  return [nodes[0]!, nodes.at(-1)!]
}

/** Where the way before the last is left for the last. */
function endOf(ways: readonly ItemWay[]): number {
  const [before, last] = [ways.at(-2) ?? ways[0]!, ways.at(-1)!]
  return before.nodes.find((node) => last.nodes.includes(node))!
}

function drawWalk(start: ItemWay, byEnd: ReadonlyMap<number, ItemWay[]>, random: Random): ItemWay[] | undefined {
  const ways = [start]
  let node = randomBelow(random, 2) === 0 ? start.nodes[0]! : start.nodes.at(-1)!
  for (let more = [1, 1, 1, 2, 2, 3, 4][randomBelow(random, 7)]!; more > 0; more--) {
    const next = (byEnd.get(node) ?? []).filter((way) => !ways.includes(way))
    if (next.length === 0) return undefined
    const way = randomItem(random, next)
    ways.push(way)
    node = way.nodes[0] === node ? way.nodes.at(-1)! : way.nodes[0]!
  }
  return ways
}

/** Ways that neither are rings nor pass a node of another way. */
function wholeWays(ways: readonly ItemWay[]): ItemWay[] {
  const uses = new Map<number, number>()
  for (const { nodes } of ways) for (const node of nodes) uses.set(node, (uses.get(node) ?? 0) + 1)
  return ways.filter(
    ({ nodes }) => nodes[0] !== nodes.at(-1) && nodes.slice(1, -1).every((node) => uses.get(node) === 1),
  )
}
